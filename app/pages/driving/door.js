// What a door needs of the phone: a signature drawn with a finger, a photo made small, and the checks
// the shop makes too, so that a driver without signal hears of them while there is time.

const SIZES = [[1280, 0.72], [1024, 0.6], [800, 0.5], [640, 0.4]];
const MOST_BYTES = 280_000;
const drawn = new WeakMap();
const photos = new WeakMap();

/** Shows what needs a script, once per door. */
export function prepareDoors(stops) {
  for (const stop of stops) {
    for (const box of stop.querySelectorAll("[data-signature]")) signature(box);
    for (const box of stop.querySelectorAll("[data-photo]")) photo(box);
    for (const form of stop.querySelectorAll("form[data-age]")) {
      form.addEventListener("input", () => form.classList.toggle("kept-back", agedLeft(form) === 0));
    }
  }
}

function signature(box) {
  box.hidden = false;
  const canvas = box.querySelector("canvas");
  let pen;  // made when somebody signs: forty doors would be much memory
  const at = (event) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [(event.clientX - left) * canvas.width / width, (event.clientY - top) * canvas.height / height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen ??= Object.assign(canvas.getContext("2d"), { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...at(event));
    pen.stroke();
    drawn.set(box, true);
  });
  box.querySelector("[data-wipe]").addEventListener("click", () => {
    pen?.clearRect(0, 0, canvas.width, canvas.height);
    drawn.delete(box);
  });
}

function photo(box) {
  box.hidden = false;
  box.querySelector("input").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    const blob = await smaller(file);
    photos.set(box, blob);
    const shown = box.querySelector("img");
    URL.revokeObjectURL(shown.src);
    shown.src = URL.createObjectURL(blob);
    shown.hidden = false;
  });
}

/** Small enough for a thin line; leaves of a hedge take more than a wall. */
async function smaller(file) {
  const picture = await createImageBitmap(file);
  let blob;
  for (const [side, quality] of SIZES) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob.size <= MOST_BYTES) break;
  }
  return blob;
}

/** How it is known: the photo, else the signature, else the code; and its picture apart. */
export async function proofOf(form) {
  const words = form.elements.words.value.trim();
  const [photoBox, signBox] = [form.querySelector("[data-photo]"), form.querySelector("[data-signature]")];
  if (photos.has(photoBox)) return [{ kind: "photo", words }, photos.get(photoBox)];
  if (drawn.has(signBox)) {
    const canvas = signBox.querySelector("canvas");
    return [{ kind: "signature", words }, await new Promise((resolve) => canvas.toBlob(resolve, "image/png"))];
  }
  const pin = form.elements.pin.value.trim();
  return pin ? [{ kind: "pin", pin, words }, null] : [null, null];
}

export function refusedOf(form) {
  return lines(form).filter((line) => line.refused).map(({ line_no, refused, cause }) => ({ line_no, quantity: refused, cause }));
}

/** The word for what is wrong, or nothing. */
export async function wrongWith(form, act) {
  const left = lines(form).map((line) => ({ ...line, left: line.picked - line.refused }));
  if (left.length && left.every((line) => !line.left)) return "nothing";
  if (left.some((line) => line.left && line.aged)) {
    if (act.to !== "customer") return "person";
    if (!act.age_checked) return "age";
  }
  if (act.to === "safe-place" && act.proof?.kind !== "photo") return "photo";
  if (act.proof?.kind === "pin" && !(await isRight(form, act))) return "pin";
  const warm = tooWarm(form.closest("[data-stop]"));
  if (!act.taken_out && left.some((line) => line.left && warm.includes(line.storage))) {
    form.querySelector("[data-warm]").hidden = false;
    return "warm";
  }
  return "";
}

function agedLeft(form) {
  return lines(form).reduce((sum, line) => sum + (line.aged ? line.picked - line.refused : 0), 0);
}

function lines(form) {
  return [...form.querySelectorAll("[data-line]")].map((row) => ({
    line_no: Number(row.dataset.line),
    picked: Number(row.dataset.picked),
    refused: Math.min(Math.max(0, Math.trunc(Number(row.querySelector("input").value)) || 0), Number(row.dataset.picked)),
    cause: row.querySelector("select").value,
    aged: row.dataset.aged !== undefined,
    storage: row.dataset.storage,
  }));
}

function tooWarm(stop) {
  const most = JSON.parse(document.getElementById("run").dataset.cold);
  const since = { chilled: stop.dataset.chilledSince, frozen: stop.dataset.frozenSince };
  return Object.keys(since).filter((kind) => since[kind] && Date.now() - Date.parse(since[kind]) > most[kind] * 1000);
}

/** Where the browser cannot reckon (http), the shop says it later. */
async function isRight(form, act) {
  if (!crypto.subtle) return true;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${act.stop}:${act.proof.pin}`));
  const found = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return found === form.dataset.pin;
}
