// Nothing is counted while cash sales made without network are not in the books.

import { Unsent } from "./sales.js";

const box = document.getElementById("unsent");
const { currency } = document.getElementById("till").dataset;
const format = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency });
const unit = 10 ** format.resolvedOptions().maximumFractionDigits;
const unsent = new Unsent(box, (amount) => format.format(amount / unit));
document.querySelector("main").addEventListener("desk:ready", () => unsent.tell());
unsent.send();
