// Walks the pages as a reader does, in a real browser: node walk.mjs BROWSER URL WALK, where URL is that of the portal ("…/docs/") over
// the demo's document and WALK is script, plain, follow, live or axe. Prints what is wrong, one fault a line, and nothing if all is well.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [executablePath, base, walk] = process.argv.slice(2);
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
];
const browser = await chromium.launch({ executablePath, args });
const faults = [];
let away = false; // whether pages may leave their origin
const expect = (what, ok) => ok || faults.push(what);

async function open(options = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.on("pageerror", (e) => faults.push(`script error on ${page.url()}: ${e.message}`));
  page.on("console", (m) => m.type() === "error" && !/status of 404/.test(m.text()) && faults.push(`console on ${page.url()}: ${m.text()}`));
  page.on("request", (r) => !away && !r.url().startsWith(new URL(base).origin) && !r.url().startsWith("data:") && faults.push(`leaves the origin: ${r.url()}`));
  return page;
}

async function toOperation(page) {
  await page.goto(base);
  await page.locator(".cards a").filter({ hasText: "Volume Operations" }).first().click();
  await page.locator("main a").filter({ hasText: "QueryVolumeSnapshot" }).first().click();
  await page.waitForURL("**/op/QueryVolumeSnapshot");
}

// filesWalk goes through pages that are files: search, palette, the other language, and a form that a mock elsewhere answers.
async function filesWalk() {
  const page = await open();
  await page.goto(base);
  await page.locator(".cards a").filter({ hasText: "Volume Operations" }).first().click();
  await page.locator("main a").filter({ hasText: "QueryVolumeSnapshot" }).first().click();
  await page.waitForURL("**/op/QueryVolumeSnapshot.html");
  await page.fill("#q", "snapshot tree");
  await page.press("#q", "Enter");
  await page.locator("[data-find] .items a").first().waitFor();
  expect("search finds no tree", (await page.locator("[data-find] .items a").allTextContents()).some((s) => s.includes("QueryVolumeSnapshotTree")));
  await page.keyboard.press("Control+k");
  await page.fill(".palette input", "QueryVolumeSnapshot");
  await page.locator(".palette [aria-selected=true]").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/op/QueryVolumeSnapshot.html");
  await page.locator(".langs a").nth(1).click();
  await page.waitForURL("**/zh/op/QueryVolumeSnapshot.html");
  expect("the page is not Chinese", (await page.locator("html").getAttribute("lang")) === "zh-CN");
  await page.locator(".langs a").first().click();
  await page.waitForURL("**/where/op/QueryVolumeSnapshot.html");
  await page.locator(".card .button").click();
  await page.waitForURL("**/try/QueryVolumeSnapshot.html");
  away = true; // to the mock
  await page.click("button[value=login]");
  await page.locator(".login .in").waitFor();
  await page.click("button.go");
  await page.locator(".verdicts").waitFor();
  expect("the answer is not kept", (await page.locator(".verdicts > .kept").count()) === 2);
}

async function plainWalk() {
  const page = await open({ javaScriptEnabled: false });
  await toOperation(page);
  await page.click("a[data-try]");
  await page.click("button[value=login]");
  expect("no session after the login", (await page.locator(".login .in").count()) === 1);
  await page.click("button.go");
  expect("no answer of 200", (await page.locator(".got .badge").first().textContent()) === "200 OK");
  expect("the answer is not kept", (await page.locator(".verdicts > .kept").count()) === 2);
  await page.locator("button[value=logout]").click();
  expect("the session has not ended", (await page.locator(".login .in").count()) === 0);
}

async function scriptWalk() {
  const page = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  await toOperation(page);
  await page.click("a[data-try]");
  await page.click("button[value=login]");
  await page.locator(".login .in").waitFor();
  await page.locator("header .session").waitFor();
  await page.click("button.go");
  await page.locator(".verdicts").waitFor();
  expect("the answer is not kept", (await page.locator(".verdicts > .kept").count()) === 2);
  await brokenAnswer(page);
  await shareLink(page);
  await page.reload();
  await page.click("a[data-try]");
  expect("the credential is lost", (await page.locator("[data-secret]").inputValue()) !== "");
  await page.locator(".langpick").selectOption({ label: "Python requests" });
  await page.waitForFunction(() => document.querySelector("[data-prepared] code").textContent.includes("requests.get"));
  const shown = await page.locator("[data-prepared] code").textContent();
  expect("the sample holds the credential", !shown.includes(await page.locator("[data-secret]").inputValue()));
  await page.click("header .session button");
  await page.locator("header .session").waitFor({ state: "detached" });
  await page.locator(".login button[value=login]").waitFor();
  expect("a credential is left", (await page.locator("[data-secret]").inputValue()) === "");
  const kept = await page.evaluate(() => JSON.stringify(sessionStorage));
  expect("the session storage holds a credential", !/"value/.test(kept));
}

async function followWalk() {
  const page = await open();
  await page.goto(base + "op/CreateDataVolume");
  await page.click("a[data-try]");
  await page.click("button[value=login]");
  await page.locator(".login .in").waitFor();
  await page.click("button.go");
  await page.click("[data-follow]");
  await page.locator(".got .m.get").waitFor();
  const stop = page.getByRole("button", { name: "Stop following" });
  await stop.click();
  await page.waitForTimeout(1500); // long enough for another step, had it gone on
  expect("it was not stopped", (await page.locator("[data-follow]").count()) === 1 && (await stop.count()) === 0);
  await page.click("[data-follow]");
  await page.waitForFunction(() => !document.querySelector("[data-follow]") && document.querySelector(".verdicts"), undefined, { timeout: 30_000 });
  expect("the job's answer is not kept", (await page.locator(".verdicts > .kept").count()) === 2);
  expect("the job has not ended", (await page.locator(".got .badge").first().textContent()) === "200 OK");
  const made = JSON.parse(await page.locator(".got pre").last().textContent()).inventory.uuid;
  await page.goto(base + "op/QueryVolume");
  await page.click("a[data-try]");
  await page.click("button.go");
  await page.locator(".got").waitFor();
  expect("the volume is not in the list", (await page.locator(".got").textContent()).includes(made));
}

// liveWalk has the journal open while somebody asks the mock something.
async function liveWalk() {
  const page = await open();
  await page.goto(base + "journal");
  await page.locator(".live").waitFor();
  const before = await page.locator("[data-live] tbody tr").count();
  await page.request.get(new URL("/zstack/v1/volumes?limit=live", base).href);
  await page.locator("[data-live] tr.fresh").filter({ hasText: "limit=live" }).waitFor();
  expect("the journal has not one row more", (await page.locator("[data-live] tbody tr").count()) === before + 1);
}

async function brokenAnswer(page) {
  await page.click(".wish > summary");
  await page.selectOption("[name=example]", "seedPage");
  await page.click("button.go");
  await page.locator(".verdicts > .breaking").waitFor();
  const link = page.locator(".verdicts .violations a").first();
  const anchor = (await link.getAttribute("href")).split("#")[1];
  expect("a violation leads to nothing", (await page.evaluate((id) => document.getElementById(id) !== null, anchor)) === true);
  await page.locator(".calls > summary").click();
  expect("the history has not two calls", (await page.locator(".calls li").count()) === 2);
}

async function shareLink(page) {
  await page.locator("[name='in.query.limit']").fill("7");
  await page.locator("[data-acts] button").click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect("the link has no inputs", link.includes("/op/QueryVolumeSnapshot#try="));
  expect("the link holds a credential", !Buffer.from(link.split("#try=")[1], "base64url").toString().includes("secret:"));
  const other = await page.context().newPage();
  await other.goto(link);
  await other.waitForFunction(() => document.querySelector("[name='in.query.limit']")?.value === "7");
  expect("the box is not ticked", await other.locator("[name='on:in.query.limit']").isChecked());
  expect("the link has sent something", (await other.locator(".got").count()) === 0);
  await other.close();
}

async function axeWalk() {
  const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const paths = ["", "category/snapshot.volume", "schema/SessionInventory", "op/QueryVolumeSnapshot", "op/CreateDataVolume", "try/CreateDataVolume", "try/LogInByAccount", "schemas", "changes",
    "search?q=volume", "journal", "backend", "backend?collection=%2Fvolumes", "authentication", "errors", "webhooks", "guides", "nothing"];
  for (const colorScheme of ["light", "dark"]) {
    const page = await open({ colorScheme, bypassCSP: true });
    for (const path of paths) {
      await page.goto(base + path);
      if (path.startsWith("op/")) {
        await page.click("a[data-try]");
        await page.click("button.go");
        await page.locator(".got").waitFor();
      }
      await page.evaluate(source);
      const found = await page.evaluate(() => globalThis.axe.run());
      for (const v of found.violations) faults.push(`${colorScheme} ${path}: ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", ")}`);
    }
    await page.context().close();
  }
}

try {
  await { script: scriptWalk, plain: plainWalk, follow: followWalk, axe: axeWalk, live: liveWalk, files: filesWalk }[walk]();
} catch (e) {
  faults.push(e.message);
}
await browser.close();
if (faults.length > 0) {
  console.log(faults.join("\n"));
  process.exitCode = 1;
}
