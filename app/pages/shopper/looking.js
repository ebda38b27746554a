// A customer's basket, seen by who helps them: what either does is on both screens at once.

import { ask, follow, waitOf } from "../asking.js";
import { released } from "../pressing.js";

const shown = () => document.querySelector('[data-live="looking"]');

const AGAIN_MS = 3000;
let again;
let asked = 0;
let newest = 0;

async function refresh(options = {}, address = location.pathname) {
  const turn = ++asked;
  const answer = await ask(address, { headers: { Accept: "text/html" }, ...options }).catch(() => null);
  if (!answer || waitOf(answer)) {
    clearTimeout(again);
    again = setTimeout(refresh, answer ? waitOf(answer) : AGAIN_MS);
    return undefined;
  }
  if (!answer.ok) return location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector('[data-live="looking"]');
  if (!fresh) return location.reload();
  await released();
  if (turn < newest) return undefined;  // what was asked for later is shown already
  newest = turn;
  const focused = document.activeElement?.getAttribute("aria-label");
  shown().replaceWith(document.adoptNode(fresh));
  if (focused) document.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
  return undefined;
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  refresh({ method: "POST", body: new URLSearchParams(new FormData(event.target)) }, event.target.action);
});
follow("/looking/events", {
  version(event) { if (Number(event.data) > Number(shown().dataset.version)) refresh(); },
  ended() { location.reload(); },
});
