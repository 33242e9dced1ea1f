import { word } from "./words";

const storage = "standin.keys";

/** keys are all shortcuts: what is pressed, what it does. WCAG 2.1.4: they are dead inside fields and can be switched off. */
const keys: [string, string, () => void][] = [
  ["/", word("Search", "搜索"), () => focus("#q")],
  ["t", word("Try It Out", "在线调试"), () => press("[data-try]")],
  ["c", word("Copy the request", "复制请求"), () => press("[data-panel] .copy")],
  ["[", word("Previous operation", "上一个接口"), () => press("[rel=prev]")],
  ["]", word("Next operation", "下一个接口"), () => press("[rel=next]")],
  ["e", word("Open or close all fields", "展开或收起全部字段"), toggleTree],
  ["g h", word("Overview", "概览"), () => go("")],
  ["g c", word("Changes", "变更"), () => go("changes")],
  ["g j", word("Journal", "调用日志"), () => go("journal")],
  ["?", word("These shortcuts", "显示快捷键"), showHelp],
];

/** listenToKeys acts on shortcuts. */
export function listenToKeys(): void {
  let before = "";
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      event.preventDefault();
      focus("#q");
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
  home.pathname += page;
  location.href = home.href;
}

function toggleTree(): void {
  const all = [...document.querySelectorAll<HTMLDetailsElement>(".tree details, details.status")];
  const open = all.some((d) => !d.open);
  for (const d of all) d.open = open;
}

function showHelp(): void {
  const dialog = document.createElement("dialog");
  dialog.className = "help";
  dialog.setAttribute("aria-label", word("Keyboard shortcuts", "键盘快捷键"));
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
  label.append(box, " ", word("Shortcuts are on", "启用快捷键"));
  const close = document.createElement("button");
  close.textContent = word("Close", "关闭");
  close.addEventListener("click", () => dialog.close());
  dialog.append(list, label, " ", close);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
