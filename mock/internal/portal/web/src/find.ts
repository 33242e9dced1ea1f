import { word } from "./words";

/** Found is one thing of the search index; url leads there from the page's own place. */
interface Found {
  kind: string;
  title: string;
  url: string;
  method?: string;
  where?: string;
  text?: string;
  titleZh?: string;
  textZh?: string;
}

const inChinese = document.documentElement.lang.startsWith("zh");

const titleOf = (one: Found): string => (inChinese && one.titleZh) || one.title;
const textOf = (one: Found): string => (inChinese && one.textZh) || (one.text ?? "");

/** pairs tells whether most neighbours of a Chinese word stand in a text: words stand in it without blanks. */
function pairs(text: string, word: string): boolean {
  if (word.length < 3 || !/^\p{Script=Han}/u.test(word)) return false;
  let found = 0;
  for (let i = 0; i + 1 < word.length; i++) if (text.includes(word.slice(i, i + 2))) found++;
  return found * 10 >= (word.length - 1) * 6;
}

const most = 12;
let index: Promise<Found[]> | undefined;

const isStatic = (): boolean => document.body.hasAttribute("data-static");

/** load fetches the index once. In a copy made of files its links are relative to the index. */
function load(): Promise<Found[]> {
  const at = new URL(document.body.dataset.index!, location.href);
  index ??= fetch(at)
    .then((answer) => answer.json() as Promise<Found[]>)
    .then((list) => list.map((one) => ({ ...one, url: new URL(one.url, at).href })));
  return index;
}

/** score tells how well a thing fits all words, 0 for not at all; names weigh most, texts least. */
export function score(one: Found, words: string[]): number {
  const title = one.title.toLowerCase();
  const texts = `${one.text ?? ""}\n${one.titleZh ?? ""}\n${one.textZh ?? ""}`.toLowerCase();
  let sum = one.kind === "operations" ? 3 : 0;
  for (const w of words) {
    if (title === w) sum += 60;
    else if (title.startsWith(w)) sum += 40;
    else if (title.includes(w)) sum += 25;
    else if (one.where?.toLowerCase().includes(w)) sum += 16;
    else if (texts.includes(w)) sum += 6;
    else if (pairs(texts, w)) sum += 3;
    else return 0;
  }
  return sum;
}

async function find(query: string, limit: number): Promise<Found[]> {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const scored = (await load()).map((one) => ({ one, n: score(one, words) })).filter((s) => s.n > 0);
  return scored.sort((a, b) => b.n - a.n).slice(0, limit).map((s) => s.one);
}

/** linkTo shows one thing as a link to it. */
function linkTo(one: Found): HTMLAnchorElement {
  const link = document.createElement("a");
  link.href = one.url;
  if (one.method) {
    const method = document.createElement("b");
    method.className = "m " + one.method.toLowerCase();
    method.textContent = one.method;
    link.append(method, " ");
  }
  const title = document.createElement("strong");
  title.textContent = titleOf(one);
  link.append(title);
  return link;
}

/** searchStatic answers the search form of a copy that is made of files. */
export function searchStatic(): void {
  const at = document.querySelector<HTMLElement>("[data-find]");
  const query = new URLSearchParams(location.search).get("q") ?? "";
  const field = document.querySelector<HTMLInputElement>("#q");
  if (!at || !isStatic()) return;
  if (field) field.value = query;
  void find(query, 60).then((list) => {
    const items = document.createElement("ul");
    items.className = "items";
    for (const one of list) {
      const item = document.createElement("li");
      item.append(linkTo(one));
      if (textOf(one)) {
        const note = document.createElement("p");
        note.textContent = textOf(one);
        item.append(note);
      }
      items.append(item);
    }
    if (list.length) at.replaceChildren(items);
    else if (query) at.replaceChildren(word("nothing"));
  });
}

/** openPalette opens a search as one types: a combobox with a list (WAI-ARIA 1.2), chosen from by arrows and Enter. */
export function openPalette(): void {
  const dialog = document.createElement("dialog");
  dialog.className = "palette";
  dialog.setAttribute("aria-label", word("search"));
  const field = document.createElement("input");
  field.type = "search";
  field.placeholder = word("search");
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", "found"], ["aria-autocomplete", "list"], ["aria-label", word("search")]]) {
    field.setAttribute(name!, value!);
  }
  const list = document.createElement("ul");
  list.id = "found";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", word("search"));
  dialog.append(field, list);
  document.body.append(dialog);
  let at = 0;
  const options = (): HTMLElement[] => [...list.children] as HTMLElement[];
  const choose = (n: number): void => {
    const all = options();
    at = all.length ? (n + all.length) % all.length : 0;
    all.forEach((o, i) => o.setAttribute("aria-selected", String(i === at)));
    if (all[at]) field.setAttribute("aria-activedescendant", all[at].id);
    else field.removeAttribute("aria-activedescendant");
    all[at]?.scrollIntoView({ block: "nearest" });
  };
  field.addEventListener("input", async () => {
    const asked = field.value;
    const found = await find(asked, most);
    if (asked !== field.value) return; // typing went on
    list.replaceChildren(
      ...found.map((one, i) => {
        const option = document.createElement("li");
        option.id = "found-" + i;
        option.setAttribute("role", "option");
        const link = linkTo(one);
        link.tabIndex = -1;
        option.append(link);
        return option;
      }),
    );
    field.setAttribute("aria-expanded", String(found.length > 0));
    choose(0);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const link = options()[at]?.querySelector("a");
      if (link) location.href = link.href;
      else location.href = searchPage(field.value);
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}

/** searchPage is the page with everything that fits. */
function searchPage(query: string): string {
  const form = document.querySelector<HTMLFormElement>("form.find")!;
  const to = new URL(form.action);
  to.searchParams.set("q", query);
  return to.href;
}
