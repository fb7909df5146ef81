// @ts-check
import { applyRules } from "./direct.js";
import { controlAt } from "./form.js";
import { getPath } from "./paths.js";
import { post } from "./server.js";

/** @typedef {import("./direct.js").Rule} Rule */
/** @typedef {{frame: any, loader: any}} Shown */
/** @typedef {{language: string, direction: string}} Look */

const DEBOUNCE_MS = 80;

/**
 * What the preview shows of the configuration: fields that reach it as they are at once, all the rest when the server
 * has worked it out. Events: "shown" (detail.shown), "answer" (detail: the server's answer).
 */
export class Live extends EventTarget {
  /** @type {Look} */
  look = { language: "", direction: "" };
  identified = false;
  /** @type {Shown | null} */
  shown = null;
  #store;
  #url;
  #timer = 0;
  #asked = 0;
  /** @type {Record<string, Rule[]>} */
  #rules = {};

  /** @param {import("./store.js").Store} store @param {string} url */
  constructor(store, url) {
    super();
    this.#store = store;
    this.#url = url;
    store.addEventListener("change", (event) => this.#changed(/** @type {CustomEvent} */ (event).detail.path));
  }

  /** @param {string} path of the one field that changed, or "" */
  #changed(path) {
    const value = path && getPath(this.#store.values, path);
    if (path && this.shown && isPlausible(path, value) && applyRules(this.shown, this.#rules[path], value)) this.#tell();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.ask(), DEBOUNCE_MS);
  }

  #tell() {
    this.dispatchEvent(new CustomEvent("shown", { detail: { shown: this.shown } }));
  }

  /** Has the server work it out. An answer that was overtaken by another question is dropped. */
  async ask() {
    const mine = ++this.#asked;
    const { language, direction } = this.look;
    const visitors = { ...this.#store.values.visitors, ...(language && { language }), ...(direction && { direction }) };
    const body = { configuration: { ...this.#store.values, visitors }, identified: this.identified };
    const { status, data } = await post(this.#url, body);
    if (mine !== this.#asked || status !== 200) return;
    if (data.frame) {
      this.shown = { frame: data.frame, loader: data.loader };
      this.#rules = data.direct;
    }
    this.dispatchEvent(new CustomEvent("answer", { detail: data }));
    if (data.frame) this.#tell();
  }
}

/** Half a colour, address or icon's name is not shown. @param {string} path @param {any} value */
function isPlausible(path, value) {
  const field = controlAt(/** @type {HTMLFormElement} */ (document.getElementById("draft")), path);
  if (!field) return false;
  if (field.closest("color-field")) return /^#[0-9a-f]{6}$/i.test(value);
  if (field.type === "url" && !value.startsWith("https://")) return false;
  return field.checkValidity() && (field.dataset.type !== "integer" || Number.isInteger(value));
}
