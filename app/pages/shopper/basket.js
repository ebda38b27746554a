// Keeps what the page shows of the basket up to date. Without this module the forms work as forms.

import { released } from "../pressing.js";

const patiently = () => import("../asking.js");  // later: the first page is small

let listening = false;
let looking = null;
let again = false;
let asked = 0;
let newest = 0;

export const shownVersion = () => Number(part("bar")?.dataset.version ?? 0);

/** Show the basket as it is now: fetch this page again and exchange what lives in it. */
export function refresh() {
  again = true;
  looking ??= look().finally(() => { looking = null; });
  return looking;
}

/** What is heard of meanwhile may not be in the page that comes. */
async function look() {
  while (again) {
    again = false;
    await fetchPage(location.href).catch(tellOffline);
  }
}

/** Hear of every change, from whichever phone or page it comes. */
export function listen() {
  if (listening || !("EventSource" in window)) return;
  listening = true;
  const heard = (event) => { if (Number(event.lastEventId) > shownVersion()) refresh(); };
  patiently().then(({ follow }) => follow("/api/v1/cart/events", { change: heard, snapshot: heard }), () => { listening = false; });
}

async function fetchPage(address) {
  const turn = ++asked;
  const { ask, waitOf } = await patiently();
  const answer = await ask(address, { headers: { Accept: "text/html" } });
  const wait = waitOf(answer);
  if (wait) return void setTimeout(refresh, wait);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  await released();
  exchange(page, turn);
}

/** `sent`: the form this is the answer to. What is being typed in others stays. */
function exchange(page, turn, sent = null) {
  if (turn < newest) return;  // what was asked for later is shown already
  newest = turn;
  const [focused, place] = [labelOf(document.activeElement), document.activeElement?.id];
  for (const fresh of page.querySelectorAll("[data-live]")) {
    const old = part(fresh.dataset.live);
    if (!old || Number(fresh.dataset.version ?? 0) < Number(old.dataset.version ?? 0)) continue;
    for (const field of old.querySelectorAll("input[id]:not([type=hidden])")) {
      const twin = field.value !== field.defaultValue && !sent?.contains(field) && fresh.querySelector(`#${CSS.escape(field.id)}`);
      if (twin) twin.value = field.value;
    }
    old.replaceWith(document.adoptNode(fresh));
  }
  if (focused) document.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
  else if (place) document.getElementById(place)?.focus();
}

async function send(form, button) {
  const turn = ++asked;
  form.setAttribute("aria-busy", "true");
  if (button) button.disabled = true;
  try {
    const fields = new URLSearchParams(new FormData(form));
    if (button?.name) fields.set(button.name, button.value);
    const { ask, randomId, waitOf } = await patiently();
    const answer = await ask(form.action, { method: "POST", body: fields });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    tell(page.querySelector(".problem h1")?.textContent);
    if (answer.status >= 500 || waitOf(answer)) return;  // perhaps done: the next tap is the same command
    exchange(page, turn, form);
    say(form, page, randomId());
    listen();
  } catch {
    tellOffline();  // the form keeps its command id, so the next tap cannot act twice
  } finally {
    form.removeAttribute("aria-busy");
    if (button) button.disabled = false;
  }
}

/** The note of the answered page, and fresh ids for the next tap. */
function say(form, page, id) {
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
    if (command) command.value = id;
  }
}

const tellOffline = () => tell(part("bar")?.dataset.offline);

function tell(sentence) {
  const status = sentence && part("bar")?.querySelector("[data-say]");
  if (!status) return;
  status.classList.remove("unseen");
  status.textContent = sentence;
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
