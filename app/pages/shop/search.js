// Answers while somebody types, by asking for the page of results. Without it the button does.

const PAUSE_MS = 180;
const form = document.querySelector("[data-ask]");
const shown = document.querySelector("[data-results]");
let waiting = 0;
let asking = null;

form?.addEventListener("input", (event) => {
  if (event.isComposing) return;  // a syllable of Hangul is not finished yet
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE_MS);
});
form?.addEventListener("compositionend", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE_MS);
});

async function ask() {
  const address = `/search?${new URLSearchParams({ q: form.elements.q.value.trim() })}`;
  asking?.abort();
  asking = new AbortController();
  shown.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: asking.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-results]");
    if (!answer.ok || !fresh) return;
    shown.replaceChildren(...fresh.childNodes);
    document.title = page.title;
    history.replaceState(null, "", address);
  } catch (error) {
    if (error.name === "AbortError") return;  // the next letter is on its way
  }
  shown.removeAttribute("aria-busy");
}
