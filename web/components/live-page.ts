import { session } from "@hotwired/turbo";
import { announce } from "./lib/dom";
import { refreshSoon } from "./lib/refresh";

const hiddenLimit = 5 * 60_000;
const longestPause = 60_000;
/** So long between a page and its stream, in milliseconds, nothing is missed that anyone waits for. */
const bearable = 250;

let source: EventSource | null = null;
let address: string | null = null;
let lastEvent = "";
let pause = 1_000;
let retryTimer = 0;
let hiddenTimer = 0;
/** Since when nothing that happens is heard. */
let deafSince = 0;
let refreshing = false;

/**
 * Keeps a page that names a stream (`<meta name="cairn-live">` or `<body data-live>`) as fresh as the server: on an event
 * `changed` that was not caused by this page, it fetches itself again and morphs.
 */
export function startLivePages(): void {
  document.addEventListener("turbo:load", follow);
  document.addEventListener("turbo:morph", told);
  document.addEventListener("visibilitychange", watchVisibility);
  window.addEventListener("online", () => (source ? undefined : catchUp()));
}

function follow(): void {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="cairn-live"]');
  const next = meta?.content ?? document.body.dataset["live"] ?? null;
  if (next === address) return;
  close();
  address = next;
  lastEvent = "";
  deafSince = performance.now();
  open();
}

function open(): void {
  if (!address || document.hidden) return;
  const url = new URL(address, location.href);
  if (lastEvent) url.searchParams.set("last_event_id", lastEvent);
  source = new EventSource(url);
  source.addEventListener("open", listening);
  source.addEventListener("changed", changed);
  source.addEventListener("error", reconnect);
}

function close(): void {
  clearTimeout(retryTimer);
  source?.close();
  source = null;
}

/** What happened while no stream was open is told by none. */
function listening(): void {
  pause = 1_000;
  if (performance.now() - deafSince > bearable) refreshSoon();
}

/** The browser reconnects after a lost connection, but gives up after a refusal; then we try again, ever more slowly. */
function reconnect(): void {
  deafSince = performance.now();
  if (source?.readyState !== EventSource.CLOSED) return;
  close();
  retryTimer = window.setTimeout(open, pause * (0.75 + Math.random() / 2));
  pause = Math.min(pause * 2, longestPause);
}

function changed(event: MessageEvent<string>): void {
  lastEvent = event.lastEventId;
  const { request } = JSON.parse(event.data) as { topic: string; request?: string | null };
  if (request && session.recentRequests.has(request)) return;
  refreshing = true;
  refreshSoon();
}

function told(): void {
  if (refreshing) announce("Updated");
  refreshing = false;
}

function watchVisibility(): void {
  clearTimeout(hiddenTimer);
  if (document.hidden) hiddenTimer = window.setTimeout(close, hiddenLimit);
  else if (address && !source) catchUp();
}

function catchUp(): void {
  close();
  pause = 1_000;
  open();
  if (address) refreshSoon();
}
