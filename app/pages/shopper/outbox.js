// Scans on their way. Each keeps its id until it was answered, so that sending again is harmless.

const KEPT_AS = "perron-scans";
const AGAIN_AFTER_MS = 3000;

export class Outbox {
  #scans = [];
  #sending = false;
  #hear;

  constructor(hear) {
    this.#hear = hear;
    window.addEventListener("online", () => this.#send());
  }

  /** Scans that were not answered before the page was closed. */
  resume() {
    try { this.#scans = JSON.parse(localStorage.getItem(KEPT_AS) ?? "[]"); } catch { this.#scans = []; }
    for (const scan of this.#scans) this.#hear.retried(scan);
    if (this.#scans.length) this.#send();
  }

  put(scan) {
    this.#scans.push(scan);
    this.#keep();
    this.#send();
  }

  async #send() {
    if (this.#sending) return;
    this.#sending = true;
    while (this.#scans.length) {
      const [scan] = this.#scans;
      if (!(await this.#deliver(scan))) {
        this.#scans.forEach((one) => this.#hear.waiting(one));
        setTimeout(() => this.#send(), AGAIN_AFTER_MS);
        break;
      }
      this.#scans.shift();
      this.#keep();
    }
    this.#sending = false;
  }

  /** False when it has to be sent again: no connection, or a shop that is too busy. */
  async #deliver(scan) {
    let answer;
    let body;
    try {
      answer = await fetch("/api/v1/scans", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(scan) });
      body = await answer.json();
    } catch { return false; }
    if (answer.status === 429 || answer.status >= 500) return false;
    if (answer.ok) this.#hear.answered(scan, body); else this.#hear.refused(scan, body);
    return true;
  }

  #keep() {
    try { localStorage.setItem(KEPT_AS, JSON.stringify(this.#scans)); } catch { /* private mode: kept in memory */ }
  }
}
