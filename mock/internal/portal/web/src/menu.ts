/** openMenu opens the navigation where it is always shown, so that those who do not see it find it open, too. */
export function openMenu(): void {
  const wide = matchMedia("(min-width: 60rem)");
  const fit = (): void => {
    const menu = document.querySelector<HTMLDetailsElement>("details.menu");
    if (menu && wide.matches) menu.open = true;
  };
  wide.addEventListener("change", fit);
  fit();
}
