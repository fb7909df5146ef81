// @ts-check
import { isEqual } from "./paths.js";

/** @typedef {import("./paths.js").Values} Values */

const STEPS = 100;
const TYPING_MS = 500;

/**
 * The one place where the configuration is. Events: "change" after every change (detail.from: "form" | "history" |
 * "other"; detail.path where a single field changed).
 */
export class Store extends EventTarget {
  /** @type {Values[]} */
  #past = [];
  /** @type {Values[]} */
  #future = [];
  #typed = { path: "", at: 0 };

  /** @param {Values} values */
  constructor(values) {
    super();
    this.values = values;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /**
   * @param {Values} values
   * @param {{path?: string, from?: "form" | "other"}} [how] path: the field that was edited; what is typed into one
   *   without a pause is one step
   * @returns {boolean} whether that changed anything
   */
  change(values, { path = "", from = "other" } = {}) {
    if (isEqual(values, this.values)) return false;
    const now = Date.now();
    const typing = path !== "" && path === this.#typed.path && now - this.#typed.at < TYPING_MS && this.#past.length > 0;
    if (!typing) this.#past = [...this.#past, this.values].slice(-STEPS);
    this.#typed = { path, at: now };
    this.#future = [];
    this.#set(values, from, path);
    return true;
  }

  /**
   * Puts what was made here upon what somebody else made, in every step: undo takes back one's own alone.
   * @param {(values: Values) => Values | null} onto null: a step that is lost, because both changed the same
   */
  rebase(onto) {
    const kept = (/** @type {Values[]} */ steps) => steps.flatMap((step) => onto(step) ?? []);
    [this.#past, this.#future] = [kept(this.#past), kept(this.#future)];
    this.#set(onto(this.values) ?? this.values, "other", "");
  }

  undo() {
    this.#step(this.#past, this.#future);
  }

  redo() {
    this.#step(this.#future, this.#past);
  }

  /** @param {Values[]} from @param {Values[]} to */
  #step(from, to) {
    const values = from.pop();
    if (!values) return;
    to.push(this.values);
    this.#typed = { path: "", at: 0 };
    this.#set(values, "history", "");
  }

  /** @param {Values} values @param {string} from @param {string} path */
  #set(values, from, path) {
    const before = this.values;
    this.values = values;
    this.dispatchEvent(new CustomEvent("change", { detail: { from, path, before } }));
  }
}
