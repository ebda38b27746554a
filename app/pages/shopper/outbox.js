// Scans on their way. Each is written down before anything else happens, in the order of scanning,
// and keeps its id until it was answered: sending again is harmless, closing the page loses nothing.

const AGAIN_AFTER_MS = 3000;
const MOST_AT_ONCE = 50;

export class Outbox {
  #scans = [];
  #sending = false;
  #more = false;
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
      while (this.#more && this.#scans.length) {
        this.#more = false;
        await oneTabAtATime(() => this.#sendAll());
      }
    } finally {
      this.#sending = false;
    }
  }

  async #sendAll() {
    while (this.#scans.length) {
      const batch = this.#scans.slice(0, MOST_AT_ONCE);
      const results = await deliver(batch);
      if (!results) {
        this.#scans.forEach((one) => this.#hear.waiting(one));
        setTimeout(() => this.#send(), AGAIN_AFTER_MS);
        return;
      }
      for (const [place, scan] of batch.entries()) await this.#hearOf(scan, results[place]);
      if (batch.every((scan) => this.#scans.includes(scan))) {  // the shop is too busy for all of them
        setTimeout(() => this.#send(), AGAIN_AFTER_MS);
        return;
      }
    }
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

/** What became of each, in their order; null when nobody answered and all must be sent again. */
async function deliver(scans) {
  try {
    const answer = await fetch("/api/v1/scans/replay", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ scans: scans.map(({ place, ...scan }) => scan) }),
    });
    return answer.ok ? (await answer.json()).results : null;
  } catch { return null; }
}

/** Two tabs of one phone would send the same scans: harmless, but out of order. */
function oneTabAtATime(act) {
  return navigator.locks ? navigator.locks.request("perron-outbox", act) : act();
}

/** The book in the phone's own database; where there is none (private browsing), in memory. */
async function openBook() {
  let database;
  try {
    database = await asked(Object.assign(indexedDB.open("perron", 1), {
      onupgradeneeded({ target }) { target.result.createObjectStore("scans", { keyPath: "place", autoIncrement: true }).createIndex("id", "id", { unique: true }); },
    }));
  } catch {
    return { all: async () => [], write: async () => {}, strike: async () => {} };
  }
  const scans = (mode) => database.transaction("scans", mode).objectStore("scans");
  return {
    all: () => asked(scans("readonly").getAll()),
    write: (scan) => asked(scans("readwrite").add({ ...scan })),
    async strike(id) {
      const store = scans("readwrite");
      const place = await asked(store.index("id").getKey(id));
      if (place !== undefined) await asked(store.delete(place));
    },
  };
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
