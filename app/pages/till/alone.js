// Cash sales without network, at prices that were fetched before.

import { randomId } from "../asking.js";
import { keep, kept, PRICES, put, sales, Unsent } from "./sales.js";

const AGAIN_AFTER_MS = 5000;
const words = JSON.parse(document.getElementById("alone-words").textContent);
const language = document.documentElement.lang;

export class Alone {
  #box; #currency; #coin; #lines = new Map(); #prices = new Map(); #unsent = null;

  /** `coin`: the smallest one cash is rounded to here, as the shop says. */
  constructor(box, currency, coin) {
    this.#box = box;
    this.#currency = currency;
    this.#coin = coin;
  }

  open() {
    if (!this.#box) return;
    this.#learn(kept(PRICES));
    this.#box.querySelector("[data-alone-scan]").addEventListener("submit", (event) => this.#scan(event));
    this.#box.querySelector("[data-alone-sell]").addEventListener("submit", (event) => this.#sell(event));
    this.#box.querySelector("[data-alone-clear]").addEventListener("click", () => this.#clear());
    window.addEventListener("offline", () => this.#show(true));
    window.addEventListener("online", () => this.probe());
    this.#unsent = new Unsent(document.getElementById("unsent"), (amount) => this.#money(amount));
    this.#fetchPrices();
    this.#unsent.send();
  }

  /** Is the shop there? Decides which of the two the clerk works with. */
  async probe() {
    const there = await fetch("/health/live", { signal: AbortSignal.timeout(2500) }).then((answer) => answer.ok, () => false);
    this.#show(!there);
    if (there) this.#unsent.send();
    else setTimeout(() => this.probe(), AGAIN_AFTER_MS);
  }

  #show(alone) {
    if (this.#box.hidden !== alone) return;
    this.#box.hidden = !alone;
    document.querySelector("main").hidden = alone;
    if (alone) {
      this.#say(this.#prices.size ? "" : words.prices);
      this.#box.querySelector("input").focus();
    }
  }

  async #fetchPrices() {
    const answer = await fetch("/api/v1/till/prices").catch(() => null);
    if (!answer?.ok) return;
    const prices = await answer.json();
    keep(PRICES, prices);
    this.#learn(prices);
  }

  #learn(prices) {
    for (const price of prices) for (const code of price.codes) this.#prices.set(code, price);
  }

  #scan(event) {
    event.preventDefault();
    const field = this.#box.querySelector("#alone-code");
    const digits = (field.value.match(/\/01\/(\d{8,14})/)?.[1] ?? field.value.trim()).padStart(14, "0");
    field.value = "";
    field.focus();
    const found = this.#prices.get(digits);
    if (!found) return this.#say(words.unknown);
    if (found.age_limit && !confirm(words.age.replace("{age}", found.age_limit))) return undefined;
    const line = this.#lines.get(found.product_id) ?? { ...found, quantity: 0 };
    line.quantity = Math.min(line.quantity + 1, 99);
    this.#lines.set(found.product_id, line);
    this.#say(found.name);
    return this.#draw();
  }

  #total() {
    let total = 0;
    for (const line of this.#lines.values()) total += line.quantity * (line.price + line.deposit);
    return total;
  }

  #draw() {
    const rows = [...this.#lines.values()].map((line) => {
      const row = document.createElement("tr");
      for (const text of [`${line.quantity} ×`, line.name, this.#money(line.quantity * (line.price + line.deposit))]) {
        row.appendChild(document.createElement("td")).textContent = text;
      }
      row.appendChild(document.createElement("td")).appendChild(this.#less(line));
      return row;
    });
    this.#box.querySelector("[data-alone-lines]").replaceChildren(...rows);
    this.#box.querySelector("[data-alone-total]").textContent = this.#money(this.#toPay());
    this.#box.querySelector("[data-alone-change]").hidden = true;
  }

  /** One less: what was scanned by mistake, or is left on the counter. */
  #less(line) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "step";
    button.textContent = "−";
    button.setAttribute("aria-label", `${words.less}: ${line.name}`);
    button.addEventListener("click", () => {
      line.quantity -= 1;
      if (!line.quantity) this.#lines.delete(line.product_id);
      this.#draw();
      this.#box.querySelector("#alone-code").focus();
    });
    return button;
  }

  #sell(event) {
    event.preventDefault();
    const total = this.#total();
    if (!total) return undefined;
    const field = this.#box.querySelector("#alone-given");
    const given = Math.round(Number(field.value.replace(",", ".")) * this.#unit());
    if (!(given >= this.#toPay())) return this.#say(words.little);
    const lines = [...this.#lines.values()].map(({ product_id, quantity, price }) => ({ product_id, quantity, price }));
    put([...sales(), { id: randomId(), at: new Date().toISOString(), lines, total, given }]);
    const change = this.#box.querySelector("[data-alone-change]");
    const back = `${words.change}: ${this.#money(given - this.#toPay())}`;
    this.#clear();
    change.textContent = back;
    change.hidden = false;
    field.value = "";
    this.#unsent.tell();
    return this.probe();
  }

  #clear() {
    this.#lines.clear();
    this.#draw();
    this.#say("");
    this.#box.querySelector("#alone-code").focus();
  }

  #toPay() {
    const coin = this.#coin();
    return Math.floor((2 * this.#total() + coin) / (2 * coin)) * coin;
  }

  #format() { return new Intl.NumberFormat(language, { style: "currency", currency: this.#currency() }); }
  #unit() { return 10 ** this.#format().resolvedOptions().maximumFractionDigits; }
  #money(amount) { return this.#format().format(amount / this.#unit()); }
  #say(sentence) { this.#box.querySelector("[data-alone-say]").textContent = sentence; }
}
