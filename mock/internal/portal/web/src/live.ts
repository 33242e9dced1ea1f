import { word } from "./words";

const every = 2000;

/** keepLive fetches a page that changes by itself again and again, while it is looked at, and swaps the part that is marked so. */
export function keepLive(): void {
  const mark = document.querySelector<HTMLElement>("[data-live]");
  if (!mark) return;
  const sign = document.createElement("span");
  sign.className = "live";
  sign.textContent = word("live");
  document.querySelector("[data-refresh]")?.after(" ", sign);
  let shown = mark.innerHTML;
  let timer = 0;
  const later = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void look(), every);
  };
  const look = async (): Promise<void> => {
    if (document.visibilityState !== "visible") return; // begins again when it is looked at
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector<HTMLElement>("[data-live]");
      sign.classList.toggle("away", !fresh);
      if (fresh && fresh.innerHTML !== shown) {
        shown = fresh.innerHTML;
        swap(mark, fresh);
      }
    } catch {
      sign.classList.add("away");
    }
    later();
  };
  document.addEventListener("visibilitychange", () => void look());
  later();
}

/** swap puts fresh rows in the place of old ones, marks the new, and leaves the focus where it was. */
function swap(mark: HTMLElement, fresh: HTMLElement): void {
  const focused = mark.contains(document.activeElement) ? document.activeElement!.getAttribute("href") : null;
  const known = new Set([...mark.querySelectorAll("td:first-child a")].map((a) => a.getAttribute("href")));
  mark.replaceChildren(...[...fresh.childNodes].map((n) => document.importNode(n, true)));
  for (const link of mark.querySelectorAll<HTMLElement>("td:first-child a")) {
    if (!known.has(link.getAttribute("href"))) link.closest("tr")!.classList.add("fresh");
    if (focused && link.getAttribute("href") === focused) link.focus();
  }
}
