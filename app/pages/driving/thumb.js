// One thumb counts the empties; without a script the number is typed.
for (const button of document.querySelectorAll("[data-step]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.for);
    const next = Number(field.value || 0) + Number(button.dataset.step);
    field.value = Math.min(Number(field.max), Math.max(0, next));
  });
}
