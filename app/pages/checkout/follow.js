// The order's page follows the order: each new version brings the page again, and its middle is
// put in place, so that what it says has one source.

import { follow as hear } from "../asking.js";
import { released } from "../pressing.js";

const order = () => document.getElementById("order");

async function show(page) {
  const text = await page.text();
  await released();
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("order");
  if (!fresh || Number(fresh.dataset.version) < Number(order().dataset.version)) return;
  const open = [...order().querySelectorAll("details[open] > summary")].map((one) => one.textContent);
  fresh.querySelectorAll("details").forEach((one) => {
    one.open = open.includes(one.querySelector("summary").textContent);
  });
  // The region that is read aloud stays, only its words change.
  order().querySelector("[role=status]").innerHTML = fresh.querySelector("[role=status]").innerHTML;
  fresh.querySelector("[role=status]").replaceWith(order().querySelector("[role=status]"));
  order().replaceWith(fresh);
}

async function look() {
  const page = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (page.ok) await show(page);
}

// The time to answer runs down on the page; it is over when the shop's own clock says so.
function countDown() {
  for (const one of order().querySelectorAll("[data-until]")) {
    const left = Math.max(0, Math.round((new Date(one.dataset.until) - Date.now()) / 1000));
    one.textContent = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : "";
    if (!left && !one.over) {
      one.over = true;
      setTimeout(() => look().catch(() => {}), 6000);
    }
  }
}

function follow() {
  const { token, version } = order().dataset;
  hear(`/api/v1/orders/${token}/events?seen=${version}`, { version: () => look().catch(() => {}) });
}

// Nobody told the shop yet? Then it asks, twice, and after that by itself in the background.
async function ask() {
  if (order().dataset.state !== "placed") return;
  const body = new URLSearchParams();
  const page = await fetch(`/orders/${order().dataset.token}/ask`, { method: "POST", body });
  if (page.ok) await show(page);
}

follow();
countDown();
setInterval(countDown, 1000);
for (const wait of [1500, 6000]) setTimeout(() => ask().catch(() => {}), wait);
