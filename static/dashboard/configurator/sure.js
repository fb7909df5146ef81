// @ts-check
import { ask } from "./ask.js";

const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("sure"));
const [heading, told, deed] = /** @type {NodeListOf<HTMLElement>} */ (dialog.querySelectorAll("h2, p, [value=yes]"));

/**
 * Asks before what undo cannot take back.
 * @param {{question: string, told: string, deed: string}} words told: what it does; deed: on the button
 * @returns {Promise<boolean>}
 */
export async function sure(words) {
  heading.textContent = words.question;
  told.textContent = words.told;
  deed.textContent = words.deed;
  return (await ask(dialog)) === "yes";
}
