// What a till does beyond its forms: it follows the basket that lies on it, reads codes with the
// camera, and sells for cash without network.

import { open as openDecoder } from "../shopper/decoder.js";
import { released } from "../pressing.js";
import { Alone } from "./alone.js";

const own = document.getElementById("till-module").dataset;
const main = document.querySelector("main");
const till = () => document.getElementById("till");

let news = null;
let followed = "";
let heard = 0;
let asked = 0;

/** Hear of every change of the basket on this receipt, from whichever phone it comes. */
function follow() {
  const receipt = till()?.dataset.receipt ?? "";
  if (receipt === followed) return;
  news?.close();
  news = null;
  heard = 0;
  followed = receipt;
  if (!receipt || !("EventSource" in window)) return;
  news = new EventSource("/till/events");
  news.addEventListener("version", (event) => {
    heard = Number(event.data);
    if (heard !== shown()) refresh();
  });
  news.addEventListener("error", () => alone.probe());
}

const shown = () => Number(main.querySelector("[data-live]")?.dataset.version ?? 0);

// While a form is on its way nothing is exchanged; its answer may be older than what was heard.
main.addEventListener("desk:ready", () => { if (heard > shown()) refresh(); });

async function refresh() {
  const turn = ++asked;
  const text = await fetch("/till", { headers: { Accept: "text/html" } }).then((answer) => answer.ok && answer.text()).catch(() => null);
  await released();
  if (!text || turn !== asked || main.classList.contains("busy")) return;
  const page = new DOMParser().parseFromString(text, "text/html");
  if (Number(page.querySelector("[data-live]")?.dataset.version ?? 0) === shown()) return;
  for (const part of ["[data-live]", ".side"]) {
    const [fresh, old] = [page.querySelector(part), main.querySelector(part)];
    const open = old?.querySelector("details[open]") || old?.contains(document.activeElement);
    if (fresh && old && !open) old.replaceWith(document.adoptNode(fresh));
  }
  prepare();
}

function prepare() {
  follow();
  const button = main.querySelector("[data-camera]");
  if (button && navigator.mediaDevices) button.hidden = false;
}

// Whatever the forms put in the place of the old page is made ready the same way.
new MutationObserver(prepare).observe(main, { childList: true });

// What was scanned last is in sight, however long the receipt.
let before = null;

function showNewest() {
  const receipt = till()?.dataset.receipt ?? "";
  const now = new Map();
  for (const line of main.querySelectorAll(".line")) {
    const key = ["product_id", "handover", "edition_id"].map((name) => line.querySelector(`[name=${name}]`)?.value).join();
    const quantity = Number(line.querySelector(".quantity")?.textContent);
    now.set(key, quantity);
    if (before?.receipt !== receipt || quantity <= (before.lines.get(key) ?? 0)) continue;
    line.classList.add("just");
    line.scrollIntoView({ block: "center" });
  }
  before = { receipt, lines: now };
}
main.addEventListener("desk:ready", showNewest);

let decode = null;
let filming = null;

async function film() {
  const box = main.querySelector(".till-camera");
  const video = box.querySelector("video");
  if (filming) return stop(box);
  try {
    filming = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    return;  // the field takes what is typed
  }
  video.srcObject = filming;
  box.hidden = false;
  await video.play();
  decode ??= await openDecoder(own.decoder, own.wasm);
  const canvas = new OffscreenCanvas(1, 1);
  const look = async () => {
    if (!filming) return;
    if (!box.isConnected) return stop(box);
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    if (canvas.width) {
      pen.drawImage(video, 0, 0);
      const [code] = await decode(pen.getImageData(0, 0, canvas.width, canvas.height), 1);
      if (code) {
        stop(box);
        const field = main.querySelector("#code");
        field.value = code.text;
        field.form.requestSubmit();
        return;
      }
    }
    setTimeout(look, 90);
  };
  look();
}

function stop(box) {
  for (const track of filming?.getTracks() ?? []) track.stop();
  filming = null;
  box.hidden = true;
}

main.addEventListener("click", (event) => {
  if (event.target.closest("[data-camera]")) film();
});

const alone = new Alone(
  document.getElementById("alone"),
  () => till()?.dataset.currency || "EUR",
  () => Number(till()?.dataset.coin) || 1,
);
alone.open();
prepare();
showNewest();
