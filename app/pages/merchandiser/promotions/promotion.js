// The form as one sentence: only the fields of its kind, and a preview that follows the typing.

const form = document.querySelector("form[data-kind]");
const preview = document.querySelector("[data-preview]");
const kind = form.elements.kind;
const PAUSE_MS = 350;
let waiting = null;
let asking = null;

kind.addEventListener("change", showKind);
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE_MS);
});
showKind();

function showKind() {
  for (const part of form.querySelectorAll("[data-kinds]")) {
    part.hidden = !part.dataset.kinds.split(" ").includes(kind.value);
  }
}

async function ask() {
  asking?.abort();
  asking = new AbortController();
  preview.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(preview.dataset.preview, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      signal: asking.signal,
    });
    if (!answer.ok) return;
    preview.innerHTML = await answer.text();
    preview.removeAttribute("aria-busy");
  } catch (error) {
    if (error.name !== "AbortError") preview.setAttribute("aria-busy", "true");
  }
}
