// Runs before the first paint: the reader's choice of light or dark, if there is one. CSS light-dark() does the rest.
try {
  const theme = localStorage.getItem("standin.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's choice holds.
}
