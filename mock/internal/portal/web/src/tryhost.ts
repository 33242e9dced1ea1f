/** Har is a request as HTTP Archive 1.2 has it. */
export interface Har {
  method: string;
  url: string;
  httpVersion: string;
  headers: Pair[];
  queryString: Pair[];
  cookies: Pair[];
  postData?: { mimeType: string; text: string; encoding?: string };
  headersSize: number;
  bodySize: number;
}

interface Pair {
  name: string;
  value: string;
}

const mostBytes = 4 << 20;
const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** sendElsewhere sends a request from the browser and adds the answer to the form that asks for a verdict; null if there is none. */
export async function sendElsewhere(har: Har, form: FormData): Promise<FormData | null> {
  const query = new URLSearchParams(har.queryString.map((p) => [p.name, p.value])).toString();
  const sent = har.postData;
  const begun = performance.now();
  try {
    const answer = await fetch(har.url + (query && "?" + query), {
      method: har.method,
      headers: har.headers.map((h): [string, string] => [h.name, h.value]),
      body: sent && (sent.encoding ? bytesOf(sent.text) : sent.text),
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    const bytes = new Uint8Array(await answer.arrayBuffer()).subarray(0, mostBytes);
    let text = "";
    for (const b of bytes) text += String.fromCharCode(b);
    form.set("answer.took", String(Math.round(performance.now() - begun)));
    form.set("answer.status", String(answer.status));
    form.set("answer.header", [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n"));
    form.set("answer.body", btoa(text));
    return form;
  } catch {
    return null;
  }
}
