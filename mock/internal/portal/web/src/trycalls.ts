import { store, stored } from "./trysession";
import { word } from "./words";

/** Call is one call of the reader's own, without credentials. */
interface Call {
  at: string;
  method: string;
  target: string;
  status: string;
  kept: boolean;
  journal: string;
  link: string;
}

const mostCalls = 50;

/** remember takes a call that has just been answered into the history of this tab. */
export function remember(area: Element, _page: string, link: string): void {
  const status = area.querySelector(".badges .badge")?.textContent;
  const line = area.querySelector(".dim");
  if (!status || !line) return;
  const call: Call = {
    at: new Date().toTimeString().slice(0, 8),
    method: line.querySelector(".m")?.textContent ?? "",
    target: line.querySelector("code")?.textContent ?? "",
    status: status.slice(0, 3),
    kept: !area.querySelector(".verdicts > .breaking"),
    journal: line.querySelector("a")?.getAttribute("href") ?? "",
    link,
  };
  const calls = stored<Call[]>("calls", []);
  store("calls", [call, ...calls].slice(0, mostCalls));
}

/** callList is the history, newest first; each opens its form again, filled. */
export function callList(): HTMLElement {
  const calls = stored<Call[]>("calls", []);
  const out = document.createElement("details");
  out.className = "calls";
  out.hidden = calls.length === 0;
  const summary = document.createElement("summary");
  summary.textContent = `${word("yours")} (${calls.length})`;
  const list = document.createElement("ol");
  for (const call of calls) {
    const item = document.createElement("li");
    const status = text("b", call.status, "badge s" + call.status[0]);
    const link = text("a", `${call.method} ${call.target}`.slice(0, 160)) as HTMLAnchorElement;
    link.href = new URL(call.link, location.href).origin === location.origin ? call.link : "#";
    item.append(text("time", call.at), status, link);
    if (!call.kept) item.append(text("span", word("broken"), "badge breaking"));
    if (call.journal.startsWith("/")) {
      const journal = text("a", word("calls")) as HTMLAnchorElement;
      journal.href = call.journal;
      item.append(journal);
    }
    list.append(item);
  }
  out.append(summary, list);
  return out;
}

function text(tag: string, content: string, className = ""): HTMLElement {
  const at = document.createElement(tag);
  at.textContent = content;
  if (className) at.className = className;
  return at;
}
