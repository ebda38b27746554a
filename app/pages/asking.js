// Asks the shop, and again when it says "in a moment": a thousand phones that were sent away come
// back when they are told to, not all at once. Listens to it, and goes on listening.

const OTHERWISE_S = 3;
const LONGEST_S = 300;
const PATIENT_MS = 15_000;
const TURNS = 3;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/** In how many milliseconds this may be asked again (429 and 503, Retry-After); 0 when it was answered. */
export function waitOf(answer) {
  if (answer.status !== 429 && answer.status !== 503) return 0;
  const told = Number(answer.headers.get("Retry-After")) || OTHERWISE_S;
  return Math.min(told, LONGEST_S) * (1000 + Math.random() * 250);
}

/** As `fetch`, of what bears a repeat: it changes nothing, or carries the id of its command. */
export async function ask(address, options) {
  for (let turn = 1; ; turn += 1) {
    const answer = await fetch(address, options);
    const wait = waitOf(answer);
    if (!wait || wait > PATIENT_MS || turn === TURNS) return answer;
    await new Promise((goOn) => { setTimeout(goOn, wait); });
  }
}

/** Server-sent events by kind, until the function it returns is called. A browser gives up for good
 * when it is answered otherwise once, e.g. that the shop is busy; this tries again, ever more seldom. */
export function follow(address, heard) {
  let pause = FIRST_PAUSE_MS;
  let news;
  let again;
  const open = () => {
    news = new EventSource(address);
    news.addEventListener("open", () => { pause = FIRST_PAUSE_MS; });
    for (const [kind, act] of Object.entries(heard)) news.addEventListener(kind, act);
    news.addEventListener("error", () => {
      if (news.readyState !== EventSource.CLOSED) return;
      again = setTimeout(open, pause * (1 + Math.random() / 2));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    });
  };
  open();
  return () => { clearTimeout(again); news.close(); };
}

/** `crypto.randomUUID` is missing on plain http; this is the same (RFC 9562, version 4). */
export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
