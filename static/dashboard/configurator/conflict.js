// @ts-check
import { changedPaths, getPath } from "./paths.js";
import { showValue } from "./value.js";

/**
 * Asks what shall become of a draft that somebody else has stored in the meantime.
 * @param {HTMLDialogElement} dialog with buttons of the values "reload", "overwrite" and "difference"
 * @param {{theirs: {revision: number, configuration: any}, mine: any, label: (path: string) => string}} facts
 * @returns {Promise<"reload" | "overwrite" | "">} "": not decided
 */
export function askConflict(dialog, { theirs, mine, label }) {
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
  const difference = /** @type {HTMLButtonElement} */ (dialog.querySelector("[value=difference]"));
  difference.onclick = () => {
    table.hidden = !table.hidden;
    difference.ariaExpanded = String(!table.hidden);
  };
  difference.ariaExpanded = "false";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(/** @type {any} */ (dialog.returnValue)), { once: true });
  });
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
