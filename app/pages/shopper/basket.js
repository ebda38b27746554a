// Keeps what the page shows of the basket up to date. Without this module the forms work as forms.

let listening = null;
let looking = null;

export const shownVersion = () => Number(part("bar")?.dataset.version ?? 0);

/** Show the basket as it is now: fetch this page again and exchange what lives in it. */
export async function refresh() {
  looking ??= fetchPage(location.href).catch(tellOffline).finally(() => { looking = null; });
  return looking;
}

/** Hear of every change, from whichever phone or page it comes. */
export function listen() {
  if (listening || !("EventSource" in window)) return;
  listening = new EventSource("/api/v1/cart/events");
  const heard = (event) => { if (Number(event.lastEventId) > shownVersion()) refresh(); };
  listening.addEventListener("change", heard);
  listening.addEventListener("snapshot", heard);
}

async function fetchPage(address, options = {}) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, ...options });
  exchange(new DOMParser().parseFromString(await answer.text(), "text/html"));
  return answer;
}

function exchange(page) {
  const focused = labelOf(document.activeElement);
  for (const fresh of page.querySelectorAll("[data-live]")) {
    const old = part(fresh.dataset.live);
    if (!old || Number(fresh.dataset.version ?? 0) < Number(old.dataset.version ?? 0)) continue;
    old.replaceWith(document.adoptNode(fresh));
  }
  if (focused) document.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
}

async function send(form, button) {
  form.setAttribute("aria-busy", "true");
  if (button) button.disabled = true;
  try {
    const fields = new URLSearchParams(new FormData(form));
    if (button?.name) fields.set(button.name, button.value);
    const answer = await fetch(form.action, { method: "POST", body: fields });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    exchange(page);
    say(form, page);
    listen();
  } catch {
    tellOffline();  // the form keeps its command id, so the next tap cannot act twice
  } finally {
    form.removeAttribute("aria-busy");
    if (button) button.disabled = false;
  }
}

/** The note of the answered page, and fresh ids for the next tap. */
function say(form, page) {
  const notes = [...page.querySelectorAll("main .note[role]")];
  const here = form.closest("[data-live]") ? null : form;
  if (here) {
    const note = notes[0];
    here.parentElement.querySelector(".note.said")?.remove();
    if (note) {
      note.classList.add("said");
      here.before(document.adoptNode(note));
    }
    const command = here.querySelector("[name=command]");
    if (command) command.value = crypto.randomUUID?.() ?? randomId();
  }
}

/** `crypto.randomUUID` is missing on plain http; this is the same (RFC 9562, version 4). */
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function tellOffline() {
  const bar = part("bar");
  const status = bar?.querySelector("[data-say]");
  if (!status) return;
  status.classList.remove("unseen");
  status.textContent = bar.dataset.offline;
}

const part = (name) => document.querySelector(`[data-live="${name}"]`);
const labelOf = (element) => element?.getAttribute?.("aria-label");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-quiet]")) return;
  event.preventDefault();
  send(form, event.submitter);
});
document.addEventListener("perron:look", refresh);
window.addEventListener("online", refresh);
window.addEventListener("pageshow", (event) => { if (event.persisted) refresh(); });
if (shownVersion() > 0) listen();
