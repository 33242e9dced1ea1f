import { callList, remember } from "./trycalls";
import { sendElsewhere } from "./tryhost";
import { addLanguages, showPrepared, type Prepared } from "./trysamples";
import { fillSecrets, keepSecrets, showSession, watchSignOut } from "./trysession";
import { word } from "./words";

type Pairs = [string, string][];

const mostSteps = 20;
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** tryOperations lets operations be tried where they are read. The forms come from the server, ready; what is here only swaps them. */
export function tryOperations(): void {
  const opener = document.querySelector<HTMLAnchorElement>("a[data-try]");
  if (opener) {
    opener.setAttribute("role", "button");
    opener.setAttribute("aria-expanded", "false");
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      void toggle(opener);
    });
  }
  const own = document.querySelector<HTMLElement>("[data-tryout]");
  if (own) begin(own);
  document.addEventListener("submit", (event) => void submit(event));
  document.addEventListener("input", changed);
  document.addEventListener("change", chosen);
  watchSignOut(() => reload());
  showSession();
  addEventListener("hashchange", () => void openShared());
  void openShared();
}

const panel = (): HTMLElement | null => document.querySelector("[data-tryout]");
const formOf = (at: Element): HTMLFormElement => at.querySelector("form")!;

/** flagged is a URL with one more word in its query. */
export function flagged(url: string, flag: string): string {
  return url + (url.includes("?") ? "&" : "?") + flag;
}

async function toggle(opener: HTMLAnchorElement): Promise<void> {
  const open = panel();
  if (open) {
    open.remove();
    opener.setAttribute("aria-expanded", "false");
    return;
  }
  const answer = await fetch(flagged(opener.href, "fragment"));
  const fresh = parse(await answer.text());
  if (!fresh) {
    location.href = opener.href;
    return;
  }
  opener.closest(".card")!.after(fresh);
  opener.setAttribute("aria-expanded", "true");
  begin(fresh);
  fresh.scrollIntoView({ block: "nearest" });
}

/** parse takes the form out of a page of our own. Nothing in it runs: the policy of the page allows no script but ours. */
function parse(html: string): HTMLElement | null {
  const found = new DOMParser().parseFromString(html, "text/html").querySelector<HTMLElement>("[data-tryout]");
  return found && document.importNode(found, true);
}

/** begin readies a form that has just come. */
function begin(at: HTMLElement): void {
  const form = formOf(at);
  keepSecrets(form);
  fillSecrets(form);
  const host = form.querySelector<HTMLElement>("[data-host]");
  if (host) host.hidden = false;
  const share = document.createElement("button");
  share.type = "button";
  share.textContent = word("share");
  share.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(shareURL(at));
    share.textContent = word("copied");
    setTimeout(() => (share.textContent = word("share")), 1500);
  });
  form.querySelector("[data-acts]")!.append(share);
  addLanguages(at);
  form.querySelector("[data-tryextra]")!.replaceChildren(callList());
  hostChanged(form);
  prepare(form);
}

/** inputs are the fields of a form without credentials and files. */
function inputs(form: HTMLFormElement): Pairs {
  const out: Pairs = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !/^(secret:|login:|follow$|do$)/.test(name)) out.push([name, value]);
  }
  return out;
}

function shareURL(at: HTMLElement): string {
  const bytes = new TextEncoder().encode(JSON.stringify(inputs(formOf(at))));
  let text = "";
  for (const b of bytes) text += String.fromCharCode(b);
  const url = new URL(at.dataset.op!, location.href);
  url.hash = "try=" + btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return url.href;
}

/** openShared fills the form from a link, and never sends it. */
async function openShared(): Promise<void> {
  if (!location.hash.startsWith("#try=")) return;
  let pairs: Pairs;
  try {
    const text = atob(location.hash.slice(5).replaceAll("-", "+").replaceAll("_", "/"));
    pairs = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0))));
  } catch {
    return;
  }
  const opener = document.querySelector<HTMLAnchorElement>("a[data-try]");
  if (!panel() && opener) await toggle(opener);
  const at = panel();
  if (!at || !Array.isArray(pairs)) return;
  const body = new FormData();
  for (const pair of pairs) {
    if (Array.isArray(pair) && !/^(secret|login):/.test(String(pair[0]))) body.append(String(pair[0]), String(pair[1]));
  }
  for (const field of formOf(at).querySelectorAll<HTMLInputElement>("[data-secret]")) body.set(field.name, field.value);
  await swap(formOf(at), body, "show");
  panel()?.scrollIntoView({ block: "start" });
}

async function reload(): Promise<void> {
  const at = panel();
  if (at) await swap(formOf(at), new FormData(formOf(at)), "show");
}

async function submit(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  if (!form.matches("[data-tryform]")) return;
  event.preventDefault();
  const does = (event.submitter as HTMLButtonElement | null)?.value || "send";
  if (does === "send" && hostOf(form)) {
    await elsewhere(form);
    return;
  }
  await swap(form, new FormData(form), does);
  if (does === "follow") await followOn();
}

/** followOn goes on until the answer leads nowhere, as slowly as answers ask (Retry-After), or until it is stopped. */
async function followOn(): Promise<void> {
  for (let step = 1; step < mostSteps; step++) {
    const next = panel()?.querySelector<HTMLElement>("[data-follow]");
    if (!next) return;
    const stop = document.createElement("button");
    stop.type = "button";
    stop.textContent = word("stop");
    next.after(" ", stop);
    const stopped = new Promise<boolean>((done) => stop.addEventListener("click", () => done(true), { once: true }));
    const seconds = Number(next.dataset.follow) || 0;
    if (await Promise.race([stopped, pause(Math.max(700, seconds * 1000)).then(() => false)])) {
      stop.remove();
      return;
    }
    const at = panel();
    if (!at?.contains(next)) return;
    await swap(formOf(at), new FormData(formOf(at)), "follow");
  }
}

const hostOf = (form: HTMLFormElement): string => form.querySelector<HTMLSelectElement>("[name=host]")?.value ?? "";

/** swap posts a form and puts what comes in its place: the answer alone where something was sent. */
async function swap(form: HTMLFormElement, body: FormData, does: string, url = form.action): Promise<void> {
  body.set("do", does);
  const at = form.closest<HTMLElement>("[data-tryout]")!;
  const area = at.querySelector<HTMLElement>("[data-answer]")!;
  area.setAttribute("aria-busy", "true");
  let text = "";
  try {
    text = await (await fetch(flagged(url, "fragment"), { method: "POST", body })).text();
  } catch {
    return fail(area, word("offline"));
  } finally {
    area.removeAttribute("aria-busy");
  }
  const fresh = parse(text);
  if (!fresh) return fail(area, new DOMParser().parseFromString(text, "text/html").querySelector(".note")?.textContent ?? word("offline"));
  if (does === "send" || does === "follow") {
    area.replaceChildren(...fresh.querySelector("[data-answer]")!.childNodes);
    remember(area, at.dataset.op!, shareURL(at));
    at.querySelector("[data-tryextra]")!.replaceChildren(callList());
    area.scrollIntoView({ block: "nearest" });
    return;
  }
  const focused = does === "fill" ? (document.activeElement as HTMLElement | null)?.getAttribute("name") : null;
  at.replaceWith(fresh);
  if (does === "logout") forget(fresh);
  begin(fresh);
  showSession();
  if (focused) fresh.querySelector<HTMLElement>(`[name="${CSS.escape(focused)}"]`)?.focus();
}

function forget(at: HTMLElement): void {
  for (const field of at.querySelectorAll<HTMLInputElement>("[data-secret]")) field.value = "";
  keepSecrets(formOf(at), true);
}

function fail(area: HTMLElement, text: string): void {
  const note = document.createElement("p");
  note.className = "note breaking";
  note.textContent = text;
  area.replaceChildren(note);
}

/** elsewhere lets the browser ask a real host, and the portal judge the answer. */
async function elsewhere(form: HTMLFormElement): Promise<void> {
  const area = form.querySelector<HTMLElement>("[data-answer]")!;
  const ready = await prepared(form, "&secrets");
  const body = ready && (await sendElsewhere(ready.har, new FormData(form)));
  if (!body) return fail(area, word("cors"));
  const check = new URL(form.action);
  const root = new URL(document.body.dataset.root ?? "/", location.href).pathname;
  check.pathname = root + "check" + check.pathname.slice((root + "try").length);
  await swap(form, body, "send", check.href);
}

async function prepared(form: HTMLFormElement, more = ""): Promise<Prepared | null> {
  const body = new FormData(form);
  if (!more) for (const field of form.querySelectorAll<HTMLInputElement>("[data-secret]")) body.delete(field.name);
  try {
    const answer = await fetch(flagged(form.action, "prepare" + more), { method: "POST", body });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

let waiting = 0;
function prepare(form: HTMLFormElement): void {
  clearTimeout(waiting);
  waiting = window.setTimeout(async () => {
    const ready = await prepared(form);
    if (ready && form.isConnected) showPrepared(form, ready);
  }, 150);
}

function changed(event: Event): void {
  const field = event.target as HTMLInputElement;
  const form = field.closest<HTMLFormElement>("[data-tryform]");
  if (!form) return;
  const box = field.closest(".fld.may")?.querySelector<HTMLInputElement>("input[type=checkbox]");
  if (box && box !== field) box.checked = true;
  if (field.dataset.secret) {
    keepSecrets(form);
    showSession();
  }
  prepare(form);
}

function chosen(event: Event): void {
  const field = event.target as HTMLElement;
  const form = field.closest<HTMLFormElement>("[data-tryform]");
  if (!form) return;
  if (field.matches("[data-fill]")) void swap(form, new FormData(form), "fill");
  if (field.matches("[name=host]")) hostChanged(form, true);
}

/** hostChanged keeps the mock's credentials from real hosts: each has its own. */
function hostChanged(form: HTMLFormElement, anew = false): void {
  const real = hostOf(form) !== "";
  for (const at of form.querySelectorAll<HTMLElement>("[data-realtext]")) at.hidden = !real;
  for (const at of form.querySelectorAll<HTMLElement>("[data-login], .wish")) at.hidden = real;
  if (!anew) return;
  for (const field of form.querySelectorAll<HTMLInputElement>("[data-secret]")) field.value = "";
  fillSecrets(form);
}
