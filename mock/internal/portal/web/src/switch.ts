import { word } from "./words";

const themes = ["auto", "light", "dark"] as const;
type Theme = (typeof themes)[number];

/** addThemeSwitch puts a choice between light, dark and the system's own into the header. */
export function addThemeSwitch(): void {
  const names: Record<Theme, string> = { auto: word("auto"), light: word("light"), dark: word("dark") };
  const select = document.createElement("select");
  select.setAttribute("aria-label", word("theme"));
  select.className = "theme";
  for (const theme of themes) select.add(new Option(names[theme], theme));
  select.value = document.documentElement.dataset.theme ?? "auto";
  select.addEventListener("change", () => choose(select.value as Theme));
  document.querySelector("header.top")?.append(select);
}

function choose(theme: Theme): void {
  const root = document.documentElement;
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem("standin.theme");
    else localStorage.setItem("standin.theme", theme);
  } catch {
    // Storage is blocked: the choice holds for this page.
  }
}
