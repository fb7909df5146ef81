// @ts-check
/** @typedef {import("./autosave.js").Autosave} Autosave */

/**
 * Says that the login has ended, and goes on once there is a new one: what was typed stays where it is. Coming back to
 * this tab tries by itself.
 * @param {HTMLDialogElement} dialog with a button of the value "retry"
 * @param {Autosave} autosave
 */
export function wireLogin(dialog, autosave) {
  const still = /** @type {HTMLElement} */ (dialog.querySelector("[role=status]"));
  let asked = false;
  let dismissed = false; // whoever wants to copy something first is not asked with every key

  dialog.addEventListener("cancel", () => (dismissed = true));
  addEventListener("submit", () => (dismissed = false));
  const retry = () => {
    still.textContent = "";
    asked = true;
    autosave.flush();
  };
  dialog.querySelector("[value=retry]")?.addEventListener("click", retry);
  addEventListener("focus", () => {
    if (dialog.open && autosave.state === "loggedOut") autosave.flush();
  });
  autosave.addEventListener("state", (event) => {
    const { state } = /** @type {CustomEvent} */ (event).detail;
    if (state === "loggedOut") {
      if (asked) still.textContent = "You are not logged in yet.";
      if (!dialog.open && !dismissed) dialog.showModal();
    } else if (state !== "saving" && state !== "waiting") {
      dismissed = false;
      dialog.close();
    }
    if (state !== "saving") asked = false;
  });
}
