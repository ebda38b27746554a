// Quick notes, and what is waited for: a card, or a phone.

const main = document.querySelector("main");

function prepare() {
  for (const button of main.querySelectorAll("[data-given]")) button.hidden = false;
}

main.addEventListener("click", (event) => {
  const given = event.target.closest("[data-given]");
  if (given) main.querySelector("#given").value = given.dataset.given;
});

// The card's receipt follows its order; nobody told the shop yet? Then it asks.
const till = document.getElementById("till");
if (till?.dataset.state === "paying" && main.querySelector("[data-waiting]")) {
  const again = () => location.reload();
  const news = new EventSource(`/till/events?receipt=${till.dataset.receipt}`);
  let first = null;
  news.addEventListener("version", (event) => {
    first ??= event.data;
    if (event.data !== first) again();
  });
  setTimeout(async () => {
    const answer = await fetch(`${location.pathname}/ask`, { method: "POST", body: new URLSearchParams() }).catch(() => null);
    if (answer?.ok && !(await answer.text()).includes("data-waiting")) again();
  }, 1200);
}

// A code is shown, and a phone awaited: the receipt is there as soon as it has come.
async function awaitPhone() {
  while (main.querySelector("[data-invited]")) {
    const answer = await fetch("/till/invite").catch(() => null);
    if (answer?.status === 200) return document.getElementById("welcome")?.submit();
    await new Promise((next) => setTimeout(next, 700));
  }
}
let awaiting = false;
function wait() {
  if (awaiting || !main.querySelector("[data-invited]")) return;
  awaiting = true;
  awaitPhone().finally(() => { awaiting = false; });
}
new MutationObserver(wait).observe(main, { childList: true, subtree: true });
wait();

// Print was tapped: the receipt is here now, and goes to the printer once.
if (till?.hasAttribute("data-print-now")) {
  history.replaceState(null, "", location.pathname);
  print();
}

new MutationObserver(prepare).observe(main, { childList: true, subtree: true });
prepare();
