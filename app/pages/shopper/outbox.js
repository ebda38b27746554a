// Scans on their way. Each is written down before anything else happens, in the order of scanning,
// and keeps its id until it was answered: sending again is harmless, closing the page loses nothing.

import { waitOf } from "../asking.js";

const AGAIN_AFTER_MS = 3000;
const GIVEN_UP_AFTER_MS = 20_000;
const OPENED_WITHIN_MS = 2000;
const MOST_AT_ONCE = 50;
const NOT_UNDERSTOOD = [400, 413, 415, 422];

export class Outbox {
  #scans = [];
  #sending = false;
  #more = false;
  #most = MOST_AT_ONCE;
  #again;
  #notBefore = 0;
  #hear;
  #kept;

  constructor(hear) {
    this.#hear = hear;
    this.#kept = openBook();
    window.addEventListener("online", () => this.#send());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#send(); });
  }

  /** Scans that were not answered before the page was closed. */
  async resume() {
    const kept = await (await this.#kept).all();
    const known = new Set(this.#scans.map((scan) => scan.id));  // taken while the book was opened
    this.#scans = [...kept.filter((scan) => !known.has(scan.id)), ...this.#scans];
    for (const scan of this.#scans) this.#hear.retried(scan);
    if (this.#scans.length) this.#send();
  }

  async put(scan) {
    this.#scans.push(scan);
    await (await this.#kept).write(scan);
    this.#send();
  }

  async #send() {
    this.#more = true;
    if (this.#sending) return;
    this.#sending = true;
    try {
      // One that comes after the last look, while the lock is given back, is looked for again.
      while (this.#more && this.#scans.length && performance.now() >= this.#notBefore) {
        this.#more = false;
        await oneTabAtATime(() => this.#sendAll());
      }
    } finally {
      this.#sending = false;
    }
  }

  async #sendAll() {
    while (this.#scans.length) {
      const batch = this.#scans.slice(0, this.#most);
      const { results, problem, wait } = await deliver(batch);
      if (!results && !problem) {
        this.#scans.forEach((one) => this.#hear.waiting(one));
        this.#later(wait);
        return;
      }
      if (problem && batch.length > 1) {
        this.#most = 1;  // the one that is not understood is found by itself, and keeps no other waiting
        continue;
      }
      if (problem) this.#most = MOST_AT_ONCE;
      for (const [place, scan] of batch.entries()) await this.#hearOf(scan, problem ? { problem } : results[place]);
      if (batch.every((scan) => this.#scans.includes(scan))) {  // the shop is too busy for all of them
        this.#later();
        return;
      }
    }
  }

  /** When the shop says how long, nothing is sent before that, whatever is scanned meanwhile. */
  #later(wait = 0) {
    clearTimeout(this.#again);
    this.#notBefore = performance.now() + wait;
    this.#again = setTimeout(() => { this.#notBefore = 0; this.#send(); }, wait || AGAIN_AFTER_MS);
  }

  /** A scan that the shop was too busy for stays where it is. */
  async #hearOf(scan, { scanned, listed, problem }) {
    if (problem && (problem.status === 429 || problem.status >= 500)) return this.#hear.waiting(scan);
    this.#scans = this.#scans.filter((one) => one !== scan);
    await (await this.#kept).strike(scan.id);
    if (scanned) this.#hear.answered(scan, scanned);
    else if (listed) this.#hear.listed(scan, listed);
    else this.#hear.refused(scan, problem);
  }
}

/** What a scanner that was closed has left. */
export async function kept() {
  return (await openBook()).all();
}

/** What became of each, in their order (`results`), or why none of it was understood (`problem`).
 * Neither when all must be sent again, after `wait` milliseconds if the shop has said so. */
async function deliver(scans) {
  try {
    const answer = await fetch("/api/v1/scans/replay", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ scans: scans.map(({ place, ...scan }) => scan) }),
      signal: AbortSignal.timeout?.(GIVEN_UP_AFTER_MS),  // a line that says nothing is no line
    });
    if (answer.ok) return { results: (await answer.json()).results };
    const ours = answer.headers.get("Content-Type")?.startsWith("application/problem+json");
    if (ours && NOT_UNDERSTOOD.includes(answer.status)) return { problem: await answer.json() };
    return { wait: waitOf(answer) };
  } catch { return {}; }
}

/** Two tabs of one phone would send the same scans: harmless, but out of order. */
function oneTabAtATime(act) {
  return navigator.locks ? navigator.locks.request("perron-outbox", act) : act();
}

/** The book in the phone's own database; where there is none (private browsing), or it is full or
 * taken away meanwhile, in memory: then the page must stay open, but nothing is held up. */
async function openBook() {
  let database;
  try {
    database = await Promise.race([opened(), late()]);
  } catch {
    return { all: async () => [], write: async () => {}, strike: async () => {} };
  }
  const store = (mode) => database.transaction("scans", mode).objectStore("scans");
  const orElse = (otherwise, act) => async (...given) => {
    try { return await act(...given); } catch { return otherwise; }
  };
  return {
    all: orElse([], () => asked(store("readonly").getAll())),
    write: orElse(undefined, (scan) => written(store("readwrite"), (scans) => scans.add({ ...scan }))),
    strike: orElse(undefined, async (id) => {
      const place = await asked(store("readonly").index("id").getKey(id));
      if (place !== undefined) await written(store("readwrite"), (scans) => scans.delete(place));
    }),
  };
}

const opened = () => asked(Object.assign(indexedDB.open("perron", 1), {
  onupgradeneeded({ target }) { target.result.createObjectStore("scans", { keyPath: "place", autoIncrement: true }).createIndex("id", "id", { unique: true }); },
}));

/** Some browsers never answer. */
const late = () => new Promise((_, reject) => { setTimeout(() => reject(new Error("late")), OPENED_WITHIN_MS); });

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** On the disk, not only on its way there: what is too much is said at the end. */
function written(scans, act) {
  return new Promise((resolve, reject) => {
    const { transaction } = scans;
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
    act(scans);
  });
}
