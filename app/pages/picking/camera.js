// The camera as a scanner: what is read twice the same goes into the scan field and is sent.

import { open as openDecoder } from "../shopper/decoder.js";

const LOOK_EVERY_MS = 120;
let decode;
let stream;

export function offerCamera(main) {
  const button = main.querySelector("[data-camera]");
  if (!button || !navigator.mediaDevices?.getUserMedia) return;
  button.hidden = false;
  button.onclick = () => (stream ? end(main) : look(main).catch(() => end(main)));
  if (stream) end(main);
}

async function look(main) {
  const { decoder, wasm } = main.querySelector("[data-camera]").dataset;
  decode ??= await openDecoder(decoder, wasm);
  stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  const frame = main.querySelector(".looking");
  const video = frame.querySelector("video");
  frame.hidden = false;
  video.srcObject = stream;
  await video.play();
  const text = await readTwice(video);
  end(main);
  const field = main.querySelector("[data-scan]");
  if (!text || !field) return;
  field.value = text;
  field.form.requestSubmit();
}

async function readTwice(video) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  let before = "";
  while (stream?.active) {
    if (video.videoWidth) {
      [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
      pen.drawImage(video, 0, 0);
      const [found] = await decode(pen.getImageData(0, 0, canvas.width, canvas.height), 1);
      if (found?.text && found.text === before) return found.text;
      before = found?.text ?? "";
    }
    await new Promise((next) => setTimeout(next, LOOK_EVERY_MS));
  }
  return "";
}

function end(main) {
  stream?.getTracks().forEach((track) => track.stop());
  stream = undefined;
  const frame = main.querySelector(".looking");
  if (frame) frame.hidden = true;
}
