// Cash sales made without network wait here until the shop has them. Each keeps its id until it was
// answered, so that sending it again is harmless; one the shop refuses waits for a person.

import { randomId } from "../asking.js";

export const PRICES = "perron-till-prices";
const SALES = "perron-till-sales";
const AGAIN_AFTER_MS = 5000;
const LATER = ["till-closed", "no-till"];

let unkept = null;

export const kept = (name) => { try { return JSON.parse(localStorage.getItem(name) ?? "[]"); } catch { return []; } };
export function keep(name, value) {
  try { localStorage.setItem(name, JSON.stringify(value)); return true; } catch { return false; }
}

export const sales = () => unkept ?? kept(SALES);

/** Where there is no room left the prices go: they can be fetched again, what was sold cannot. */
export function put(all) {
  unkept = null;
  if (keep(SALES, all)) return;
  try { localStorage.removeItem(PRICES); } catch { /* nothing is kept here at all */ }
  if (!keep(SALES, all)) unkept = all;
}

export class Unsent {
  #box; #words; #money; #sending = false;

  /** `money`: how an amount is written. */
  constructor(box, money) {
    this.#box = box;
    this.#words = JSON.parse(box.dataset.words);
    this.#money = money;
    box.addEventListener("click", ({ target }) => this.#decide(target.closest("button[data-sale]")));
    this.tell();
  }

  async send() {
    if (this.#sending) return;
    this.#sending = true;
    for (const sale of sales().filter((one) => !one.refused)) {
      const answer = await deliver(sale);
      if (!answer) break;
      const others = sales().filter((one) => one.id !== sale.id);
      put(answer.ok ? others : [...others, { ...sale, refused: answer.status, why: await words(answer) }]);
      this.tell();
    }
    this.#sending = false;
    if (sales().some((one) => !one.refused)) setTimeout(() => this.send(), AGAIN_AFTER_MS);
  }

  tell() {
    const all = sales();
    const refused = all.filter((one) => one.refused);
    const waiting = all.length - refused.length;
    this.#box.hidden = !all.length;
    const [line, list] = [this.#box.querySelector("p"), this.#box.querySelector("ul")];
    line.textContent = [
      waiting ? this.#words.unsent.replace("{n}", waiting) : "",
      refused.length ? this.#words.refused.replace("{n}", refused.length) : "",
    ].filter(Boolean).join(" · ");
    list.replaceChildren(...refused.map((sale) => this.#row(sale)));
    const close = document.querySelector('form[action="/till/close"] button');
    if (close) close.disabled = waiting > 0;
  }

  #row(sale) {
    const row = document.createElement("li");
    row.className = "row";
    const at = new Date(sale.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    const pieces = sale.lines.reduce((sum, line) => sum + line.quantity, 0);
    row.appendChild(document.createElement("span")).textContent =
      `${at} · ${pieces} × · ${this.#money(sale.total)}${sale.why ? ` · ${sale.why}` : ""}`;
    for (const act of ["again", "byHand"]) {
      const button = row.appendChild(document.createElement("button"));
      button.type = "button";
      button.className = "button second";
      button.dataset.sale = sale.id;
      button.dataset.act = act;
      button.textContent = this.#words[act];
    }
    return row;
  }

  #decide(button) {
    if (!button) return;
    const { sale: id, act } = button.dataset;
    const others = sales().filter((one) => one.id !== id);
    const sale = sales().find((one) => one.id === id);
    if (!sale || (act === "byHand" && !confirm(this.#words.sure))) return;
    const { refused, why, ...same } = sale;
    // Its refusal was an answer for ever: sent again it is another sale, and the one before is in no book.
    put(act === "again" ? [...others, { ...same, id: randomId() }] : others);
    this.tell();
    if (act === "again") this.send();
  }
}

/** Nothing when it has to be sent again: no network, a busy shop, a till that is closed. */
async function deliver(sale) {
  const body = JSON.stringify(sale);
  const headers = { "Content-Type": "application/json", "Idempotency-Key": sale.id };
  const answer = await fetch("/api/v1/till/offline-sales", { method: "POST", headers, body, signal: AbortSignal.timeout(20000) }).catch(() => null);
  if (!answer || answer.status >= 500 || [401, 403, 429].includes(answer.status)) return null;
  if (answer.ok) return answer;
  const problem = await answer.clone().json().catch(() => ({}));
  return LATER.includes(problem.code) ? null : answer;
}

const words = (answer) => answer.json().then((problem) => problem.detail ?? "", () => "");
