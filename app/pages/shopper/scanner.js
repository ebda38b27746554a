// The scanner: what is under the reticle, read twice the same, goes into the basket, once.

import { ask, randomId, waitOf } from "../asking.js";
import { listen, refresh } from "./basket.js";
import { install } from "./install.js";
import { Outbox } from "./outbox.js";
import { open as openDecoder } from "./decoder.js";

const SAME_CODE_AGAIN_MS = 2500;
const OPEN_AT_ONCE_MS = 5000;
const LOOK_EVERY_MS = 90;
const LONGEST_SIDE_OF_PHOTO = 3000;
const MOST_DONE = 20;
const SHELF = "shelf";

const own = document.getElementById("scanner").dataset;
const words = JSON.parse(document.getElementById("words").textContent);
const [video, outlines, state, list, choosing] = ["video", "outlines", "state", "scanned", "choosing"].map((id) => document.getElementById(id));
const language = document.documentElement.lang;
const outbox = new Outbox({ answered, listed, refused, waiting, retried });
const cards = new Map();
const lastTaken = new Map();
const choices = new Map();
const cardOf = new Map();
let readTwice = { text: "", times: 0 };

const money = (amount, currency) => {
  const format = new Intl.NumberFormat(language, { style: "currency", currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
};
const say = (sentence) => { if (state.textContent !== sentence) state.textContent = sentence; };

/** A page of this shop, when a code is no product: the list of a wall, or a till that asks for the basket. */
function listOf(text) {
  if (!URL.canParse(text)) return "";
  const address = new URL(text);
  if (address.host !== location.host) return "";
  if (/^\/pair\/[0-9a-z]{8}$/i.test(address.pathname)) return address.pathname;
  return /^\/w\/[a-z0-9][a-z0-9-]{0,39}$/i.test(address.pathname) ? address.pathname.toLowerCase() : "";
}

function take(text, more = {}) {
  lastTaken.set(text, performance.now());
  navigator.vibrate?.(40);
  const id = randomId();
  const item = card(text);
  cards.set(id, item);
  cardOf.set(text, item);
  say(words.sending);
  outbox.put({ id, text, quantity: 1, ...more });
}

/** The same code is still in view. Whoever wants two of it says so; the camera never does. */
function offerOneMore(text) {
  const offer = cardOf.get(text)?.querySelector("[data-again]");
  if (!offer || !offer.hidden) return;
  offer.hidden = false;
  offer.onclick = () => { offer.hidden = true; take(text); };
}

function card(text) {
  const item = document.getElementById("card").content.firstElementChild.cloneNode(true);
  item.querySelector(".name").textContent = text.split("/")[3] ?? text;
  list.prepend(item);
  for (const old of [...list.querySelectorAll("li:not([data-choice])")].slice(MOST_DONE)) old.remove();
  return item;
}

function answered(scan, { line }) {
  const key = `${line.product_id}/${line.handover}/${line.edition_id}`;
  const item = cards.get(scan.id) ?? card(scan.text);
  for (const twin of list.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)) if (twin !== item) twin.remove();
  item.dataset.key = key;
  showPicture(item, line.picture);
  item.querySelector(".name").textContent = line.name;
  item.querySelector("p").textContent = money(line.price, line.currency);
  item.querySelector(".quantity").textContent = line.quantity;
  item.querySelector(".steps").hidden = line.quantity < 1;
  item.classList.add("good");
  for (const button of item.querySelectorAll("[data-step]")) {
    button.onclick = stepper(item, line, Number(button.dataset.step));
  }
  say(`${words.added}: ${line.name}`);
  cards.delete(scan.id);
  listen();
  refresh();
}

/** The code of a whole wall, printed with another address than this shop's: its list opens here.
 * Whoever scanned it while there was no signal may be busy with something else by now, and taps. */
function listed(scan, { address, name }) {
  const item = cards.get(scan.id) ?? card(scan.text);
  cards.delete(scan.id);
  item.querySelector(".name").textContent = name;
  const open = item.querySelector("[data-list]");
  open.href = address;
  open.hidden = false;
  say(words.list);
  if (performance.now() - (lastTaken.get(scan.text) ?? -Infinity) < OPEN_AT_ONCE_MS) location.assign(address);
}

function refused(scan, problem) {
  const item = cards.get(scan.id) ?? card(scan.text);
  cards.delete(scan.id);
  cardOf.delete(scan.text);
  item.classList.add("bad");
  item.querySelector("p").textContent = problem.detail;
  say(problem.detail);
  const seen = problem.state;
  if (!seen?.product || !["price-changed", "product-changed"].includes(problem.code)) return;
  showPicture(item, seen.product.picture);
  item.querySelector(".name").textContent = seen.product.name;
  const tap = item.querySelector("[data-take]");
  const price = seen.price ?? seen.product.price;
  tap.textContent = words.take.replace("{price}", money(price, seen.product.currency));
  tap.hidden = false;
  tap.onclick = () => { item.remove(); take(scan.text, { seen_product: seen.product.id, seen_price: price }); };
}

function waiting(scan) {
  const item = cards.get(scan.id) ?? card(scan.text);
  cards.set(scan.id, item);
  item.querySelector("p").textContent = words.waiting;
  say(words.offline);
}

function retried(scan) { if (!cards.has(scan.id)) cards.set(scan.id, card(scan.text)); }

/** A tap that nobody answered is perhaps done: the next one sends the same command again. */
function stepper(item, line, more) {
  let command = null;
  return async () => {
    command ??= { do: "add", id: randomId(), product_id: line.product_id, handover: line.handover, edition_id: line.edition_id, quantity: more };
    try {
      const answer = await ask("/api/v1/cart/commands", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(command) });
      const body = await answer.json();
      if (answer.status >= 500 || waitOf(answer)) return say(body.detail);
      command = null;
      return answer.ok ? stepped(item, body.outcomes[0].line.quantity) : say(body.detail);
    } catch { return say(words.offline); }
  };
}

function stepped(item, quantity) {
  item.querySelector(".quantity").textContent = quantity;
  if (quantity < 1) item.remove();
  refresh();
}

function showPicture(item, picture) {
  const image = item.querySelector("img");
  if (picture) image.src = `/files/${picture}`;
}

/** Of several codes in view only the one under the reticle counts; the others get an outline. */
function look(found) {
  const [x, y] = [video.videoWidth / 2, video.videoHeight / 2];
  const aimed = found.find((code) => contains(code.corners, x, y));
  draw(found, aimed);
  if (!aimed) { readTwice = { text: "", times: 0 }; return; }
  readTwice = aimed.text === readTwice.text ? { text: aimed.text, times: readTwice.times + 1 } : { text: aimed.text, times: 1 };
  const since = performance.now() - (lastTaken.get(aimed.text) ?? -Infinity);
  if (since < SAME_CODE_AGAIN_MS) {
    lastTaken.set(aimed.text, performance.now());
    if (readTwice.times >= 2) offerOneMore(aimed.text);
    return;
  }
  if (readTwice.times < 2) { say(words.hold); return; }
  const wall = listOf(aimed.text);
  if (!wall) { take(aimed.text); return; }
  lastTaken.set(aimed.text, performance.now());
  location.assign(wall);
}

function contains(corners, x, y) {
  let inside = false;
  corners.forEach((a, place) => {
    const b = corners[(place + 1) % corners.length];
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  });
  return inside;
}

function draw(found, aimed) {
  if (outlines.width !== video.videoWidth) { outlines.width = video.videoWidth; outlines.height = video.videoHeight; }
  const pen = outlines.getContext("2d");
  pen.clearRect(0, 0, outlines.width, outlines.height);
  pen.lineWidth = Math.max(3, outlines.width / 240);
  for (const { corners, text } of found) {
    pen.strokeStyle = text === aimed?.text ? "#67d5a8" : "rgb(255 255 255 / 70%)";
    pen.beginPath();
    corners.forEach(({ x, y }) => pen.lineTo(x, y));
    pen.closePath();
    pen.stroke();
  }
}

async function startCamera(decode) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  video.srcObject = stream;
  await video.play();
  document.body.classList.add("live");
  offerTorch(stream.getVideoTracks()[0]);
  keepAwake();
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  for (;;) {
    if (!document.hidden && video.videoWidth) {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      pen.drawImage(video, 0, 0);
      look(await decode(pen.getImageData(0, 0, canvas.width, canvas.height), 8));
    }
    await new Promise((next) => setTimeout(next, LOOK_EVERY_MS));
  }
}

function offerTorch(track) {
  if (!track.getCapabilities?.().torch) return;
  const button = document.getElementById("torch");
  button.hidden = false;
  button.onclick = async () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    await track.applyConstraints({ advanced: [{ torch: on }] });
    button.setAttribute("aria-pressed", String(on));
  };
}

/** The screen stays on while the camera looks; the phone takes that back when the page is hidden. */
function keepAwake() {
  const ask = () => { if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {}); };
  document.addEventListener("visibilitychange", ask);
  ask();
}

/** From the photo of a shelf: shown, and put in when it is tapped, on the train as well. */
function offer(text) {
  if (choices.has(text)) return;
  const item = card(text);
  item.dataset.choice = "";
  choices.set(text, item);
  const tap = item.querySelector("[data-take]");
  tap.textContent = words.add;
  tap.hidden = false;
  tap.onclick = () => { leave(text); take(text); };
  describe(text, item);
}

function leave(text) {
  choices.get(text)?.remove();
  choices.delete(text);
  keepShelf();
}

/** What is not chosen yet waits on this phone, whatever happens to the page. */
function keepShelf() {
  choosing.hidden = choices.size === 0;
  choosing.querySelector("[data-all]").textContent = words.all.replace("{n}", choices.size);
  try { localStorage.setItem(SHELF, JSON.stringify([...choices.keys()])); } catch { /* a private window may keep nothing */ }
}

function shelfKept() {
  try { return JSON.parse(localStorage.getItem(SHELF) ?? "[]").filter((text) => typeof text === "string"); } catch { return []; }
}

/** Without a signal a choice shows its number; its name and picture come when the signal does. */
async function describe(text, item) {
  const number = text.match(/(?:^|\/01\/)(\d{8,14})$/i)?.[1];
  if (!number) return;
  item.querySelector(".name").textContent = number;
  const answer = await fetch(`/api/v1/codes/${number}`).catch(() => null);
  if (!answer?.ok) return;
  const product = await answer.json();
  showPicture(item, product.picture);
  item.querySelector(".name").textContent = product.name;
  item.querySelector("p").textContent = money(product.price, product.currency);
}

choosing.querySelector("[data-all]").onclick = () => { for (const text of [...choices.keys()]) { leave(text); take(text); } };
choosing.querySelector("[data-none]").onclick = () => { for (const text of [...choices.keys()]) leave(text); say(words.point); };
addEventListener("online", () => choices.forEach((item, text) => describe(text, item)));

/** A photo may hold a whole shelf: one code goes in, several are there to be chosen from. */
async function readPhoto(file, decode) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE_OF_PHOTO / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const pen = canvas.getContext("2d");
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const found = await decode(pen.getImageData(0, 0, canvas.width, canvas.height), 100);
  const all = new Set(found.map((code) => code.text));
  const texts = new Set([...all].filter((text) => !listOf(text)));
  if (all.size && !texts.size) return location.assign(listOf([...all][0]));
  if (texts.size === 1) return take([...texts][0]);
  for (const text of texts) offer(text);
  keepShelf();
  say(texts.size ? `${words.found.replace("{n}", texts.size)}. ${words.choose}` : words.none);
}

outbox.resume();
shelfKept().forEach(offer);
keepShelf();
install().then((kept) => {
  const note = document.getElementById("kept");
  if (navigator.onLine) note.textContent = kept ? words.kept : words.open;
  document.body.dataset.kept = String(kept);
});
const decode = await openDecoder(own.decoder, own.wasm);
document.getElementById("photo").addEventListener("change", (event) => {
  const [file] = event.target.files;
  if (file) readPhoto(file, decode).catch(() => say(words.none));
  event.target.value = "";
});
document.body.dataset.scanner = "ready";
try {
  if (!navigator.mediaDevices?.getUserMedia) throw new Error("plain http");
  await startCamera(decode);
} catch {
  document.body.classList.add("no-camera");
  say(words.no_camera);
}
