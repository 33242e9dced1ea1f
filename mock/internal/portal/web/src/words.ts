// The words of the script, in the page's language.
const zh = document.documentElement.lang.startsWith("zh");

/** word chooses between the English and the Chinese words. */
export const word = (english: string, chinese: string): string => (zh ? chinese : english);
