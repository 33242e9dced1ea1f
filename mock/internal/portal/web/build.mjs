// Builds dist from src and writes dist/source.txt: the hash of what it was built from, which a test compares with src.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const out = process.argv[2] ?? "dist";
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  entryPoints: ["src/portal.css", "src/portal.ts", "src/theme.ts"],
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
copyFileSync("src/icon.svg", `${out}/icon.svg`);
copyFileSync("node_modules/@scalar/snippetz/LICENSE", `${out}/snippetz.LICENSE`); // which its code in the bundle must come with

const hash = createHash("sha256");
const inputs = ["build.mjs", "package.json", "package-lock.json", ...readdirSync("src").map((name) => "src/" + name)];
for (const name of inputs.sort()) {
  const text = readFileSync(name);
  hash.update(`${name} ${text.length}\n`).update(text);
}
writeFileSync(`${out}/source.txt`, hash.digest("hex") + "\n");
