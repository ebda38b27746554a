// Says on the page of a product what is left of it, within a second. Without it, reloading does.

// Told, not imported: basket.js is on this page already, and a module that is loaded under two
// addresses runs twice.
const refresh = () => document.dispatchEvent(new Event("perron:look"));

const shown = document.querySelector("[data-live=supply]");

if (shown && "EventSource" in window) {
  const news = new EventSource(`/api/v1/products/${shown.dataset.product}/supply/events`);
  let first = true;
  news.addEventListener("supply", () => { if (!first) refresh(); first = false; });
  news.addEventListener("error", () => { first = false; });  // connected again, it may have missed some
  addEventListener("pagehide", () => news.close());
}
