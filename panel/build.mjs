// Builds the page into portscan/panel/assets: one script, one style sheet, and the licences of what is in them.
import { build } from "esbuild";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "portscan", "panel", "assets");
mkdirSync(out, { recursive: true });

const result = await build({
  entryPoints: { panel: join(here, "src", "main.tsx"), style: join(here, "src", "style.css") },
  absWorkingDir: here,
  outdir: out,
  bundle: true,
  minify: true,
  charset: "ascii",
  format: "iife",
  target: ["es2020"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  metafile: true,
});

const packages = [...new Set(Object.keys(result.metafile.inputs).flatMap((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []))];
const licences = packages.sort().map((name) => {
  const folder = join(here, "node_modules", name);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return `${name} ${about.version}\n\n${readFileSync(join(folder, "LICENSE"), "utf8").trim()}\n`;
});
writeFileSync(join(out, "LICENCES.txt"), `The panel holds code of these packages:\n\n${licences.join(`\n${"-".repeat(80)}\n\n`)}`);
