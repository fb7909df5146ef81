// @ts-check
import { isEqual } from "./paths.js";
import { post } from "./server.js";
import { showStanding } from "./status.js";

/** @typedef {import("./store.js").Store} Store */
/**
 * @typedef {"saved" | "waiting" | "saving" | "invalid" | "conflict" | "loggedOut" | "forbidden" | "gone" | "failed"} State
 * @typedef {object} Options
 * @property {Store} store
 * @property {string} url
 * @property {number} revision of what is stored
 * @property {import("./paths.js").Values} stored
 */

const DELAY_MS = 1000;
const RETRY_MS = 8000;

/**
 * Stores the draft a moment after the last change. Events: "state" (detail: {state, errors?, theirs?}).
 * A draft that somebody else has stored in the meantime is never overwritten without being asked.
 */
export class Autosave extends EventTarget {
  /** @type {State} */
  state = "saved";
  #store;
  #url;
  #timer = 0;
  /** @type {Promise<void> | null} */
  #running = null;
  /** @type {import("./paths.js").Values | null} on its way */
  #sent = null;
  /** @type {import("./paths.js").Values | null} sent without an answer: it may be stored */
  #unheard = null;

  /** @param {Options} options */
  constructor({ store, url, revision, stored }) {
    super();
    this.#store = store;
    this.#url = url;
    this.revision = revision;
    this.stored = stored;
    store.addEventListener("change", () => this.#plan(DELAY_MS));
  }

  /** Also where one has gone back to what was stored, while something else is being stored. */
  get isUnsaved() {
    return [this.stored, this.#sent, this.#unheard].some((one) => one && !isEqual(one, this.#store.values));
  }

  /** @param {number} delay */
  #plan(delay) {
    clearTimeout(this.#timer);
    if (this.state === "conflict") return;
    if (!this.isUnsaved) return this.#tell("saved");
    if (this.state !== "saving") this.#tell("waiting");
    this.#timer = setTimeout(() => this.flush(), delay);
  }

  /** Stores now, after what is on its way already. @returns {Promise<boolean>} whether all is stored */
  async flush() {
    while (this.#running) await this.#running; // others wait for the same one
    clearTimeout(this.#timer);
    if (this.isUnsaved && this.state !== "conflict") {
      this.#running = this.#save();
      await this.#running;
      this.#running = null;
    }
    return !this.isUnsaved;
  }

  /** @returns {Promise<void>} */
  async #save() {
    this.#tell("saving");
    const values = this.#store.values;
    const headers = { "If-Match": `"${this.revision}"` };
    this.#sent = values;
    const { status, data } = await post(this.#url, { configuration: values }, headers);
    this.#sent = null;
    if (status === 200) this.#keep(data, values);
    else if (status === 412) await this.#meet(data, values);
    else if (status === 422) this.#tell("invalid", { errors: data.errors });
    else if (status === 401) this.#tell("loggedOut");
    else if (status === 403) this.#tell("forbidden", { message: data.message });
    else if (status === 404) this.#tell("gone");
    else {
      this.#unheard = values;
      this.#tell("failed");
      this.#again(RETRY_MS);
    }
  }

  /** @param {{revision: number, standing?: any}} answer @param {import("./paths.js").Values} values that are stored now */
  #keep({ revision, standing }, values) {
    this.revision = revision;
    this.stored = values;
    this.#unheard = null;
    if (standing) showStanding(standing);
    if (this.isUnsaved) this.#again(DELAY_MS);
    else this.#tell("saved");
  }

  /**
   * Something newer is stored. It may be ours, of which the answer was lost, or the connection, which shares the
   * revision: what is typed goes on top of these.
   * @param {{revision: number, configuration: any}} theirs @param {import("./paths.js").Values} values
   */
  async #meet(theirs, values) {
    const { configuration } = theirs;
    if (isEqual(configuration, values)) return this.#keep(theirs, values);
    if (![this.stored, this.#unheard].some((ours) => isEqual(configuration, ours))) return this.#tell("conflict", { theirs });
    this.revision = theirs.revision;
    return this.#save();
  }

  /** @param {number} delay */
  #again(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), delay);
  }

  /** The next save replaces what they stored. @param {number} revision theirs */
  overwrite(revision) {
    this.revision = revision;
    this.state = "waiting";
    return this.flush();
  }

  /** @param {State} state @param {object} [more] */
  #tell(state, more = {}) {
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: { state, ...more } }));
  }
}
