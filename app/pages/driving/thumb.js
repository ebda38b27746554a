// One thumb counts the empties; without a script the number is typed.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-step]");
  if (!button) return;
  const field = document.getElementById(button.dataset.for);
  const next = Math.trunc(Number(field.value || 0)) + Number(button.dataset.step);
  field.value = Math.min(Number(field.max), Math.max(0, next));
  navigator.vibrate?.(15);
});
