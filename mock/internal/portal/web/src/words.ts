// The words of the script, which the page brings along in the reader's language.
const words: Record<string, string> = JSON.parse(document.body.dataset.words ?? "{}");

/** word gives the words for a key; the page's table has them under js.KEY. */
export const word = (key: string): string => words[key] ?? key;
