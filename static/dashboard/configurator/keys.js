// @ts-check

/** The sheet of keys: by its button, or by “?” wherever that is not typed. @param {HTMLDialogElement} sheet @param {HTMLButtonElement} opener */
export function wireKeys(sheet, opener) {
  opener.addEventListener("click", () => sheet.showModal());
  addEventListener("keydown", ({ key, target }) => {
    const isTyped = /** @type {Element} */ (target).matches("input, textarea, select");
    if (key === "?" && !isTyped && !document.querySelector("dialog[open]")) sheet.showModal();
  });
}
