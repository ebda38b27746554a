// The distance slider: how many products every poster size holds, and what these would take, while
// it is moved. The page says it in its own words; only that part of it is exchanged.

const slider = document.querySelector("#distance");
const shown = document.querySelector("#distance-shown");
const metres = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
let asking = null;

slider.addEventListener("input", () => {
  shown.value = `${metres.format(slider.value / 1000)} m`;
  asking?.abort();
  asking = new AbortController();
  show(slider.value, asking.signal).catch((error) => {
    if (error.name !== "AbortError") room().setAttribute("aria-busy", "true");
  });
});

async function show(distance, signal) {
  const address = `${location.pathname}?distance=${distance}`;
  const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  room().replaceWith(document.adoptNode(page.querySelector("[data-room]")));
}

const room = () => document.querySelector("[data-room]");
