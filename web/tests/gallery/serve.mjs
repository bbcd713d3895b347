// Serves the gallery under the content security policy of the product: `node tests/gallery/serve.mjs [port]`.
// {include FILE}, {asset NAME} and {icon NAME} in the pages are filled in; /live sends an event when /touch is fetched.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "..", "dist");
const types = { ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".html": "text/html; charset=utf-8", ".json": "application/json" };
const policy = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
const listeners = new Set();
let touches = 0;

export function startGallery(port = 0) {
  const server = createServer((request, response) => answer(request, response));
  return new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve({ server, origin: `http://127.0.0.1:${server.address().port}` })));
}

function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, "http://gallery");
  if (pathname === "/live") return live(response);
  if (pathname === "/touch") return touch(response, searchParams.get("request"));
  if (request.method === "POST") return response.writeHead(303, { location: request.headers.referer ?? "/" }).end();
  const file = pathname.startsWith("/assets/") ? join(dist, pathname.slice(8)) : join(here, pathname === "/" ? "people.html" : pathname);
  if (!existsSync(file)) return response.writeHead(404, { "content-type": "text/plain" }).end("There is nothing here.");
  const body = extname(file) === ".html" ? fill(readFileSync(file, "utf8"), searchParams, request.headers.cookie ?? "") : readFileSync(file);
  response.writeHead(200, { "content-type": types[extname(file)] ?? "text/plain", "content-security-policy": policy }).end(body);
}

function live(response) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write(": hello\n\n");
  listeners.add(response);
  response.on("close", () => listeners.delete(response));
}

function touch(response, request) {
  touches += 1;
  for (const listener of listeners) listener.write(`id: ${touches}\nevent: changed\ndata: ${JSON.stringify({ topic: "team", request })}\n\n`);
  response.writeHead(204).end();
}

function fill(html, search, cookie) {
  const manifest = JSON.parse(readFileSync(join(dist, "manifest.json"), "utf8"));
  const included = html.replace(/\{include ([\w.-]+)\}/g, (_, name) => readFileSync(join(here, name), "utf8"));
  const theme = search.get("theme") ?? /theme=(light|dark)/.exec(cookie)?.[1];
  return included
    .replace(/\{icon ([\w-]+)( [sl])?\}/g, (_, name, size = "") => `<svg class="icon${size}" aria-hidden="true"><use href="/assets/${manifest["icons.svg"]}#${name}"/></svg>`)
    .replace(/\{asset ([\w.-]+)\}/g, (_, name) => `/assets/${manifest[name]}`)
    .replaceAll("{touches}", String(touches))
    .replaceAll("{now}", new Date().toISOString())
    .replaceAll("{day-start}", `${new Date().toISOString().slice(0, 10)}T00:00:00Z`)
    .replaceAll("{day-end}", `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`)
    .replace('<html lang="en">', theme ? `<html lang="en" data-theme="${theme}">` : '<html lang="en">');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { origin } = await startGallery(Number(process.argv[2] ?? 4300));
  console.log(`The gallery is at ${origin}/components.html`);
}
