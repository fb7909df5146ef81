// @ts-check
// What matters only with certain values beside it (data-when='{"backend": ["hosted"]}') is shown with those alone. It
// keeps its value; what is wrong in it is shown all the same (forms.css).
import { valueOf } from "./configurator/form.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("draft"));

function show() {
  for (const field of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-when]"))) {
    const own = /** @type {HTMLInputElement | null} */ (field.querySelector("[data-type]"))?.name ?? "";
    const beside = own.slice(0, own.lastIndexOf(".") + 1);
    const isMet = (/** @type {[string, any]} */ [name, values]) => values.includes(valueOf(/** @type {any} */ (form.elements.namedItem(beside + name))));
    field.toggleAttribute("data-unmet", !Object.entries(JSON.parse(field.dataset.when ?? "{}")).every(isMet));
  }
}

form.addEventListener("input", show, { capture: true }); // what is written by undo does not bubble
show();
