// @ts-check

const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("sure"));
const [heading, told, deed] = /** @type {NodeListOf<HTMLElement>} */ (dialog.querySelectorAll("h2, p, [value=yes]"));

/** Answers the question that is asked. @type {(yes: boolean) => void} */
let answer = () => {};

// The browser tells of a closing a moment later: the next question may be open by then.
dialog.addEventListener("close", () => dialog.open || answer(dialog.returnValue === "yes"));

/**
 * Asks before what undo cannot take back.
 * @param {{question: string, told: string, deed: string}} words told: what it does; deed: on the button
 * @returns {Promise<boolean>}
 */
export function sure(words) {
  answer(dialog.returnValue === "yes"); // of the question before, if nobody has been told of it yet
  heading.textContent = words.question;
  told.textContent = words.told;
  deed.textContent = words.deed;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    answer = resolve;
  });
}
