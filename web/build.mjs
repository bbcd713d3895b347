// Builds dist/: one script module with lazy chunks, one style sheet, fonts, icons, compressed copies and manifest.json.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");
const read = (...path) => readFileSync(join(root, ...path), "utf8");

async function main() {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const manifest = { ...(await bundle()), "icons.svg": writeHashed("icons", spriteOf(JSON.parse(read("icons.json")))) };
  manifest["favicon.svg"] = writeHashed("favicon", read("assets", "favicon.svg").trim());
  const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(dist, "manifest.json"), JSON.stringify(sorted, null, 2) + "\n");
  report(sorted, compressAll());
}

/** Bundles script and styles; the manifest names the entries, the lazy modules and the fonts that a page may preload. */
async function bundle() {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { main: "components/main.ts", "main-style": "styles/main.css" },
    outdir: "dist",
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    metafile: true,
    legalComments: "none",
    target: ["chrome120", "firefox121", "safari17.2"],
    loader: { ".woff2": "file" },
    plugins: [turboWithoutStyleElement],
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
  });
  const manifest = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    const source = output.entryPoint ?? (path.endsWith(".woff2") ? Object.keys(output.inputs)[0] : undefined);
    if (source) manifest[logicalName(source)] = basename(path);
  }
  return manifest;
}

/** Turbo puts a style element into the page as soon as it loads, which our content security policy refuses; we have our own bar. */
const turboWithoutStyleElement = {
  name: "turbo-without-style-element",
  setup(bundle) {
    bundle.onLoad({ filter: /@hotwired[\\/]turbo[\\/]dist[\\/].*-esm\.js$/ }, ({ path }) => {
      const original = readFileSync(path, "utf8");
      const contents = original.replace("    this.installStylesheetElement();\n", "");
      if (contents === original) throw new Error("Turbo no longer installs its style where build.mjs expects it.");
      return { contents };
    });
  },
};

function logicalName(source) {
  const font = /(inter|source-serif)(?:-4)?-(latin(?:-ext)?)-wght-(normal|italic)\.woff2$/.exec(source);
  if (font) return `${font[1]}-${font[2]}${font[3] === "italic" ? "-italic" : ""}.woff2`;
  return basename(source).replace(/\.ts$/, ".js");
}

/** One sprite of the named Lucide icons and the mark, each a symbol that takes its stroke from the page. */
function spriteOf(icons) {
  const symbols = Object.entries(icons).map(([id, file]) => symbol(id, read("node_modules", "lucide-static", "icons", `${file}.svg`)));
  symbols.push(symbol("mark", read("assets", "mark.svg")));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

function symbol(id, svg) {
  const shapes = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1] ?? "";
  return `<symbol id="${id}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, "").replaceAll(" />", "/>")}</symbol>`;
}

function writeHashed(name, text) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();
  writeFileSync(join(dist, `${name}-${hash}.svg`), text);
  return `${name}-${hash}.svg`;
}

/** Writes the .br and .gz copies; returns the sizes in bytes by file name. */
function compressAll() {
  const sizes = {};
  for (const name of readdirSync(dist).filter((name) => /\.(js|css|svg)$/.test(name))) {
    const body = readFileSync(join(dist, name));
    const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
    const br = brotliCompressSync(body, { params: quality });
    const gz = gzipSync(body, { level: 9 });
    writeFileSync(join(dist, `${name}.br`), br);
    writeFileSync(join(dist, `${name}.gz`), gz);
    sizes[name] = { raw: body.length, gz: gz.length, br: br.length };
  }
  return sizes;
}

function report(manifest, sizes) {
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
  for (const [name, size] of Object.entries(sizes)) {
    console.log(name.padEnd(36), kilobytes(size.raw), kilobytes(size.gz) + " gz", kilobytes(size.br) + " br");
  }
  const first = ["main.js", "main.css"].map((name) => sizes[manifest[name]]);
  const eager = first.concat(eagerChunks(manifest["main.js"]).map((name) => sizes[name]));
  console.log(`first visit, script and style: ${kilobytes(eager.reduce((sum, size) => sum + size.br, 0)).trim()} with brotli`);
}

function eagerChunks(entry) {
  const text = readFileSync(join(dist, entry), "utf8");
  return [...new Set([...text.matchAll(/from"\.\/([\w-]+\.js)"/g)].map((match) => match[1]))];
}

await main();
