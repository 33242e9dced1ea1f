import { word } from "./words";

/** Held is a credential with the form that gives it back. */
interface Held {
  value: string;
  form: string;
}

const root = new URL(document.body.dataset.root ?? "/", location.href).pathname;

/** stored is what sessionStorage holds for this portal under a name. */
export function stored<T>(name: string, otherwise: T): T {
  try {
    return JSON.parse(sessionStorage.getItem(`standin.${name} ${root}`) ?? "null") ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** store keeps a value as long as the tab is open. */
export function store(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(`standin.${name} ${root}`, JSON.stringify(value));
  } catch {
    // Storage is blocked or full: this page alone remembers.
  }
}

/** place is where the credentials of a form's host are: those of real hosts are apart from the mock's. */
const place = (form: HTMLFormElement): string => "secrets" + (form.querySelector<HTMLSelectElement>("[name=host]")?.value ?? "");

/** keepSecrets remembers the credentials of a form; empty ones are forgotten if anew. */
export function keepSecrets(form: HTMLFormElement, anew = false): void {
  const held = stored<Record<string, Held>>(place(form), {});
  for (const field of form.querySelectorAll<HTMLInputElement>("[data-secret]")) {
    if (field.value) held[field.dataset.secret!] = { value: field.value, form: form.action };
    else if (anew || document.activeElement === field) delete held[field.dataset.secret!];
  }
  store(place(form), held);
}

/** fillSecrets puts remembered credentials into a form, and says so in place of its login. */
export function fillSecrets(form: HTMLFormElement): void {
  const held = stored<Record<string, Held>>(place(form), {});
  for (const field of form.querySelectorAll<HTMLInputElement>("[data-secret]")) {
    const known = held[field.dataset.secret!];
    if (known && !field.value) field.value = known.value;
  }
  const login = form.querySelector<HTMLElement>("[data-login]");
  if (login && held[login.dataset.login!] && !login.querySelector(".in")) {
    const line = document.createElement("p");
    line.className = "in";
    const badge = document.createElement("span");
    badge.className = "badge kept";
    badge.textContent = word("signedin");
    const out = document.createElement("button");
    out.name = "do";
    out.value = "logout";
    out.textContent = word("signout");
    line.append(badge, " ", out);
    login.replaceChildren(line);
  }
}

/** showSession tells in the header of every page that a credential is held. */
export function showSession(): void {
  document.querySelector(".session")?.remove();
  const held = Object.values(stored<Record<string, Held>>("secrets", {}));
  const first = held[0];
  if (!first) return;
  const at = document.createElement("p");
  at.className = "session";
  const badge = document.createElement("span");
  badge.className = "badge kept";
  badge.textContent = word("signedin");
  const out = document.createElement("button");
  out.type = "button";
  out.dataset.signout = first.form;
  out.textContent = word("signout");
  at.append(badge, out);
  document.querySelector("header.top")?.append(at);
}

/** watchSignOut ends the session from any page: the mock is told, and nothing is kept. */
export function watchSignOut(then: () => Promise<void>): void {
  document.addEventListener("click", async (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-signout]");
    if (!button) return;
    const body = new FormData();
    body.set("do", "logout");
    for (const [scheme, held] of Object.entries(stored<Record<string, Held>>("secrets", {}))) body.set("secret:" + scheme, held.value);
    store("secrets", {});
    for (const field of document.querySelectorAll<HTMLInputElement>("[data-secret]")) field.value = "";
    showSession();
    try {
      await fetch(button.dataset.signout!, { method: "POST", body });
    } catch {
      // The mock is gone: so is its session.
    }
    await then();
  });
}
