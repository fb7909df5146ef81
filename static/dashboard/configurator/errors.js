// @ts-check
// What is wrong with a draft, beside what it is about.
import { controlsOf, pathOf } from "./form.js";

/** @typedef {import("./form.js").Control} Control */

const OF_MANY = ".section > .error, .group > .error, .rows > .error"; // of a list or a section as a whole

/** Shows what is wrong, and takes back what was shown before. @param {HTMLFormElement} form @param {Record<string, string>} errors by path */
export function showErrors(form, errors) {
  const left = new Map(Object.entries(errors));
  for (const control of controlsOf(form)) {
    const own = pathOf(control);
    const found = [...left].find(([path]) => path === own || path.replace(/\.\d+$/, "") === own);
    showError(control, found?.[1]);
    if (found) left.delete(found[0]);
  }
  for (const note of form.querySelectorAll(OF_MANY)) note.remove();
  for (const [path, sentence] of left) placeOf(form, path).before(noteOf(sentence));
}

/** Where what concerns no single field is said: at its list, else at what that stands in. @param {HTMLFormElement} form @param {string} path @returns {Element} */
function placeOf(form, path) {
  const place = document.getElementById(`f-${path.replaceAll(".", "-")}`);
  const within = place?.querySelector(":scope > :is(.rows-list, .fields)");
  if (within) return within;
  if (path) return placeOf(form, path.split(".").slice(0, -1).join("."));
  return /** @type {Element} */ (form.querySelector(".section > .fields"));
}

/** @param {string} sentence */
function noteOf(sentence) {
  const note = document.createElement("p");
  note.className = "error";
  note.textContent = sentence;
  return note;
}

/** Says it beside its field, or takes back what was said there. @param {Control} control @param {string} [sentence] */
export function showError(control, sentence) {
  const id = `${control.id}-error`;
  const field = control.closest(".field");
  const described = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
  let note = document.getElementById(id);
  field?.classList.toggle("field--wrong", Boolean(sentence));
  if (!sentence) {
    note?.remove();
    control.removeAttribute("aria-invalid");
  } else {
    if (!note) {
      note = noteOf("");
      note.id = id;
      field?.append(note);
    }
    if (note.textContent !== sentence) note.textContent = sentence;
    control.setAttribute("aria-invalid", "true");
    described.push(id);
  }
  if (described.length) control.setAttribute("aria-describedby", described.join(" "));
  else control.removeAttribute("aria-describedby");
}

/** Goes to the first thing that is wrong, also into a section that is closed. @param {HTMLFormElement} form @returns {string} what is said there */
export function focusError(form) {
  const note = form.querySelector(".error");
  if (!note) return "";
  const section = /** @type {HTMLDetailsElement} */ (note.closest("details.section"));
  section.open = true;
  const place = note.closest(".field, .rows, .section");
  const focusable = place?.matches(".rows") ? place : place?.querySelector("[aria-invalid], summary");
  /** @type {HTMLElement | null | undefined} */ (focusable)?.focus({ preventScroll: true });
  note.scrollIntoView({ block: "center" }); // a list is higher than the window
  return note.textContent ?? "";
}
