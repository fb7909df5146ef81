// @ts-check
// The browser asks before leaving a form with changes that are not saved.

/** @type {HTMLFormElement | null} */
const form = document.querySelector("form[data-unsaved]");
const note = document.getElementById("unsaved-note");
let dirty = form?.dataset.unsaved === "dirty"; // it came back with errors

form?.addEventListener("input", () => {
  dirty = true;
  if (note) note.textContent = "There are changes that are not saved yet.";
});
form?.addEventListener("submit", () => {
  dirty = false;
});
addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});
