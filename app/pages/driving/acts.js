// What a driver did, on its way to the shop. Each act is written down before anything else happens and
// keeps its id until it was answered: telling it again is harmless, closing the page loses nothing.
// Everything of a run is gone from the phone a day after the shift, answered or not.

const AGAIN_AFTER_MS = 4000;
const MOST_AT_ONCE = 25;
const MOST_BYTES = 1_200_000;
const RUNS = "driving-runs";

export class Acts {
  #book;
  #hear;
  #sending = false;
  #more = false;
  #timer;
  /** The shop did not answer the last time. */
  away = false;

  /** `hear.changed()` when one was answered, `hear.away()` when nobody answers, `hear.signIn()` when
      nobody is signed in any more. */
  constructor(hear) {
    this.#hear = hear;
    this.#book = openBook();
    window.addEventListener("online", () => this.send());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.send(); });
  }

  async all() { return (await this.#book).all("acts"); }
  async runs() { return (await this.#book).all("runs"); }

  async put(act) {
    await (await this.#book).add(act);
    this.send();
  }

  async strike(id) { await (await this.#book).strike(id); }

  /** The page of a run, so that it opens without a signal, and until when it may stay. */
  async keepRun(run) {
    await (await this.#book).keepRun(run);
    if (!("caches" in window)) return false;
    const answer = await fetch(`/driving/${run.id}`, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer?.status === 410) await this.forget(run.id);
    if (!answer?.ok || answer.redirected) return false;
    await (await caches.open(RUNS)).put(`/driving/${run.id}`, answer);
    return true;
  }

  async forget(runId) {
    await (await this.#book).forget(runId);
    await this.#forgetPage(runId);
  }

  /** What is over for a day goes. With another driver at this phone the addresses go at once; what
      was done and is not told yet waits for its day. */
  async forgetOld(person) {
    const now = Date.now();
    for (const run of await this.runs()) {
      if (Date.parse(run.forgetAt) < now) await this.forget(run.id);
      else if (person && run.person !== person) await this.#forgetPage(run.id);
    }
    for (const act of await this.all()) if (Date.parse(act.forgetAt) < now) await this.strike(act.id);
  }

  async #forgetPage(runId) {
    await (await this.#book).forgetRun(runId);
    if ("caches" in window) await (await caches.open(RUNS)).delete(`/driving/${runId}`);
  }

  async send() {
    this.#more = true;
    if (this.#sending) return;
    this.#sending = true;
    clearTimeout(this.#timer);
    try {
      // One that comes after the last look, while the lock is given back, is looked for again.
      while (this.#more) {
        this.#more = false;
        await oneTabAtATime(() => this.#sendAll());
      }
    } catch {
      this.#later();
    } finally {
      this.#sending = false;
    }
  }

  async #sendAll() {
    for (let most = MOST_AT_ONCE; ;) {
      const waiting = (await this.all()).filter((act) => act.state === "waits");
      if (!waiting.length) return;
      const batch = await written(waiting, most);
      const answer = await tell(batch);
      if (!answer) {
        this.away = true;
        this.#hear.away();
        return this.#later();
      }
      if (answer.status === 401) return this.#hear.signIn();
      if (!answer.ok) {
        if (answer.status >= 500 || answer.status === 429 || answer.status === 403) return this.#later();
        if (batch.length > 1) { most = 1; continue; }  // one of them cannot be read: which one?
        const problem = await answer.json().catch(() => ({ detail: answer.statusText }));
        await this.#settle(batch[0], { state: "refused", problem });
        await this.#hear.changed();
        continue;
      }
      this.away = false;
      const { results, forget } = await answer.json();
      for (const [place, act] of batch.entries()) await this.#settle(act, results[place]);
      for (const run of forget) await this.forget(run);
      await this.#hear.changed();
      if (results.every((result) => result.state === "waits")) return this.#later();
    }
  }

  async #settle(act, result) {
    const { amount, currency, code } = result.outcome ?? {};
    if (result.state === "done" && amount !== undefined) await (await this.#book).answer(act.id, { amount, currency, code });
    else if (result.state === "done") await this.strike(act.id);
    if (result.state === "refused") await (await this.#book).refuse(act.id, result.problem?.detail ?? "");
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.send(), AGAIN_AFTER_MS);
  }
}

/** Also where the page is not secure, so that the browser makes none. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** What it would bring, to be said before anybody agrees: the sum and the points it takes, or the
    problem; nothing without an answer. It changes nothing, so it is not kept. */
export async function offerOf({ run, order, lines, cause }) {
  const answer = await fetch(`/driving/${run}/door/${order}/offer`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ lines, cause }),
    signal: AbortSignal.timeout(5000),
  }).catch(() => null);
  if (answer?.ok) return answer.json();
  return answer && answer.status < 500 && answer.status !== 401 && answer.status !== 429 ? { problem: await answer.json().catch(() => null) } : null;
}

/** As many as fit into one request, each as the shop reads it; pictures in base64. */
async function written(acts, most) {
  const found = [];
  let bytes = 0;
  for (const { place, state, why, where, picture, forgetAt, ...act } of acts.slice(0, most)) {
    if (picture) act.proof = { ...act.proof, picture: await base64(picture) };
    bytes += act.proof?.picture?.length ?? 0;
    if (found.length && bytes > MOST_BYTES) break;
    found.push(act);
  }
  return found;
}

function tell(acts) {
  return fetch("/api/v1/driving/replay", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ acts, sent_at: new Date().toISOString() }),
    signal: AbortSignal.timeout(30000),
  }).catch(() => null);
}

async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** Two tabs of one phone would tell the same: harmless, but twice the traffic. */
function oneTabAtATime(act) {
  return navigator.locks ? navigator.locks.request("perron-driving", act) : act();
}

/** The book in the phone's own database; where there is none (private browsing), in memory. */
async function openBook() {
  try {
    return inDatabase(await asked(Object.assign(indexedDB.open("perron-driving", 1), {
      onupgradeneeded({ target }) {
        const acts = target.result.createObjectStore("acts", { keyPath: "place", autoIncrement: true });
        acts.createIndex("id", "id", { unique: true });
        target.result.createObjectStore("runs", { keyPath: "id" });
      },
    })));
  } catch {
    return inMemory();
  }
}

function inDatabase(database) {
  const store = (name, mode) => database.transaction(name, mode).objectStore(name);
  const acts = () => store("acts", "readwrite");
  return {
    all: (name) => asked(store(name, "readonly").getAll()),
    add: (act) => asked(acts().add(act)),
    keepRun: (run) => asked(store("runs", "readwrite").put(run)),
    async strike(id) {
      const book = acts();
      const place = await asked(book.index("id").getKey(id));
      if (place !== undefined) await asked(book.delete(place));
    },
    async refuse(id, why) {
      const book = acts();
      const act = await asked(book.index("id").get(id));
      if (act) await asked(book.put({ ...act, state: "refused", why, picture: null }));
    },
    async answer(id, told) {
      const book = acts();
      const act = await asked(book.index("id").get(id));
      if (act) await asked(book.put({ ...act, state: "told", told }));
    },
    forgetRun: (runId) => asked(store("runs", "readwrite").delete(runId)),
    async forget(runId) {
      const book = acts();
      for (const act of await asked(book.getAll())) if (act.run === runId) book.delete(act.place);
    },
  };
}

function inMemory() {
  const kept = { acts: [], runs: [] };
  const without = (name, field, value) => { kept[name] = kept[name].filter((one) => one[field] !== value); };
  return {
    all: async (name) => kept[name],
    add: async (act) => { kept.acts.push(act); },
    keepRun: async (run) => { without("runs", "id", run.id); kept.runs.push(run); },
    strike: async (id) => without("acts", "id", id),
    refuse: async (id, why) => { for (const act of kept.acts) if (act.id === id) Object.assign(act, { state: "refused", why, picture: null }); },
    answer: async (id, told) => { for (const act of kept.acts) if (act.id === id) Object.assign(act, { state: "told", told }); },
    forgetRun: async (runId) => without("runs", "id", runId),
    forget: async (runId) => without("acts", "run", runId),
  };
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
