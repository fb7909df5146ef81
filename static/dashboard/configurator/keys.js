// @ts-check

/**
 * Saving by Ctrl+S, and the sheet of all keys: by its button, or by “?” wherever that is not typed.
 * @param {HTMLDialogElement} sheet @param {HTMLButtonElement} opener @param {HTMLFormElement} form
 */
export function wireKeys(sheet, opener, form) {
  opener.addEventListener("click", () => sheet.showModal());
  addEventListener("keydown", (event) => {
    const { key = "", target, ctrlKey, metaKey, shiftKey, altKey } = event; // none where the browser fills fields in
    if (document.querySelector("dialog[open]")) return;
    const isTyped = /** @type {Element} */ (target).matches("input, textarea, select");
    if (key.toLowerCase() === "s" && (ctrlKey || metaKey) && !shiftKey && !altKey) {
      event.preventDefault(); // the browser would keep the page as a file
      form.requestSubmit();
    } else if (key === "?" && !isTyped) sheet.showModal();
  });
}
