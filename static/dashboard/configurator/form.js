// @ts-check
// The form is the view of a configuration: read as the server reads it, and written when something else changed it.
import { getPath, setPath } from "./paths.js";

/** @typedef {import("./paths.js").Values} Values */
/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Control */
/** @typedef {HTMLElement & {setCount: (count: number) => void}} Rows */

/** @param {ParentNode} within @returns {Control[]} */
export function controlsOf(within) {
  return [.../** @type {NodeListOf<Control>} */ (within.querySelectorAll("[data-type]"))];
}

/** @param {Control} control @returns {any} as JSON; what cannot be read stays a text, and the server says why */
export function valueOf(control) {
  const text = control.value.trim();
  switch (control.dataset.type) {
    case "boolean":
      return /** @type {HTMLInputElement} */ (control).checked;
    case "integer":
      return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    case "lines":
      return text.split("\n").map((line) => line.trim()).filter(Boolean);
    default:
      return text;
  }
}

/** @param {HTMLFormElement} form @returns {Values} */
export function readForm(form) {
  /** @type {Values} */
  const values = {};
  for (const control of controlsOf(form)) if (!control.closest(".row")) setPath(values, control.name, valueOf(control));
  for (const rows of rowsOf(form)) {
    setPath(values, nameOf(rows), filledRows(rows).map(readRow));
  }
  return values;
}

/** @param {HTMLFormElement} form @param {Values} values */
export function writeForm(form, values) {
  for (const rows of rowsOf(form)) {
    const list = getPath(values, nameOf(rows)) ?? [];
    rows.setCount(list.length);
    [...rows.querySelectorAll(".rows-list > .row")].forEach((row, index) => {
      for (const control of controlsOf(row)) write(control, getPath(list[index], within(control)));
    });
  }
  for (const control of controlsOf(form)) if (!control.closest(".row")) write(control, getPath(values, control.name));
}

/** @param {Control} control @param {any} value */
function write(control, value) {
  if (value === undefined) return;
  if (control.dataset.type === "boolean") /** @type {HTMLInputElement} */ (control).checked = value;
  else {
    const text = Array.isArray(value) ? value.join("\n") : String(value);
    if (control.value.trim() === text) return;
    control.value = text;
  }
  control.dispatchEvent(new Event("input")); // for what follows the field; it does not bubble to the form
}

/** Those that count: one that says nothing is not there for the server. @param {Rows} rows @returns {Element[]} */
function filledRows(rows) {
  const blank = JSON.stringify(readRow(/** @type {HTMLTemplateElement} */ (rows.querySelector("template")).content));
  return [...rows.querySelectorAll(".rows-list > .row")].filter((row) => JSON.stringify(readRow(row)) !== blank);
}

/** @param {ParentNode} row */
function readRow(row) {
  /** @type {Values} */
  const values = {};
  for (const control of controlsOf(row)) setPath(values, within(control), valueOf(control));
  return values;
}

/** The path of a control in its row: what follows the row's number. @param {Control} control */
function within(control) {
  return control.name.replace(/^.*?\.(\d+|__index__)\./, "");
}

/** @param {ParentNode} form @returns {Rows[]} */
function rowsOf(form) {
  return [.../** @type {NodeListOf<Rows>} */ (form.querySelectorAll("rows-field"))];
}

/** @param {Rows} rows */
function nameOf(rows) {
  return rows.dataset.name ?? "";
}

/** The path of a control in the configuration: filled rows count by their place. @param {Control} control */
export function pathOf(control) {
  const row = control.closest(".row");
  const rows = /** @type {Rows | null} */ (control.closest("rows-field"));
  if (!row || !rows) return control.name;
  return `${nameOf(rows)}.${filledRows(rows).indexOf(row)}.${within(control)}`;
}

/** @param {HTMLFormElement} form @param {string} path @returns {Control | undefined} */
export function controlAt(form, path) {
  return controlsOf(form).find((control) => {
    const rows = /** @type {Rows | null} */ (control.closest("rows-field"));
    if (rows && !path.startsWith(`${nameOf(rows)}.`)) return false; // to find its place takes reading all rows
    return path === pathOf(control);
  });
}

/** What people call a field: its label, behind its section's. @param {HTMLFormElement} form @param {string} path */
export function labelOf(form, path) {
  const control = controlAt(form, path);
  const rows = control ? null : rowsOf(form).find((one) => path.startsWith(nameOf(one)));
  const place = control ?? rows;
  if (!place) return path;
  const section = place.closest(".section")?.querySelector("h2")?.textContent ?? "";
  const label = (control ? control.labels?.[0] : rows?.querySelector("h3"))?.textContent ?? path;
  return section === label ? label : `${section}: ${label}`;
}
