// What was done and not answered yet, in the order in which it was done, in the phone's own database;
// where there is none (private browsing), in memory. The same idea as the scanner's outbox.

export async function openBook() {
  let database;
  try {
    database = await asked(Object.assign(indexedDB.open("perron-picking", 1), {
      onupgradeneeded({ target }) { target.result.createObjectStore("acts", { keyPath: "place", autoIncrement: true }); },
    }));
  } catch {
    let place = 0;
    return { all: async () => [], write: async () => ++place, strike: async () => {} };
  }
  const acts = (mode) => database.transaction("acts", mode).objectStore("acts");
  return {
    all: () => asked(acts("readonly").getAll()),
    write: (act) => asked(acts("readwrite").add(act)),
    strike: (place) => asked(acts("readwrite").delete(place)),
  };
}

/** Two tabs of one handheld would send the same acts: harmless, but out of order. */
export function oneTabAtATime(act) {
  return navigator.locks ? navigator.locks.request("perron-picking", act) : act();
}

export function randomId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
