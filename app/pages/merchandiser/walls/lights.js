// A tap on a code of the wall picture says what its proof found, without leaving the picture. Where
// this script does not run, the tap leads to the row of the table below that says the same.

const sheet = document.querySelector(".light-said");
const close = sheet.querySelector("[data-close]");
let tapped = null;

for (const code of document.querySelectorAll("a[data-code]")) {
  code.addEventListener("click", (event) => {
    event.preventDefault();
    tapped = code;
    say(document.getElementById(code.hash.slice(1)));
  });
}
close.addEventListener("click", () => { sheet.hidden = true; tapped?.focus(); });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !sheet.hidden) close.click();
});

function say(row) {
  const list = document.createElement("dl");
  for (const cell of row.cells) {
    const [name, value] = [document.createElement("dt"), document.createElement("dd")];
    name.textContent = cell.dataset.name;
    value.textContent = cell.textContent.trim();
    list.append(name, value);
  }
  sheet.replaceChildren(list, close);
  sheet.hidden = false;
}
