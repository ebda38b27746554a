// A customer's basket, seen by who helps them: what either does is on both screens at once.

import { released } from "../pressing.js";

const shown = () => document.querySelector('[data-live="looking"]');

let asked = 0;
let newest = 0;

async function refresh(options = {}, address = location.pathname) {
  const turn = ++asked;
  const answer = await fetch(address, { headers: { Accept: "text/html" }, ...options }).catch(() => null);
  if (!answer?.ok) return answer && location.reload();
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
const news = new EventSource("/looking/events");
news.addEventListener("version", (event) => {
  if (Number(event.data) > Number(shown().dataset.version)) refresh();
});
news.addEventListener("ended", () => location.reload());
