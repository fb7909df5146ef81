// @ts-check

/** Tells the one who asked before. @type {WeakMap<HTMLDialogElement, (value: string) => void>} */
const answers = new WeakMap();

/**
 * Opens a dialog whose buttons have values.
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<string>} the value of the button that was pressed; "": it was closed without one
 */
export function ask(dialog) {
  answers.get(dialog)?.(dialog.returnValue); // to the question before, if nobody has been told of it yet
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    answers.set(dialog, resolve);
    // The browser tells of a closing a moment later: the next question may be open by then.
    dialog.onclose = () => dialog.open || resolve(dialog.returnValue);
  });
}
