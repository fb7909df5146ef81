// @ts-check
import { Attachments } from "./attachments.js";
import { h, icon, iconButton } from "./dom.js";
import { phrase } from "./strings.js";

export const MAX_TEXT = 8000; // characters; the server refuses more
const DOUBLE_CLICK_MS = 500;

/** Where the visitor types, attaches and sends. A draft stays while an answer is on its way. */
export class Composer {
  #busySince = 0;
  #width = 0; // of the field when its height was fitted
  #field = h("textarea", { rows: 1, enterkeyhint: "send", "aria-describedby": "hint" });
  #hint = h("p", { id: "hint", class: "hint", role: "status" });
  #counter = h("span", { class: "counter", "aria-hidden": "true" });
  #button = iconButton("send", phrase("send"), () => (this.#busySince ? this.#stopSafely() : this.submit()), "icon go");
  #actions;

  attachments = new Attachments((problem) => this.#refresh(problem));

  /** @param {{send: (text: string, files: File[]) => void, stop: () => void}} actions */
  constructor(actions) {
    this.#actions = actions;
    const { list, input, button } = this.attachments;
    const box = h("div", { class: "box" }, button, input, this.#field, this.#counter, this.#button);
    this.element = h("form", { class: "composer", submit: (/** @type {Event} */ event) => event.preventDefault() });
    this.element.append(list, box, this.#hint);
    this.#field.addEventListener("input", () => this.#refresh());
    this.#field.addEventListener("keydown", (event) => this.#onKey(event));
    this.#field.addEventListener("paste", (event) => this.#onPaste(event));
    // A frame that loads hidden has no width: the text would seem to need a line for each word.
    new ResizeObserver(() => requestAnimationFrame(() => this.#width !== this.#field.clientWidth && this.#fit())).observe(this.#field);
    addEventListener("online", () => this.#refresh());
    addEventListener("offline", () => this.#refresh());
  }

  get #text() {
    return this.#field.value.trim();
  }

  get #isTooLong() {
    return this.#text.length > MAX_TEXT;
  }

  get #isEmpty() {
    return !this.#text && !this.attachments.count;
  }

  submit() {
    if (this.#isEmpty) return this.focus();
    if (this.#busySince) return this.#refresh(phrase("waiting"));
    if (this.#isTooLong || !navigator.onLine) return this.#refresh();
    const text = this.#text;
    this.#field.value = "";
    this.#actions.send(text, this.attachments.take());
    this.#refresh();
  }

  #stopSafely() {
    // The second click of a double click was meant for "send".
    if (Date.now() - this.#busySince > DOUBLE_CLICK_MS) this.#actions.stop();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    // 229: Safari ends a composition before it reports the Enter that ended it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit();
  }

  /** @param {ClipboardEvent} event */
  #onPaste(event) {
    const { files, types } = /** @type {DataTransfer} */ (event.clipboardData);
    // Office programs add a picture of the text that they copy.
    if (!files.length || types.includes("text/plain") || !this.attachments.enabled) return;
    event.preventDefault();
    this.attachments.add(files);
  }

  /** Fits the field to its text and says what stands in the way of sending. @param {string} [problem] */
  #refresh(problem = this.#obstacle()) {
    if (this.#hint.textContent !== problem) this.#hint.textContent = problem;
    this.#counter.textContent = this.#isTooLong ? String(MAX_TEXT - this.#text.length) : "";
    this.#field.setAttribute("aria-invalid", String(this.#isTooLong));
    this.element.classList.toggle("empty", this.#isEmpty && !this.#busySince);
    this.#fit();
  }

  #fit() {
    const { style } = this.#field;
    style.height = "auto";
    this.#width = this.#field.clientWidth;
    if (this.#width) style.height = `${this.#field.scrollHeight}px`;
  }

  #obstacle() {
    if (this.#isTooLong) return phrase("tooLong", { max: MAX_TEXT });
    return navigator.onLine ? "" : phrase("offline");
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  /** @param {string} text */
  prefill(text) {
    this.#field.value = text;
    this.#refresh();
  }

  /** @param {boolean} busy */
  setBusy(busy) {
    this.#busySince = busy ? Date.now() : 0;
    this.#button.replaceChildren(icon(busy ? "stop" : "send"));
    this.#button.title = phrase(busy ? "stop" : "send");
    this.#button.setAttribute("aria-label", this.#button.title);
    this.#refresh();
  }

  /** @param {Record<string, any>} config */
  update({ placeholder, files }) {
    this.#field.placeholder = placeholder || phrase("message");
    this.#field.setAttribute("aria-label", this.#field.placeholder);
    this.attachments.update(files ?? { enabled: false, maxCount: 0, maxBytes: 0, accept: [] });
    this.#refresh();
  }
}
