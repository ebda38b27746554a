// Quick notes, printing, and a card that is waited for.

const main = document.querySelector("main");

function prepare() {
  for (const button of main.querySelectorAll("[data-given], [data-print]")) button.hidden = false;
}

main.addEventListener("click", (event) => {
  const given = event.target.closest("[data-given]");
  if (given) main.querySelector("#given").value = given.dataset.given;
  if (event.target.closest("[data-print]")) print();
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

new MutationObserver(prepare).observe(main, { childList: true, subtree: true });
prepare();
