// A phone in one hand: what the camera reads is sent as the form would send it, and the page's own
// answer is shown in its place. What was read is text to us and is never opened.

import { open as openDecoder } from "../../shopper/decoder.js";

const SAME_AGAIN_MS = 3000;
const LOOK_EVERY_MS = 120;

const reader = document.querySelector("[data-reader]");
const words = JSON.parse(reader.dataset.words);
const says = reader.querySelector(".reader-says");
const video = reader.querySelector("video");
let last = { text: "", times: 0, sentAt: -Infinity };
let busy = false;

const say = (sentence) => { if (says.textContent !== sentence) says.textContent = sentence; };

async function send(form) {
  if (busy) return;
  busy = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const fresh of page.querySelectorAll("[data-swap]")) {
      document.querySelector(`[data-swap="${fresh.dataset.swap}"]`)?.replaceWith(document.adoptNode(fresh));
    }
    reader.hidden = !document.querySelector("form[data-read]");
    navigator.vibrate?.(document.querySelector("[data-sound=bad], [role=alert]") ? [120, 60, 120] : 40);
    say("");
  } catch {
    say(words.away);  // the form keeps its command id, so the next tap cannot act twice
  } finally {
    busy = false;
  }
}

function take(text) {
  const form = document.querySelector("form[data-read]");
  if (!form || busy) return;
  form.elements.text.value = text.slice(0, 600).replace(/[\u0000-\u001f\u007f]/g, " ");
  send(form);
}

/** Read twice the same, and not what was sent a moment ago: a hand needs time to move on. */
function seen(text) {
  const again = text === last.text;
  last = { text, times: again ? last.times + 1 : 1, sentAt: again ? last.sentAt : -Infinity };
  if (last.times < 2 || performance.now() - last.sentAt < SAME_AGAIN_MS) return;
  last.sentAt = performance.now();
  take(text);
}

async function startCamera(decode) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  video.srcObject = stream;
  await video.play();
  navigator.wakeLock?.request("screen").catch(() => {});
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  for (;;) {
    if (!document.hidden && !busy && video.videoWidth) {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      pen.drawImage(video, 0, 0);
      const [found] = nearest(await decode(pen.getImageData(0, 0, canvas.width, canvas.height), 8), canvas);
      if (found) seen(found.text);
    }
    await new Promise((next) => setTimeout(next, LOOK_EVERY_MS));
  }
}

/** The code closest to the middle is the one that is meant. */
function nearest(found, { width, height }) {
  const far = ({ corners }) => {
    const [x, y] = ["x", "y"].map((axis) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length);
    return (x - width / 2) ** 2 + (y - height / 2) ** 2;
  };
  return found.sort((one, other) => far(one) - far(other));
}

async function readPhoto(file, decode) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, 2400 / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const pen = canvas.getContext("2d");
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const [found] = nearest(await decode(pen.getImageData(0, 0, canvas.width, canvas.height), 20), canvas);
  if (found) take(found.text); else say(words.none);
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-read]")) return;
  event.preventDefault();
  send(event.target);
});

reader.hidden = false;
say(words.point);
const decode = await openDecoder(reader.dataset.decoder, reader.dataset.wasm);
reader.querySelector("input[type=file]").addEventListener("change", (event) => {
  const [file] = event.target.files;
  if (file) readPhoto(file, decode).catch(() => say(words.none));
  event.target.value = "";
});
document.body.dataset.reader = "ready";
try {
  if (!navigator.mediaDevices?.getUserMedia) throw new Error("plain http");
  await startCamera(decode);
} catch {
  video.hidden = true;
  say(words.no_camera);
}
