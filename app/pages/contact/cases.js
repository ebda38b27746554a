// The list of cases follows by itself: each new version brings the page again, and its list is put
// in place, so that what it says has one source.

const shown = () => document.getElementById("cases");

async function refresh() {
  const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("cases");
  if (fresh) shown().replaceWith(document.adoptNode(fresh));
}

const news = new EventSource("/contact/cases/events");
news.addEventListener("version", (event) => {
  if (Number(event.data) !== Number(shown().dataset.version)) refresh();
});
