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
  forbidden: "Not saved: your role does not let you change this widget any more. Ask an owner of the organization",
  gone: "Not saved: the widget was deleted, or you no longer belong to its organization",
  failed: "Could not save. Trying again…",
};

/**
 * Says in words how saving stands.
 * @param {HTMLElement} element role=status
 * @param {import("./autosave.js").Autosave} autosave
 */
export function showStatus(element, autosave) {
  autosave.addEventListener("state", (event) => {
    const { state, message } = /** @type {{state: State, message?: string}} */ (/** @type {CustomEvent} */ (event).detail);
    element.textContent = message ? `Not saved: ${message}` : WORDS[state];
    element.dataset.state = state;
  });
  addEventListener("beforeunload", (event) => {
    if (autosave.isUnsaved) event.preventDefault();
  });
}

/** How the widget stands, below its name. @param {{word: string, tone: string, detail: string}} standing */
export function showStanding({ word, tone, detail }) {
  const [badge, sentence] = document.querySelectorAll(".standing > span");
  badge.textContent = word;
  badge.className = `badge badge--${tone}`;
  sentence.textContent = detail;
}
