import { csharpHttpclient } from "@scalar/snippetz/plugins/csharp/httpclient";
import { goNative } from "@scalar/snippetz/plugins/go/native";
import { javaOkhttp } from "@scalar/snippetz/plugins/java/okhttp";
import { jsFetch } from "@scalar/snippetz/plugins/js/fetch";
import { nodeUndici } from "@scalar/snippetz/plugins/node/undici";
import { phpCurl } from "@scalar/snippetz/plugins/php/curl";
import { powershellRestmethod } from "@scalar/snippetz/plugins/powershell/restmethod";
import { pythonRequests } from "@scalar/snippetz/plugins/python/requests";
import { rubyNative } from "@scalar/snippetz/plugins/ruby/native";
import type { Har } from "./tryhost";
import { word } from "./words";

/** Prepared is a request as the portal writes it. */
export interface Prepared {
  curl: string;
  har: Har;
  faults: string[];
}

const languages = [jsFetch, nodeUndici, pythonRequests, goNative, javaOkhttp, csharpHttpclient, phpCurl, rubyNative, powershellRestmethod];
const titles = ["JavaScript fetch", "Node", "Python requests", "Go", "Java", "C#", "PHP", "Ruby", "PowerShell"];
const storage = "standin.language";

let latest: Prepared | undefined;

/** addLanguages lets the reader choose the language of the request that is shown. */
export function addLanguages(at: HTMLElement): void {
  const caption = at.querySelector("[data-prepared] .cap")!;
  const select = document.createElement("select");
  select.className = "langpick";
  select.setAttribute("aria-label", word("language"));
  select.add(new Option("curl", ""));
  titles.forEach((title, i) => select.add(new Option(title, String(i))));
  try {
    select.value = localStorage.getItem(storage) ?? "";
  } catch {
    // Storage is blocked: curl it is.
  }
  select.addEventListener("change", () => {
    try {
      localStorage.setItem(storage, select.value);
    } catch {
      // Storage is blocked: the choice holds for this form.
    }
    const form = select.closest("form");
    if (latest && form) showPrepared(form, latest);
  });
  caption.replaceChildren(select);
}

/** showPrepared shows a request in the chosen language. */
export function showPrepared(form: HTMLFormElement, ready: Prepared): void {
  latest = ready;
  const box = form.querySelector("[data-prepared]")!;
  const chosen = box.querySelector<HTMLSelectElement>(".langpick")?.value ?? "";
  const plugin = chosen === "" ? undefined : languages[Number(chosen)];
  box.querySelector("code")!.textContent = plugin ? plugin.generate(ready.har as never) : ready.curl;
  box.querySelector(".wrong")?.remove();
  if (ready.faults.length > 0) {
    const line = document.createElement("p");
    line.className = "cap wrong";
    line.textContent = ready.faults.join(" · ");
    box.append(line);
  }
}
