// The list of cases follows by itself: each new version brings the page again, and its list is put
// in place, so that what it says has one source.

import { follow } from "../asking.js";
import { released } from "../pressing.js";

const shown = () => document.getElementById("cases");

async function refresh() {
  const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const text = await answer.text();
  await released();
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("cases");
  if (fresh && Number(fresh.dataset.version) >= Number(shown().dataset.version)) shown().replaceWith(document.adoptNode(fresh));
}

follow("/contact/cases/events", {
  version(event) { if (Number(event.data) !== Number(shown().dataset.version)) refresh(); },
});
