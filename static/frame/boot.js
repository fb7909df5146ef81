// @ts-check
/**
 * What the server wrote into the frame page.
 * @typedef {object} Boot
 * @property {string} license
 * @property {string} widget
 * @property {string} type of widget
 * @property {string | number} version
 * @property {string} pageToken
 * @property {string | null} parentOrigin the embedding site as the server saw it; null: not known
 * @property {boolean} page opened on its own, as a full page
 * @property {{session?: string, backend?: string, messages?: string, history?: string, events: string}} api paths
 * @property {Record<string, any>} config what the widget's type declares
 * @property {Record<string, string>} strings sentences in the widget's language
 * @property {string} lang
 * @property {"ltr" | "rtl"} dir
 * @property {boolean} [preview] shown to an admin in the dashboard
 * @property {{dashboard: string, key: string, says: Record<string, string>}} [configurator] in the configurator only
 * @property {string | null} brand where "Powered by" leads; null: no such line
 */

/** @returns {Readonly<Boot>} */
function readBoot() {
  return Object.freeze(JSON.parse(/** @type {HTMLElement} */ (document.getElementById("boot")).textContent || "{}"));
}

export const boot = readBoot();

/**
 * A sentence in the widget's language.
 * @param {string} key
 * @param {string} [english] where the key is not the English sentence itself
 */
export function say(key, english = key) {
  return boot.strings?.[key] || english;
}
