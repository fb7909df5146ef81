// @ts-check
import { changedPaths } from "./paths.js";

/** @typedef {import("./store.js").Store} Store */

/**
 * The buttons and keys of undo and redo. The keys work everywhere on the page but in fields that are no part of the
 * configuration: a step is a step, wherever the cursor is.
 * @param {Store} store
 * @param {{undo: HTMLButtonElement, redo: HTMLButtonElement, form: HTMLFormElement, announce: (text: string) => void,
 *   label: (path: string) => string}} parts
 */
export function wireHistory(store, { undo, redo, form, announce, label }) {
  const step = (/** @type {"undo" | "redo"} */ way) => {
    if (!(way === "undo" ? store.canUndo : store.canRedo)) return;
    const before = store.values;
    store[way]();
    const paths = changedPaths(before, store.values);
    const what = paths.length === 1 ? label(paths[0]) : `${paths.length} fields`;
    announce(`${way === "undo" ? "Undone" : "Redone"}: ${what}`);
  };
  undo.addEventListener("click", () => step("undo"));
  redo.addEventListener("click", () => step("redo"));
  addEventListener("keydown", (event) => {
    const way = wayOf(event);
    const target = /** @type {Element} */ (event.target);
    const foreign = target.matches("input, textarea, select") && !form.contains(target);
    if (!way || foreign || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    step(way);
  });
  const refresh = () => {
    // Not `disabled`: that would take the focus from whoever pressed the last step.
    undo.ariaDisabled = String(!store.canUndo);
    redo.ariaDisabled = String(!store.canRedo);
  };
  store.addEventListener("change", refresh);
  refresh();
}

/** @param {KeyboardEvent} event @returns {"undo" | "redo" | null} */
function wayOf({ ctrlKey, metaKey, shiftKey, altKey, key }) {
  if (!(ctrlKey || metaKey) || altKey) return null;
  const letter = key.toLowerCase();
  if (letter === "z") return shiftKey ? "redo" : "undo";
  return letter === "y" && ctrlKey ? "redo" : null;
}
