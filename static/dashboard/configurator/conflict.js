// @ts-check
import { ask } from "./ask.js";
import { changedPaths, getPath } from "./paths.js";
import { showValue } from "./value.js";

/**
 * Asks what shall become of a draft that somebody else has stored in the meantime.
 * @param {HTMLDialogElement} dialog with buttons of the values "both", "reload", "overwrite" and "difference"
 * @param {{theirs: {revision: number, configuration: any}, mine: any, apart: boolean, label: (path: string) => string}} facts
 *   apart: the two changed different settings
 * @returns {Promise<"both" | "reload" | "overwrite" | "">} "": not decided
 */
export function askConflict(dialog, { theirs, mine, apart, label }) {
  const table = /** @type {HTMLTableElement} */ (dialog.querySelector("table"));
  const rows = changedPaths(theirs.configuration, mine).map((path) => {
    const row = document.createElement("tr");
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = label(path);
    row.append(name, cell(getPath(theirs.configuration, path)), cell(getPath(mine, path)));
    return row;
  });
  table.tBodies[0].replaceChildren(...rows);
  table.hidden = true;
  const both = /** @type {HTMLButtonElement} */ (dialog.querySelector("[value=both]"));
  both.hidden = !apart;
  const difference = /** @type {HTMLButtonElement} */ (dialog.querySelector("[value=difference]"));
  difference.onclick = () => {
    table.hidden = !table.hidden;
    difference.ariaExpanded = String(!table.hidden);
  };
  difference.ariaExpanded = "false";
  return /** @type {Promise<any>} */ (ask(dialog));
}

/** @param {any} value */
function cell(value) {
  const made = document.createElement("td");
  showValue(made, words(value));
  return made;
}

/** A list as lines, each entry in a line of its own. @param {any} value @returns {string} */
function words(value) {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (Array.isArray(value)) return value.map(words).join("\n");
  if (value && typeof value === "object") return Object.values(value).map(words).filter(Boolean).join(" · ");
  return String(value ?? "");
}
