// @ts-check
/** @typedef {import("./autosave.js").State} State */

/** @type {Record<State, string>} */
const WORDS = {
  saved: "All changes saved",
  waiting: "Changes are not saved yet",
  saving: "Saving…",
  invalid: "Not saved: please look at the marked fields",
  conflict: "Not saved: someone else changed this draft",
  loggedOut: "Not saved: you are logged out. Log in in another tab, then press Save draft",
  failed: "Could not save. Trying again…",
};

/**
 * Says in words how saving stands.
 * @param {HTMLElement} element role=status
 * @param {import("./autosave.js").Autosave} autosave
 */
export function showStatus(element, autosave) {
  autosave.addEventListener("state", (event) => {
    const state = /** @type {State} */ (/** @type {CustomEvent} */ (event).detail.state);
    element.textContent = WORDS[state];
    element.dataset.state = state;
  });
  addEventListener("beforeunload", (event) => {
    if (autosave.isUnsaved && !leaving) event.preventDefault();
  });
}

let leaving = false;

/** The form itself is being sent. */
export function allowLeaving() {
  leaving = true;
}
