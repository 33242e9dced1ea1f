import { openPalette } from "./find";
import { word } from "./words";

const storage = "standin.keys";

/** keys are all shortcuts: what is pressed, what it does. WCAG 2.1.4: they are dead inside fields and can be switched off. */
const keys: [string, string, () => void][] = [
  ["/", word("search"), () => focus("#q")],
  ["t", word("try"), () => press("[data-try]")],
  ["c", word("take"), () => press("[data-panel] .copy")],
  ["[", word("prev"), () => press("[rel=prev]")],
  ["]", word("next"), () => press("[rel=next]")],
  ["e", word("tree"), toggleTree],
  ["g h", word("home"), () => go("")],
  ["g c", word("log"), () => go("changes")],
  ["g j", word("calls"), () => go("journal")],
  ["?", word("help"), showHelp],
];

/** listenToKeys acts on shortcuts. */
export function listenToKeys(): void {
  let before = "";
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      event.preventDefault();
      if (!document.querySelector("dialog.palette")) openPalette();
      return;
    }
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || off() || target.closest("input, textarea, select, [contenteditable]")) return;
    const chord = before ? `${before} ${event.key}` : event.key;
    const found = keys.find(([key]) => key === chord);
    before = !found && event.key === "g" ? "g" : "";
    if (found) {
      event.preventDefault();
      found[2]();
    }
  });
}

function off(): boolean {
  try {
    return localStorage.getItem(storage) === "off";
  } catch {
    return false;
  }
}

function focus(selector: string): void {
  const field = document.querySelector<HTMLInputElement>(selector);
  field?.focus();
  field?.select();
}

const press = (selector: string): void => document.querySelector<HTMLElement>(selector)?.click();

function go(page: string): void {
  const home = new URL(document.body.dataset.root ?? "/", location.href);
  if (document.body.hasAttribute("data-static")) location.href = new URL(page ? page + ".html" : "", home).href;
  else {
    home.pathname += page;
    location.href = home.href;
  }
}

function toggleTree(): void {
  const all = [...document.querySelectorAll<HTMLDetailsElement>(".tree details, details.status")];
  const open = all.some((d) => !d.open);
  for (const d of all) d.open = open;
}

function showHelp(): void {
  const dialog = document.createElement("dialog");
  dialog.className = "help";
  dialog.setAttribute("aria-label", word("keys"));
  const list = document.createElement("dl");
  for (const [key, does] of keys) {
    const dt = document.createElement("dt");
    const kbd = document.createElement("kbd");
    kbd.textContent = key;
    dt.append(kbd);
    const dd = document.createElement("dd");
    dd.textContent = does;
    list.append(dt, dd);
  }
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = !off();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(storage, box.checked ? "on" : "off");
    } catch {
      // Storage is blocked: shortcuts stay on.
    }
  });
  label.append(box, " ", word("on"));
  const close = document.createElement("button");
  close.textContent = word("close");
  close.addEventListener("click", () => dialog.close());
  dialog.append(list, label, " ", close);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
