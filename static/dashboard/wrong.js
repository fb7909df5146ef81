// @ts-check
// What a fragment says of fields of this page (<li data-wrong="id">, its sentence in a <span>) stands beside them, too.
import { showError } from "./configurator/errors.js";

/** @typedef {import("./configurator/form.js").Control} Control */

/** @type {Control[]} */
let marked = [];

document.addEventListener("shown", (event) => {
  for (const control of marked) showError(control);
  const told = /** @type {Element} */ (event.target).querySelectorAll("[data-wrong]");
  marked = [...told].flatMap((item) => {
    const control = /** @type {Control | null} */ (document.getElementById(/** @type {HTMLElement} */ (item).dataset.wrong ?? ""));
    if (!control) return [];
    showError(control, item.querySelector("span")?.textContent ?? "");
    return [control];
  });
});
document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("[data-wrong] a");
  const control = marked.find(({ id }) => link?.getAttribute("href")?.endsWith(`#${id}`));
  if (!control) return;
  event.preventDefault(); // the page stays, and what is typed in it
  control.focus();
});
