// Starts the program with a data folder of its own, and a browser that visits it. A test fails when its browser reports
// an error, also one that the test did not look for. `CAIRN_BIN` and `CHROMIUM` name other programs.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { after, before } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const repository = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const program = process.env.CAIRN_BIN ?? resolve(repository, process.env.CARGO_TARGET_DIR ?? "target", "debug", "cairn");
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const readyWithin = 180_000;
const patience = 30_000;
// Turbo leaves it to the browser to say that a request was overtaken by a newer one.
const overtaken = /^AbortError: signal is aborted/;
const stopWithin = 30_000;

// The product's own pages only: nothing here looks anything up elsewhere.
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/**
 * For one test file: a program that runs and a browser, from before its first test until after its last. With `days` it is the
 * sample company on a Tuesday in March, whose clock stands still until `cairn.passTo("2026-03-18T09:00:00Z")`; there
 * `cairn.letters()` are those that it sent before, and `cairn.deliver(message, to)` brings an answer as a mail server does.
 */
export function useCairn({ demonstration = false, days = false } = {}) {
  const cairn = {};
  before(async () => {
    Object.assign(cairn, await startCairn({ demonstration, days }));
    cairn.browser = await chromium.launch({ executablePath, args: flags });
    cairn.visitor = (test, options) => visitor(cairn, test, options);
  });
  after(async () => {
    await cairn.browser?.close();
    await cairn.stop?.();
  });
  return cairn;
}

/** Serves at a free port: nothing at first, or the sample company. `firstRun` is where one becomes the owner. */
async function startCairn({ demonstration, days }) {
  const folder = mkdtempSync(join(tmpdir(), "cairn-browser-"));
  const listen = `127.0.0.1:${await freePort()}`;
  const serves = ["serve", "--listen", listen, "--data", folder, "--log-level", "warn", ...(demonstration ? ["--demonstration"] : [])];
  const [mail, post] = [`127.0.0.1:${await freePort()}`, join(folder, "letters")];
  if (days) mkdirSync(post);
  const [command, args] = days ? [join(dirname(program), "examples", "days"), [listen, mail, post]] : [program, serves];
  const server = spawn(command, args, { cwd: folder, env: withoutSettings(days && { TMPDIR: folder }), stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (bytes) => (output += bytes));
  server.once("error", (error) => (output += error.message));
  const ended = new Promise((resolve) => server.once("error", resolve).once("exit", resolve));
  const stop = async () => {
    server.kill("SIGTERM");
    const inTime = await Promise.race([ended.then(() => true), sleep(stopWithin, false, { ref: false })]);
    if (!inTime) server.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
    assert.ok(inTime, `The program did not stop within ${stopWithin / 1000} seconds.`);
  };
  const origin = `http://${listen}`;
  const isRunning = () => server.exitCode === null && server.pid !== undefined;
  // The line comes by another way than the answer, maybe later.
  const isReady = async () => output.includes("Cairn is ready") && (await fetch(`${origin}/readyz`).catch(() => null))?.ok;
  if (!(await becomesTrue(isReady, isRunning))) {
    await stop();
    throw new Error(`The program ${program} did not begin to serve:\n${output}`);
  }
  const passTo = async (instant) => {
    server.stdin.write(`${instant}\n`);
    assert.ok(await becomesTrue(() => output.includes(`${instant}\n`), isRunning), `The clock did not come to ${instant}.`);
  };
  const letters = () => readdirSync(post).sort().map((name) => JSON.parse(readFileSync(join(post, name), "utf8")));
  const deliver = (message, to) => deliverTo(mail, message, to);
  return { origin, passTo, letters, deliver, firstRun: /http:\S+first-run\?code=\S+/.exec(output)?.[0], log: () => output, stop };
}

function withoutSettings(more) {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("CAIRN_") && name !== "TEST_POSTGRES");
  return { ...Object.fromEntries(others), ...more };
}

function freePort() {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Hands a message over by LMTP, and fails unless each step is answered with a good word. */
async function deliverTo(place, message, to) {
  const [host, port] = place.split(":");
  const socket = connect(Number(port), host);
  const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  const from = /^From:.*<(\S+)>/m.exec(message)[1];
  const lines = message.replace(/\r?\n/g, "\r\n").replace(/^\./gm, "..");
  const steps = [null, "LHLO mail.example", `MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, "DATA", `${lines}\r\n.`, "QUIT"];
  for (const step of steps) {
    if (step !== null) socket.write(`${step}\r\n`);
    let line;
    do line = (await answers.next()).value ?? "nothing";
    while (/^\d{3}-/.test(line));
    assert.match(line, /^[23]\d\d /, `The mail server was told ${line}`);
  }
  socket.end();
}

async function becomesTrue(isReady, isRunning) {
  const until = Date.now() + readyWithin;
  while (Date.now() < until && isRunning()) {
    if (await isReady()) return true;
    await sleep(50);
  }
  return false;
}

/**
 * A page in a browser of its own, as a person sits at it. `expects` are patterns of errors that belong to the test, such
 * as a refused form's status; all others fail it when it ends.
 */
async function visitor(cairn, test, { expects = [], ...options } = {}) {
  const context = await cairn.browser.newContext({ baseURL: cairn.origin, reducedMotion: "reduce", viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => message.type() === "error" && faults.push(`${message.text()} (${message.location().url})`));
  page.on("pageerror", (error) => faults.push(error.stack ?? error.message));
  page.on("response", (response) => response.status() >= 500 && faults.push(`${response.status()} at ${response.url()}`));
  test.after(async () => {
    const place = page.url();
    await context.close();
    const unexpected = faults.filter((fault) => ![overtaken, ...expects].some((pattern) => pattern.test(fault)));
    assert.deepEqual(unexpected, [], `The browser reported errors, the last page was ${place}. The server said:\n${cairn.log()}`);
  });
  return page;
}
