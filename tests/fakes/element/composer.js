// @ts-check
/** Where the visitor writes. */

import { h, icon, iconButton } from "./dom.js";

/**
 * @typedef {object} Actions
 * @property {(text: string, choice: {model?: string, tool?: string}) => void} send
 * @property {() => void} stop
 * @property {(name: string, data?: object) => void} log
 * @property {(toolId: string | null) => void} toolChanged
 */

export class ComposerView {
  element = h("form", { class: "composer", onsubmit: (/** @type {Event} */ event) => this.#submit(event) });
  #input = h("textarea", { rows: "1", "data-testid": "composer", "aria-label": "Message" });
  #send = h("button", { class: "send", "aria-label": "Send message", title: "Send message" }, icon("send"));
  #stop = iconButton("stop", "Stop answering", () => this.#actions.stop(), { class: "send" });
  #row = h("div", { class: "row" });
  #actions;
  #busy = false;
  /** @type {string | null} */
  #tool = null;
  /** @type {HTMLSelectElement | null} */
  #models = null;

  /** @param {Actions} actions */
  constructor(actions) {
    this.#actions = actions;
    this.#input.addEventListener("keydown", (event) => this.#onKey(event));
    this.#input.addEventListener("input", () => this.#refresh());
    this.#stop.hidden = true;
    this.element.append(this.#input, this.#row); // once: an input that is moved loses its focus
  }

  /** @param {any} options @param {boolean} hosted tools and models need a server of one's own */
  update(options, hosted) {
    const composer = options.composer ?? {};
    this.#input.placeholder = composer.placeholder ?? "Message the AI";
    const attach = iconButton("attach", "Attach a file", () => this.#actions.log("composer.plusButton.click"));
    this.#models = !hosted && composer.models?.length ? modelSelect(composer.models) : null;
    const tools = hosted ? [] : (composer.tools ?? []).map((/** @type {any} */ tool) => this.#toolButton(tool));
    const dictate = iconButton("mic", "Dictate", () => {});
    this.#row.replaceChildren(
      ...(composer.attachments?.enabled ? [attach] : []),
      ...tools,
      ...(this.#models ? [this.#models] : []),
      h("span", { class: "space" }),
      ...(composer.dictation?.enabled ? [dictate] : []),
      this.#stop,
      this.#send,
    );
    this.#refresh();
  }

  get value() {
    return this.#input.value;
  }

  set value(text) {
    this.#input.value = text;
    this.#refresh();
  }

  focus() {
    this.#input.focus();
  }

  /** @param {boolean} busy @param {boolean} [stoppable] */
  setBusy(busy, stoppable = false) {
    this.#busy = busy;
    this.#stop.hidden = !(busy && stoppable);
    this.#send.hidden = busy && stoppable;
    this.#refresh();
  }

  /** A closed conversation shows why, instead of a place to write. @param {string | null} reason */
  lock(reason) {
    this.element.hidden = reason !== null;
  }

  /** @param {any} tool */
  #toolButton(tool) {
    const button = h(
      "button",
      { type: "button", class: "chip", "aria-pressed": String(this.#tool === tool.id) },
      icon("tool"),
      tool.shortLabel ?? tool.label,
    );
    button.addEventListener("click", () => this.#toggle(tool.id, button));
    return button;
  }

  /** One tool at most. @param {string} id @param {HTMLElement} button */
  #toggle(id, button) {
    this.#tool = this.#tool === id ? null : id;
    for (const other of this.element.querySelectorAll(".chip")) {
      other.setAttribute("aria-pressed", String(other === button && this.#tool !== null));
    }
    this.#actions.log(this.#tool ? "composer.tool.select" : "composer.tool.unselect", { id });
    this.#actions.toolChanged(this.#tool);
  }

  #refresh() {
    this.#send.disabled = this.#busy || this.value.trim() === "";
    this.#input.style.setProperty("height", "auto");
    if (this.#input.scrollHeight)
      this.#input.style.setProperty("height", `${Math.min(this.#input.scrollHeight, 160)}px`);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const text = this.value.trim();
    if (this.#busy || text === "") return;
    this.value = "";
    this.#actions.send(text, { model: this.#models?.value, tool: this.#tool ?? undefined });
  }
}

/** @param {any[]} models */
function modelSelect(models) {
  const list = models.map((model) =>
    h("option", { value: model.id, disabled: Boolean(model.disabled), selected: Boolean(model.default) }, model.label),
  );
  return h("select", { "aria-label": "Model" }, ...list);
}
