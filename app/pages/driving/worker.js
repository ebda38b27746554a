// Keeps the driver's desk on the phone. What the driver does is kept by the page (acts.js) and never by
// this worker: it may be stopped at any moment, and not every browser wakes it again. Pages of runs are
// put into "driving-runs" by the page too, which also takes them out again a day after the shift.

const NAME = `driving-shell-${VERSION}`;
const RUNS = "driving-runs";
const SHELL = "/driving/offline";

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
  else if (request.mode === "navigate") event.respondWith(page(request, address));
});

async function keep() {
  const cache = await caches.open(NAME);
  await cache.addAll(KEPT.map((address) => new Request(address, { cache: "reload" })));
  // Without the cookie, so that nobody's name is on it.
  await cache.put(SHELL, await fetch(SHELL, { credentials: "omit", cache: "reload" }));
}

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("driving-shell-") && name !== NAME).map((name) => caches.delete(name)));
}

/** The shop's own page; without the shop the run as it was kept, else what says so. */
async function page(request, address) {
  try {
    const answer = await fetch(request);
    if (answer.status === 410) await (await caches.open(RUNS)).delete(address.pathname);
    return answer;
  } catch {
    const runs = await caches.open(RUNS);
    return (await runs.match(address.pathname)) ?? (await caches.match(SHELL)) ?? Response.error();
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
