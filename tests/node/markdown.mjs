// Reads pages from standard input, as JSON: a list of {path, text}. Writes what a Markdown or MDX compiler sees in each:
// its tables as text, and everything in it that is more than text. Argument: the folder of the node packages.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.argv[2]}/`);
const load = async (name) => import(pathToFileURL(require.resolve(name)));
const { compile, createProcessor } = await load("@mdx-js/mdx");
const { default: gfm } = await load("remark-gfm");
const { JSDOM } = await load("jsdom");
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await load("mermaid");

const words = (node) => node.value ?? (node.children ?? []).map(words).join("");

function* walk(node) {
  yield node;
  for (const child of node.children ?? []) yield* walk(child);
}

async function seen({ path, text }) {
  const format = path.endsWith(".mdx") ? "mdx" : "md";
  const body = text.replace(/^---\n[^]*?\n---\n/, "");
  const options = { format, remarkPlugins: [gfm] };
  await compile(body, options);
  const nodes = [...walk(createProcessor(options).parse(body))];
  const found = { path, tables: [], more: [], diagrams: [], headings: [] };
  for (const node of nodes) {
    if (node.type === "table") found.tables.push(node.children.map((row) => row.children.map(words)));
    else if (node.type === "heading") found.headings.push(words(node));
    else if (node.type === "code") found.diagrams.push({ text: node.value, ...(await mermaid.parse(node.value)) });
    else if (/^(html|mdx|link|image|definition)/.test(node.type)) found.more.push([node.type, node.value ?? node.url ?? node.name]);
  }
  return found;
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const pages = JSON.parse(Buffer.concat(chunks).toString("utf8"));
const results = [];
for (const page of pages) results.push(await seen(page).catch((error) => ({ path: page.path, error: String(error).slice(0, 500) })));
console.log(JSON.stringify(results));
