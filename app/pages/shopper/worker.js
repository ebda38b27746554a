// Keeps the scanner on the phone. Scans themselves are kept by the page (outbox.js) and never by
// this worker: it may be stopped at any moment, and not every browser wakes it again.

const NAME = `perron-${VERSION}`;
const SHELL = "/offline";

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOlder().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (address.pathname.startsWith("/assets/")) event.respondWith(asset(request));
  else if (address.pathname.startsWith("/files/")) event.respondWith(asset(request));
  else if (request.mode === "navigate") event.respondWith(page(request));
});

async function keep() {
  const cache = await caches.open(NAME);
  await cache.addAll([...KEPT, SHELL].map((address) => new Request(address, { cache: "reload" })));
}

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("perron-") && name !== NAME).map((name) => caches.delete(name)));
}

/** A page is always the shop's own; without the shop it is what a desk has kept for that (picking), or
 * the scanner, which still scans. */
async function page(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request, { ignoreSearch: true })) ?? (await caches.match(SHELL)) ?? Response.error();
  }
}

/** What carries its fingerprint never changes; the rest is asked for first. */
async function asset(request) {
  const kept = await caches.match(request);
  if (kept && new URL(request.url).searchParams.has("v")) return kept;
  try {
    return await fetch(request);
  } catch {
    return kept ?? Response.error();
  }
}
