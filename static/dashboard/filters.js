// @ts-check
// What a list is filtered by holds as soon as it is chosen. Not from the keyboard: there each arrow key chooses, and
// the button shows the list.

let byKey = false;
document.addEventListener("keydown", () => (byKey = true));
document.addEventListener("pointerdown", () => (byKey = false));
document.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLSelectElement && target.form?.matches(".filters") && !byKey) target.form.requestSubmit();
});
