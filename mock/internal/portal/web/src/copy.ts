import { word } from "./words";

/** addCopyButtons puts a button beside everything that a reader may want to take along. */
export function addCopyButtons(): void {
  if (!navigator.clipboard) return;
  for (const at of document.querySelectorAll<HTMLElement>("[data-copy]")) {
    at.after(" ", button(() => at.textContent ?? "", at.textContent ?? ""));
  }
  for (const pre of document.querySelectorAll<HTMLElement>(".panel > pre")) {
    const b = button(() => pre.textContent ?? "", word("code"));
    b.classList.add("over");
    pre.before(b);
  }
}

function button(text: () => string, what: string): HTMLButtonElement {
  const b = document.createElement("button");
  const name = word("copy");
  b.type = "button";
  b.className = "copy";
  b.textContent = name;
  b.setAttribute("aria-label", `${name}: ${what.slice(0, 60)}`);
  b.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text());
    b.textContent = word("copied");
    setTimeout(() => (b.textContent = name), 1500);
  });
  return b;
}
