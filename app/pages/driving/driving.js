// The driver's desk without a signal: what is done goes into the phone first (acts.js), shows at once
// on the page, and is told to the shop when it can be. The page of a run is the shop's own, kept; what
// was done since lies over it. Without this module the same forms work as they are.

import { Acts, newId, offerOf } from "./acts.js";
import { prepareDoors, proofOf, refusedOf, wrongWith } from "./door.js";
import "./thumb.js";
import { look, prepareSwitch, seenAt } from "./where.js";

const main = document.querySelector("main");
const words = JSON.parse(document.getElementById("driving-words").textContent);
const run = () => document.getElementById("run");
const acts = new Acts({ changed: refresh, away: () => overlay(), signIn: () => say(words.sign_in, true) });

main.addEventListener("submit", keep, { capture: true });
open_();

async function open_() {
  await acts.forgetOld(run()?.dataset.person);
  prepareDoors(main.querySelectorAll("[data-stop]"));
  prepareSwitch(main.querySelector("[data-where-doors]"));
  await overlay();
  focusNext();
  main.querySelector("[data-stop][open]")?.scrollIntoView({ block: "nearest" });
  const [kept] = await Promise.all([keepRun(), install()]);
  if (kept) document.body.dataset.kept = "true";
  await showKeptRuns();
  acts.send();
  setInterval(() => acts.forgetOld(), 60_000);
}

function keepRun() {
  const { run: id, forget: forgetAt, person, name } = run()?.dataset ?? {};
  return id ? acts.keepRun({ id, forgetAt, person, name }) : false;
}

async function install() {
  if (!window.isSecureContext || !("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/driving/sw.js", { scope: "/driving" });
    await navigator.serviceWorker.ready;
  } catch { /* e.g. private browsing: the open page goes on working */ }
}

// --- what is done ---

async function keep(event) {
  const form = event.target;
  const { do: kind } = form.dataset;
  if (!kind || !run()) return;
  event.preventDefault();
  event.stopPropagation();
  const act = { id: newId(), do: kind, run: run().dataset.run, at: new Date().toISOString(), state: "waits", where: form.closest(".stop")?.querySelector(".door").textContent.trim(), forgetAt: run().dataset.forget };
  const wrong = await filled[kind](act, form, event.submitter);
  if (wrong === "asked") return overlay();
  if (wrong) return say(words[wrong] ?? wrong, true);
  say("");
  navigator.vibrate?.(40);
  await acts.put(act);
  await overlay();
  if (["take-back", "empties", "complain"].includes(kind)) emptied(form);
  if (kind === "deliver" || kind === "fail" || kind === "depart") focusNext(true);
}

/** Each fills in what it tells; returns the word for what is wrong. */
const filled = {
  load(act, form, button) {
    const field = form.querySelector("[data-scan]");
    const code = (button?.name === "code" ? button.value : field?.value ?? "").trim();
    if (field) field.value = "";
    act.code = ssccIn(code);
    const tote = main.querySelector(`[data-sscc="${CSS.escape(act.code)}"]`);
    if (!tote) return "stranger";
    return tote.dataset.inside === undefined ? "" : "twice";
  },
  depart(act, form) {
    const totes = [...main.querySelectorAll("[data-sscc]")];
    const inside = totes.filter((tote) => tote.dataset.inside !== undefined);
    if (!inside.length && !main.querySelector("[data-fetch][data-state=planned]")) return "empty";
    if (waiting(orders()).length && !form.elements.leave_behind?.checked) {
      form.querySelector("[data-behind]")?.removeAttribute("hidden");
      return "behind";
    }
    Object.assign(act, { totes: inside.map((tote) => tote.dataset.sscc), leave_behind: true });
    return "";
  },
  async deliver(act, form, button) {
    const [proof, picture] = await proofOf(form);
    Object.assign(act, {
      stop: stopOf(form),
      to: button?.value ?? "customer",
      age_checked: form.elements.age_checked?.checked ?? false,
      taken_out: form.elements.taken_out.checked,
      refused: refusedOf(form),
      proof,
      picture,
    });
    const seen = seenAt(act.stop);
    if (seen) act.seen = seen;
    return wrongWith(form, act);
  },
  fail(act, form, button) {
    const steps = button.dataset.steps.split(" ");
    const wanted = new FormData(form).get("next");
    Object.assign(act, { stop: stopOf(form), reason: button.value, next: steps.includes(wanted) ? wanted : "back" });
    return "";
  },
  note(act, form) {
    Object.assign(act, { stop: stopOf(form), words: form.elements.words.value.trim() });
    return "";
  },
  back() { return ""; },
  fetch(act, form) {
    act.request = form.closest("[data-fetch]").dataset.fetch;
    if (form.dataset.amount !== undefined) act.amount = Number(form.dataset.amount);
    return "";
  },
  "not-fetched"(act, form, button) {
    Object.assign(act, { request: form.closest("[data-fetch]").dataset.fetch, why: button.value });
    return "";
  },
  async "take-back"(act, form) {
    Object.assign(act, { order: form.dataset.order, lines: counted(form), cause: form.elements.cause.value });
    return Object.keys(act.lines).length ? said(act, form) : "choose";
  },
  empties(act, form) {
    Object.assign(act, { order: form.dataset.order, counted: counted(form) });
    return Object.keys(act.counted).length ? "" : "choose";
  },
  complain(act, form) {
    Object.assign(act, { order: form.dataset.order, kind: form.elements.kind.value, words: form.elements.words.value.trim() });
    return act.words.length < 3 ? "choose" : "";
  },
};

/** What is to be loaded, door by door. */
const orders = () => [...main.querySelectorAll("li[data-order]")];

/** Those of which something is not in the van; also what nobody has packed yet. */
function waiting(some) {
  return some.filter((order) => {
    const totes = [...order.querySelectorAll("[data-sscc]")];
    return !totes.length || totes.some((tote) => tote.dataset.inside === undefined);
  });
}

/** How many of each line, or of each deposit. */
function counted(form) {
  const found = [...form.querySelectorAll("input[type=number]")].map(({ name, value }) => [name.slice(1), Math.trunc(Number(value))]);
  return Object.fromEntries(found.filter(([, n]) => n > 0));
}

/** The sum is seen first; taken along with the second tap on the same lines. Without a signal, or while
    the delivery itself waits, nobody knows it: then that is said. */
async function said(act, form) {
  const box = form.querySelector("[data-offer]");
  const asked = JSON.stringify([act.lines, act.cause]);
  if (form.dataset.asked === asked) {
    if (form.dataset.sum) act.amount = Number(form.dataset.sum);
    return "";
  }
  const waiting = (await acts.all()).some((one) => one.state === "waits" && one.run === act.run);
  const offer = waiting ? null : await offerOf(act);
  if (offer?.problem) return offer.problem.detail;
  Object.assign(form.dataset, { asked, sum: offer ? String(offer.amount) : "" });
  box.textContent = offer ? offered(offer) : words.unknown;
  box.hidden = false;
  form.querySelector("button").textContent = words.along;
  return "asked";
}

/** As the other desks say it. */
function offered(offer) {
  const sum = offer.amount ? words.sum.replace("{sum}", money(offer)) : words.nothing_back;
  const lost = (offer.points === 1 ? words.point : words.points).replace("{n}", offer.points);
  return offer.points ? `${sum}. ${lost}` : sum;
}

/** As it was before somebody wrote in it, with a word that it is kept. */
function emptied(form) {
  form.reset();
  delete form.dataset.asked;
  const box = form.querySelector("[data-offer]");
  if (box) {
    box.hidden = true;
    form.querySelector("button").textContent = words.see;
  }
}

function money({ amount, currency }) {
  const format = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

const stopOf = (form) => form.closest("[data-stop]").dataset.stop;
const ssccIn = (code) => code.match(/(?:\/00\/|^\(?00\)?)?(\d{18})$/)?.[1] ?? code;

// --- what it looks like ---

/** What was done and is not in the page yet. */
async function overlay() {
  const all = await acts.all();
  const here = all.filter((act) => act.run === run()?.dataset.run && act.state === "waits");
  for (const act of here) shown[act.do]?.(act);
  if (run()) {
    wayBack();
    count();
  }
  tell(all);
}

const shown = {
  load({ code }) {
    const tote = main.querySelector(`[data-sscc="${CSS.escape(code)}"]`);
    if (tote) inside(tote);
  },
  depart({ totes }) {
    for (const tote of main.querySelectorAll("[data-sscc]")) if (totes.includes(tote.dataset.sscc)) inside(tote);
    for (const order of waiting(orders())) document.getElementById(`stop-${order.dataset.order}`)?.remove();
    phase("road");
  },
  deliver({ stop }) { over(stop, "delivered", words.delivered); },
  fail({ stop, next }) { over(stop, "failed", next === "again" ? words.again : words.back); },
  note({ stop }) {
    const field = document.querySelector(`#stop-${stop} form[data-do=note] button`);
    if (field) field.textContent = words.noted;
  },
  back() { phase("over"); },
  fetch({ request }) { over(request, "collected", words.fetched, "fetch"); },
  "not-fetched"({ request }) { over(request, "failed", words.not_fetched, "fetch"); },
  "take-back": keptAt,
  empties: keptAt,
  complain: keptAt,
};

function keptAt({ order }) {
  for (const form of main.querySelectorAll(`[data-along] form[data-order="${CSS.escape(order)}"]`)) {
    const line = form.closest("[data-along]").querySelector("[data-said]");
    Object.assign(line, { textContent: words.waits, hidden: false });
  }
}

function inside(tote) {
  if (tote.dataset.inside !== undefined) return;
  tote.dataset.inside = "";
  main.querySelector("[data-behind]")?.removeAttribute("hidden");
  tote.querySelector("button")?.replaceWith(tag("✓", "good push"));
  const order = tote.closest("[data-order]");
  if ([...order.querySelectorAll("[data-sscc]")].every((one) => one.dataset.inside !== undefined)) {
    order.querySelector("[data-where]").replaceWith(tag(words.inside, "good push"));
  }
}

function over(id, state, word, kind = "stop") {
  const stop = document.getElementById(`${kind}-${id}`);
  if (!stop || ["delivered", "collected", state].includes(stop.dataset.state)) return;
  stop.dataset.state = state;
  const old = stop.querySelector("[data-tag]");
  const fresh = tag(`${word} · ${words.waits}`, `push ${state === "failed" ? "bad" : "good"}`);
  fresh.dataset.tag = "";
  old.replaceWith(fresh);
  stop.open = false;
}

function tag(text, kind) {
  const made = document.createElement("span");
  made.className = `tag ${kind}`;
  made.textContent = text;
  return made;
}

function phase(name) {
  for (const section of main.querySelectorAll("[data-phase]")) section.hidden = section.dataset.phase !== name;
}

function count() {
  const loading = !main.querySelector("section[data-phase=loading]").hidden;
  const all = [...main.querySelectorAll(loading ? "[data-sscc]" : "[data-stop]")];
  const done = all.filter((one) => loading ? one.dataset.inside !== undefined : one.dataset.state !== "planned");
  main.querySelector("[data-count]").textContent = `${done.length} / ${all.length}`;
  Object.assign(main.querySelector("[data-progress]"), { max: Math.max(1, all.length), value: done.length });
}

/** After the last door. */
function wayBack() {
  const road = main.querySelector("section[data-phase=road]");
  const ahead = road.querySelector("[data-stop][data-state=planned]");
  main.querySelector("section[data-phase=back]").hidden = road.hidden || Boolean(ahead);
}

/** The next door opens; of those that failed any may be opened by hand. */
function focusNext(scroll = false) {
  const road = main.querySelector("section[data-phase=road]");
  if (!road || road.hidden) return;
  const stops = [...road.querySelectorAll("[data-stop]")];
  const next = stops.find((stop) => stop.dataset.state === "planned");
  if (!next || stops.some((stop) => stop.open && stop.dataset.state === "planned")) return;
  next.open = true;
  if (scroll) next.scrollIntoView({ block: "start" });
}

/** How much waits, and what the shop did not take in. */
function tell(all) {
  const waiting = all.filter((act) => act.state === "waits").length;
  say(waiting && (acts.away || !navigator.onLine) ? words.unsent.replace("{n}", waiting) : "");
  const box = main.querySelector("[data-answers]");
  box?.replaceChildren(...all.filter((act) => act.state === "refused").map(refusal), ...all.filter((act) => act.state === "told").map(told));
}

/** Why, and what to do now. */
function refusal(act) {
  return answer(act, "alert", `${words.refused.replace("{what}", act.why)} ${words.todo[act.do] ?? ""}`);
}

function told(act) {
  const sum = money(act.told);
  const word = act.do === "empties" ? words.card : act.told.amount ? words.sum : words.nothing_back;
  const code = act.told.code ? ` ${words.code.replace("{code}", act.told.code)}` : "";
  return answer(act, "status", word.replace("{sum}", sum) + code);
}

function answer(act, role, sentence) {
  const box = document.createElement("div");
  box.className = role === "alert" ? "asking answer" : "note answer";
  box.setAttribute("role", role);
  const where = act.where ?? document.querySelector(`#stop-${act.stop} .door`)?.textContent.trim();
  const text = document.createElement("span");
  text.textContent = [where, sentence].filter(Boolean).join(" · ");
  const read = document.createElement("button");
  read.className = "button second";
  read.textContent = words.read;
  read.addEventListener("click", async () => { await acts.strike(act.id); box.remove(); });
  box.append(text, read);
  return box;
}

function say(sentence, alarm = false) {
  const line = main.querySelector("[data-unsent]");
  if (!line) return;
  line.textContent = sentence;
  line.hidden = !sentence;
  if (alarm) {
    navigator.vibrate?.([200, 80, 200]);
    line.scrollIntoView({ block: "nearest" });
  }
}

/** The shop has answered: its page is put in the place of ours, and what still waits over it. A door in
    which somebody writes is not taken from under their hands. */
async function refresh() {
  if (!run()) return overlay();
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.status === 410) await acts.forget(run().dataset.run);
  if (!answer?.ok || answer.redirected) return overlay();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const mine = [...main.querySelectorAll(".stop[open]")];
  for (const stop of mine) {
    const other = fresh.querySelector(`#${stop.id}`);
    if (!other || other.dataset.state !== stop.dataset.state) continue;
    other.open = true;
    if (stop.dataset.touched !== undefined) other.replaceWith(document.adoptNode(stop));
  }
  const [behind, ticked] = [fresh, main].map((one) => one.querySelector("[name=leave_behind]"));
  if (behind && ticked) behind.checked = ticked.checked;
  const untouched = fresh.querySelectorAll("[data-stop]:not([data-touched])");
  main.replaceChildren(...fresh.childNodes);
  prepareDoors(untouched);
  prepareSwitch(main.querySelector("[data-where-doors]"));
  await overlay();
  focusNext();
  return keepRun();
}

for (const kind of ["input", "pointerdown"]) {
  main.addEventListener(kind, ({ target }) => {
    const at = target.closest("[data-stop]")?.dataset.stop;
    if (at) look(at);
    if (target.closest("canvas, input, select, textarea, .step, details.open-up summary")) target.closest(".stop")?.setAttribute("data-touched", "");
  });
}

async function showKeptRuns() {
  const list = main.querySelector("[data-kept-runs]");
  for (const { id, name } of list ? await acts.runs() : []) {
    const link = document.createElement("a");
    link.className = "button second wide";
    link.href = `/driving/${id}`;
    link.textContent = name;
    list.appendChild(document.createElement("li")).append(link);
  }
}
