// The distance slider: how many products every poster size holds, while it is moved.

const slider = document.querySelector("#distance");
const shown = document.querySelector("#distance-shown");
const table = document.querySelector("#room-table");
let asking = null;

slider.addEventListener("input", () => {
  shown.value = `${(slider.value / 1000).toFixed(2)} m`;
  asking?.abort();
  asking = new AbortController();
  show(slider.value, asking.signal).catch((error) => {
    if (error.name !== "AbortError") table.setAttribute("aria-busy", "true");
  });
});

async function show(distance, signal) {
  const address = `/api/v1/posters/room?distance_mm=${distance}&products=${table.dataset.products}`;
  const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  table.removeAttribute("aria-busy");
  for (const size of await answer.json()) {
    const row = table.querySelector(`tr[data-format="${CSS.escape(size.format)}"]`);
    if (!row) continue;
    row.cells[1].replaceChildren(strong(size.products));
    row.cells[2].textContent = `${size.rows} × ${size.columns}`;
  }
}

function strong(number) {
  const element = document.createElement("strong");
  element.textContent = number;
  return element;
}
