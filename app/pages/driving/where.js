// Where a door is, told at the moment something is handed over there, and only by a driver who agreed to
// it on this phone. Nobody is followed: between two doors nothing is asked and nothing kept.

const AGREED = "perron-doors";
const OLDEST_MS = 90_000;
const ASKED = { enableHighAccuracy: true, maximumAge: 15_000, timeout: 20_000 };
let last = null;

/** The driver's own switch; absent where the phone cannot tell. */
export function prepareSwitch(box) {
  if (!box || !("geolocation" in navigator) || !window.isSecureContext) return;
  const input = box.querySelector("input");
  box.hidden = false;
  input.checked = agreed();
  input.addEventListener("change", () => {
    if (!input.checked) return forget();
    localStorage.setItem(AGREED, "yes");
    navigator.geolocation.getCurrentPosition(() => {}, ({ code }) => {
      if (code !== 1) return;  // not refused, just not found
      forget();
      input.checked = false;
    }, ASKED);
  });
}

/** Somebody touches the card of a door: they stand at it, or soon will. */
export function look(stop) {
  if (!agreed() || (last?.stop === stop && Date.now() - last.at < 10_000)) return;
  last = { stop, at: Date.now() };
  navigator.geolocation?.getCurrentPosition(({ coords }) => {
    last = { stop, at: Date.now(), seen: { latitude: coords.latitude, longitude: coords.longitude, accuracy_m: Math.min(coords.accuracy, 100_000) } };
  }, () => {}, ASKED);
}

/** What is known of this door by now, without waiting; null for none. */
export function seenAt(stop) {
  return agreed() && last?.stop === stop && Date.now() - last.at < OLDEST_MS ? last.seen ?? null : null;
}

function agreed() {
  try { return localStorage.getItem(AGREED) === "yes"; } catch { return false; }
}

function forget() {
  last = null;
  try { localStorage.removeItem(AGREED); } catch { /* it was never kept */ }
}
