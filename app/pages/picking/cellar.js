// Picking where there is no signal: what is scanned or tapped is written down on the handheld first,
// with its command id, and sent in that order; each act counts once however often it is sent. Without
// a signal the list goes on by what the page knows, and a wrong item is told all the same.

import { install } from "../shopper/install.js";
import { offerCamera } from "./camera.js";
import { oneTabAtATime, openBook, randomId } from "./book.js";

const AGAIN_AFTER_MS = 3000;
const PATIENCE_MS = 8000;
const KEPT = "desk-picking";
const NOTHING = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
const main = document.querySelector("main");
const book = openBook();
let acts = [];
let cart = null;
let sending = false;
let more = false;
let again;
let away = false;
let keptFor = "";

/** The list as the shop knows it, less what is written down and not answered yet. */
function read() {
  const text = main.querySelector("#cart")?.textContent;
  cart = text ? JSON.parse(text) : null;
  if (!cart) return;
  cart.shown = main.querySelector("form[action$='/scan'] [name=line]")?.value;
  const done = main.querySelector("#done");
  cart.done = done.value;
  for (const act of acts) subtract(act);
  if (acts.length) paint();
  offerCamera(main);
  keepAll().catch(() => {});
}

function subtract(act) {
  const line = cart.lines.find((one) => one.id === act.line);
  if (!line) return;
  line.open = Math.max(0, line.open - act.pieces);
  cart.done += act.pieces;
}

/** The next open line in place of the one on the screen. */
function paint() {
  const screen = main.querySelector("#screen");
  const line = cart.lines.find((one) => one.id === cart.shown && one.open) ?? cart.lines.find((one) => one.open);
  main.querySelectorAll("[data-refused]").forEach((one) => { one.hidden = true; });
  main.querySelectorAll("[data-online]").forEach((one) => { one.hidden = away; });
  main.querySelector(".following")?.remove();
  tell();
  if (!screen) return;
  screen.hidden = !line;
  main.querySelector("#all").hidden = Boolean(line) || !acts.length;
  if (!line) return;
  cart.shown = line.id;
  for (const place of screen.querySelectorAll("[data-says]")) place.textContent = line[place.dataset.says] ?? "";
  for (const place of screen.querySelectorAll("[data-only]")) place.hidden = !line[place.dataset.only];
  for (const field of screen.querySelectorAll("input[name=line]")) field.value = line.id;
  screen.querySelector("[data-picture]").src = line.picture ? `/files/${line.picture}` : NOTHING;
  screen.querySelector("[data-tote]").className = `tote ${line.colour}`;
  const rest = screen.querySelector("[data-rest]");
  if (rest) rest.value = line.open;
  screen.querySelector("[data-scan]")?.focus({ preventScroll: true });
}

/** Empty for the next piece at once: a scanner may be typing it before the shop has answered this one. */
function clearFields() {
  for (const field of main.querySelectorAll("#screen :is([data-scan], [name=grams], [name=best_before])")) field.value = "";
}

function tell() {
  const waiting = main.querySelector("#waiting");
  waiting.hidden = !acts.length || !away;
  waiting.textContent = waiting.dataset.words.replace("{n}", acts.length);
  const done = main.querySelector("#done");
  done.value = cart.done;
  main.querySelector("#counted").textContent = `${cart.done} / ${done.max}`;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const path = new URL(whereTo(form, event.submitter)).pathname;
  const doing = /^\/picking\/[0-9a-f-]{36}\/(scan|picked|short|found|taken-out|offer|withdraw)$/.exec(path)?.[1];
  if (!doing || !cart) return;
  if (["found", "taken-out", "offer", "withdraw"].includes(doing)) {
    if (away || acts.length) { stop(event); refuse("online"); }
    return;
  }
  stop(event);
  take(doing, path, new URLSearchParams(new FormData(form, event.submitter))).catch(() => refuse("online"));
}, true);

/** A button may send the form elsewhere than its scan field does. */
function whereTo(form, button) {
  return button?.hasAttribute("formaction") ? button.formAction : form.action;
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

async function take(doing, path, body) {
  const line = cart.lines.find((one) => one.id === body.get("line"));
  const wrong = line && judge(line, doing, body);
  if (wrong) return refuse(wrong);
  body.set("command", randomId());
  body.set("at", new Date().toISOString());
  const pieces = doing === "scan" ? 1 : doing === "picked" ? Number(body.get("quantity")) : (line?.open ?? 0);
  const act = { path, body: body.toString(), line: body.get("line"), pieces };
  act.place = await (await book).write({ ...act });
  acts.push(act);
  subtract(act);
  clearFields();
  sound("good");
  if (away || !navigator.onLine) {
    away = true;
    paint();
  }
  send();
}

/** What is wrong with it, as far as the handheld knows; the shop looks again. */
function judge(line, doing, body) {
  const grams = Number(body.get("grams") || 0);
  const read = doing === "scan" ? codeIn(body.get("code") ?? "") : { grams };
  if (doing === "short") return "";
  if (!read) return "unreadable";
  if (doing === "scan" && !line.codes.includes(read.gtin) && !(line.item && line.item === read.item)) return "wrong";
  const weighs = grams || read.grams;
  const pieces = doing === "scan" ? 1 : Number(body.get("quantity"));
  if (line.nominal && !weighs) return read.more ? "" : "weight";
  if (line.nominal && weighs * 10 > line.nominal * pieces * 11) return "heavy";
  return line.dated && !body.get("best_before") && !read.more ? "date" : "";
}

/** The number in a code; `more` when it may hold weight and date as well, which the shop reads. */
function codeIn(text) {
  text = text.trim();
  const linked = /^https?:\/\/\S+\/01\/(\d{8,14})(?!\d)/i.exec(text)?.[1];
  const element = /^(?:\][A-Za-z]\d)?\x1d?\(?01\)?(\d{14})/.exec(text)?.[1];
  const digits = linked ?? element ?? text.replace(/[ -]/g, "");
  if (!/^\d{8,14}$/.test(digits)) return null;
  const own = /^0?(2\d{6})(\d{5})\d$/.exec(digits);
  return { gtin: digits.padStart(14, "0"), item: own?.[1], grams: own ? Number(own[2]) : 0, more: Boolean(linked ?? element) };
}

function refuse(what) {
  main.querySelectorAll("[role=alert]").forEach((one) => { one.hidden = true; });
  const place = main.querySelector(`[data-refused="${what}"]`);
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
  sound("bad");
  const needed = { weight: "[name=grams]", date: "[name=best_before]" }[what];
  const field = main.querySelector(needed ?? "[data-scan]");
  if (!needed && field) field.value = "";
  field?.focus({ preventScroll: true });
}

async function send() {
  more = true;
  if (sending || !acts.length) return;
  sending = true;
  main.classList.add("busy");
  try {
    // One that comes after the last look, while the lock is given back, is looked for again.
    while (more && acts.length) {
      more = false;
      await oneTabAtATime(sendAll);
    }
  } finally {
    sending = false;
    main.classList.remove("busy");
  }
}

/** One after the other. The last answer is the page; what was refused on the way is told above it. */
async function sendAll() {
  const refused = [];
  let last;
  while (acts.length) {
    const [act] = acts;
    const answer = await deliver(act);
    if (!answer) {
      away = true;
      if (cart) paint();
      clearTimeout(again);
      again = setTimeout(send, AGAIN_AFTER_MS);
      return;
    }
    if (answer.signedOut) return show(answer);
    away = false;
    acts.shift();
    await (await book).strike(act.place);
    if (!answer.ok) refused.push(...alertsIn(answer.text));
    if (act.path.startsWith(location.pathname)) last = answer;
  }
  if (!last) return;
  show(last);
  if (refused.length > 1) above(refused);
  keep(last.text);
}

async function deliver(act) {
  try {
    const answer = await fetch(act.path, { method: "POST", body: new URLSearchParams(act.body), headers: { Accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status === 429 || answer.status >= 500) return null;
    const path = new URL(answer.url).pathname;
    const signedOut = answer.status === 401 || answer.status === 403 || path.startsWith("/login");
    return { ok: answer.ok, text: await answer.text(), address: answer.url, moved: answer.redirected, signedOut };
  } catch {
    return null;
  }
}

/** In place of the page, with what was typed in the meantime, where it is asked for still. */
function show(detail) {
  const before = main.querySelector("[data-scan]");
  main.dispatchEvent(new CustomEvent("desk:show", { detail }));
  const field = main.querySelector("[data-scan]");
  if (before?.value && field && field.form?.action === before.form?.action) field.value = before.value;
}

function sound(kind) {
  main.dispatchEvent(new CustomEvent("desk:alarm", { detail: kind }));
}

function alertsIn(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  return [...page.querySelectorAll("main [role=alert]:not([hidden])")].map((one) => one.textContent.trim());
}

function above(sentences) {
  for (const sentence of new Set(sentences)) {
    const note = document.createElement("div");
    note.className = "asking";
    note.setAttribute("role", "alert");
    note.textContent = sentence;
    main.prepend(note);
  }
}

/** So that the page can be opened again in the cellar; only this cart, and nothing once it is done. */
async function keep(text) {
  if (!window.isSecureContext || !("caches" in window)) return;
  if (!cart?.lines.length) return void (await caches.delete(KEPT));
  const kept = await caches.open(KEPT);
  for (const request of await kept.keys()) {
    const path = new URL(request.url).pathname;
    if (path.startsWith("/picking/") && path !== location.pathname) await kept.delete(request);
  }
  await kept.put(location.pathname, new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
}

/** Once for each cart: its page, and what the page is made of. */
async function keepAll() {
  if (location.pathname === keptFor || !navigator.onLine) return;
  keptFor = location.pathname;
  await install();
  const page = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (page.ok) await keep(await page.text());
  await keepParts();
  document.body.dataset.cellar = "ready";
}

async function keepParts() {
  if (!window.isSecureContext || !("caches" in window) || !cart?.lines.length) return;
  const kept = await caches.open(KEPT);
  const page = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((one) => one.href || one.src);
  const modules = ["picking/cellar.js", "picking/camera.js", "picking/book.js", "shopper/install.js", "shopper/decoder.js"].map((name) => `/assets/${name}`);
  const pictures = cart.lines.filter((line) => line.picture).map((line) => `/files/${line.picture}`);
  for (const address of new Set([...page, ...modules, ...pictures])) await kept.add(address).catch(() => {});
}

main.addEventListener("desk:ready", read);
window.addEventListener("online", send);
document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
acts = await (await book).all();
read();
send();
