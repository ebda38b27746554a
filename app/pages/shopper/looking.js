// A customer's basket, seen by who helps them: what either does is on both screens at once.

const shown = () => document.querySelector('[data-live="looking"]');

async function refresh(options = {}, address = location.pathname) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, ...options }).catch(() => null);
  if (!answer?.ok) return answer && location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector('[data-live="looking"]');
  if (!fresh) return location.reload();
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
