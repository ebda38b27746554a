// Says on the page of a product what is left of it, within a second. Without it, reloading does.

import { follow } from "../asking.js";

// Told, not imported: basket.js is on this page already, and a module that is loaded under two
// addresses runs twice.
const refresh = () => document.dispatchEvent(new Event("perron:look"));

const shown = document.querySelector("[data-live=supply]");

if (shown && "EventSource" in window) {
  let first = true;
  const close = follow(`/api/v1/products/${shown.dataset.product}/supply/events`, {
    supply() { if (!first) refresh(); first = false; },
    error() { first = false; },  // connected again, it may have missed some
  });
  addEventListener("pagehide", close);
}
