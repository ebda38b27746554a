// Makes a desk's forms quick: the answer replaces the page without a flash, the scan field is always
// ready for a wedge scanner, and a lost connection keeps the form, with the same command id, to be
// sent again. Without this module the same forms work as they are.

const main = document.querySelector("main");
const words = document.body.dataset;
const scanned = [];
let unsent = false;
let turns = 0;

function ready() {
  const field = main.querySelector("[data-scan]");
  for (const button of main.querySelectorAll("[data-print]")) button.hidden = false;
  const needed = main.querySelector("[data-needed]");
  if (needed) needed.focus({ preventScroll: true });
  else if (field) {
    if (field.dataset.kept === undefined) field.value = "";
    field.focus({ preventScroll: true });
    field.select();  // what was kept is replaced by what is read next
  }
  const halt = main.querySelector("[data-sound]");
  if (halt) alarm(halt.dataset.sound);
  main.dispatchEvent(new CustomEvent("desk:ready"));
}

// A module that sends by itself (picking/cellar.js) shows and sounds the same way.
main.addEventListener("desk:show", ({ detail }) => show(detail.text, detail.address, detail.moved));
main.addEventListener("desk:alarm", ({ detail }) => alarm(detail));

// A scanner types as fast as a machine; wherever the focus is, its digits belong to the scan field.
document.addEventListener("keydown", (event) => {
  const field = main.querySelector("[data-scan]");
  const typing = /^(input|select|textarea)$/i.test(event.target.tagName);
  if (field && !typing && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && event.key !== " ") {
    field.focus({ preventScroll: true });
  }
});

main.addEventListener("click", ({ target }) => { if (target.closest("[data-print]")) print(); });

main.addEventListener("input", ({ target }) => { if (target.matches("[data-scan]")) unsent = true; });

main.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || form.dataset.plain !== undefined) return;
  event.preventDefault();
  if (main.classList.contains("busy")) return later(form);
  const field = form.querySelector("[data-scan]");
  const sent = field?.value;
  const typed = typedIn(form);
  const body = new URLSearchParams(new FormData(form, event.submitter));
  body.set("at", new Date().toISOString());
  main.classList.add("busy");
  turns += 1;
  if (field) {
    unsent = false;
    field.select();  // what a scanner reads next takes its place
  }
  try {
    const button = event.submitter;
    const address = button?.hasAttribute("formaction") ? button.formAction : form.action;
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "text/html" }, signal: AbortSignal.timeout(12000) });
    if (!exchange(await answer.text(), answer.url, answer.redirected)) throw new Error("this is no page");
    if (answer.ok) alarm("good");
    else if (!field) again(typed);
  } catch {
    if (sent) field.value = sent;
    return away();
  } finally {
    main.classList.remove("busy");
  }
  return next();
});

// A scanner does not wait for the answer to the code before: what it reads meanwhile is sent after it,
// in its order, while the same field is there to take it. A button that is pressed twice is not.
function later(form) {
  const field = form.querySelector("[data-scan]");
  if (!field?.value || !unsent) return;
  unsent = false;
  scanned.push({ to: form.action, code: field.value });
  field.value = "";
}

function next() {
  if (!scanned.length) return;
  const field = main.querySelector("[data-scan]");
  const { to, code } = scanned.shift();
  if (field?.form?.action !== to) return void (scanned.length = 0);
  const typed = unsent ? field.value : "";
  field.value = code;
  field.form.requestSubmit();
  if (!typed) return;
  field.value = typed;
  unsent = true;
}

/** In place of the page; what is being typed for the next one stays. */
function exchange(...page) {
  const before = main.querySelector("[data-scan]");
  if (!show(...page)) return false;
  const field = main.querySelector("[data-scan]");
  if (unsent && field && field.form?.action === before?.form?.action) field.value = before.value;
  return true;
}

function show(text, address, moved) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.querySelector("main");
  if (!fresh) return void away();
  turns += 1;
  main.replaceChildren(...fresh.childNodes);
  document.title = page.title;
  document.body.className = page.body.className;
  if (moved && address !== location.href) history.pushState(null, "", address);
  if (moved) scrollTo(0, 0);
  ready();
  return true;
}

// What was refused stands there again as it was typed, to be put right.
const TYPED = "textarea, select, input:not([type=hidden], [type=password], [type=radio], [type=checkbox], [type=file])";

function typedIn(form) {
  const hidden = [...form.querySelectorAll("input[type=hidden]")].filter((one) => one.name !== "command");
  return {
    to: form.getAttribute("action"),
    about: hidden.map((one) => [one.name, one.value]),
    fields: [...form.querySelectorAll(TYPED)].map((one) => [one.name, one.value]),
  };
}

function again({ to, about, fields }) {
  const same = (form) => form.getAttribute("action") === to && about.every(([name, value]) => form.elements[name]?.value === value);
  const form = [...main.querySelectorAll("form[method=post]")].find(same);
  if (!form || form.querySelector("[data-scan]")) return;
  for (const [name, value] of fields) {
    const field = form.elements[name];
    if (!field?.matches?.(TYPED) || field.value !== field.defaultValue) continue;
    if (field.tagName === "SELECT" || !field.value) field.value = value;
  }
  for (let box = form.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
}

function away() {
  main.querySelector(".away")?.remove();
  const note = document.createElement("p");
  note.className = "away";
  note.setAttribute("role", "alert");
  note.textContent = words.away;
  main.append(note);
}

function alarm(kind) {
  navigator.vibrate?.(kind === "good" ? 40 : [200, 80, 200]);
  try {
    const sound = (alarm.context ??= new AudioContext());
    const tone = sound.createOscillator();
    const loud = sound.createGain();
    tone.frequency.value = kind === "good" ? 1250 : 220;
    loud.gain.value = 0.08;
    tone.connect(loud).connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + (kind === "good" ? 0.07 : 0.45));
  } catch {
    // A browser without sound still has the colour.
  }
}

// What waits for somebody else's word looks after itself, and its time runs down.
setInterval(() => {
  for (const one of main.querySelectorAll("[data-until]")) {
    const left = Math.max(0, Math.round((new Date(one.dataset.until) - Date.now()) / 1000));
    one.textContent = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : "";
  }
}, 1000);

setInterval(async () => {
  const waits = main.querySelector("[data-again]");
  if (!waits || document.hidden || main.classList.contains("busy")) return;
  const turn = turns;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(3000) });
    const text = await answer.text();
    if (!answer.ok || turn !== turns) return;  // what is shown by now is newer
    if (main.querySelector("[data-idle]")) return exchange(text, answer.url, false);
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById(waits.id);
    if (fresh) waits.replaceWith(fresh);
  } catch {
    // Without a connection there is no word either.
  }
}, 4000);

addEventListener("popstate", () => location.reload());
ready();
