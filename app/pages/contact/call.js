// What the customer or another desk changes is here at once; what is being typed is left alone.

import { follow } from "../asking.js";
import { released } from "../pressing.js";

const main = document.querySelector("main");
const call = document.getElementById("call")?.dataset.call;

let heard = 0;
let asked = 0;

const fieldsIn = (part) => [...part.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox]), textarea")];
const placeOf = (field) => [field.form?.getAttribute("action"), field.name, field.id].join(" ");

const shown = () => Number(main.querySelector("[data-live]")?.dataset.version ?? 0);

async function refresh() {
  const turn = ++asked;
  const text = await fetch(location.href, { headers: { Accept: "text/html" } }).then((answer) => answer.ok && answer.text()).catch(() => null);
  await released();
  if (!text || turn !== asked || main.classList.contains("busy")) return;
  const page = new DOMParser().parseFromString(text, "text/html");
  const [fresh, old] = [page.querySelector("[data-live]"), main.querySelector("[data-live]")];
  if (!fresh || !old) return;
  for (const field of fieldsIn(old)) {
    const [twin, another] = fieldsIn(fresh).filter((one) => placeOf(one) === placeOf(field));
    if (twin && !another && (field.value !== field.defaultValue || !twin.value)) twin.value = field.value;
  }
  const open = [...old.querySelectorAll("details[open] > summary")].map((one) => one.textContent);
  for (const one of fresh.querySelectorAll("details")) one.open ||= open.includes(one.querySelector("summary").textContent);
  const focused = document.activeElement?.id;
  old.replaceWith(document.adoptNode(fresh));
  if (focused) document.getElementById(focused)?.focus();
}

if (call && main.querySelector("[data-live]")) {
  follow(`/contact/calls/${call}/events`, {
    version(event) {
      heard = Number(event.data);
      if (heard !== shown()) refresh();
    },
  });
  // While a form is on its way nothing is exchanged; its answer may be older than what was heard.
  main.addEventListener("desk:ready", () => { if (heard > shown()) refresh(); });
}
