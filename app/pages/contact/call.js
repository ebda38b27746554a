// What the customer or another desk changes is here at once; what is being typed is left alone.

const main = document.querySelector("main");
const call = document.getElementById("call")?.dataset.call;

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || main.classList.contains("busy")) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [fresh, old] = [page.querySelector("[data-live]"), main.querySelector("[data-live]")];
  if (!fresh || !old) return;
  const written = [...old.querySelectorAll("input:not([type=hidden]), textarea")].filter((field) => field.value);
  for (const field of written) {
    const twin = field.id && fresh.querySelector(`#${CSS.escape(field.id)}`);
    if (twin) twin.value = field.value;
  }
  const focused = document.activeElement?.id;
  old.replaceWith(document.adoptNode(fresh));
  if (focused) document.getElementById(focused)?.focus();
}

if (call && main.querySelector("[data-live]")) {
  const news = new EventSource(`/contact/calls/${call}/events`);
  news.addEventListener("version", (event) => {
    const shown = Number(main.querySelector("[data-live]")?.dataset.version ?? 0);
    if (Number(event.data) !== shown) refresh();
  });
}
