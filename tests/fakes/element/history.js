// @ts-check
/** The visitor's earlier conversations. */

import { h, iconButton } from "./dom.js";

/** @typedef {{id: string, title?: string, created_at: string}} Thread */
/**
 * @typedef {object} Actions
 * @property {() => Promise<Thread[]>} list
 * @property {(id: string) => void} select
 * @property {(id: string, title: string) => Promise<void>} rename
 * @property {(id: string) => Promise<void>} remove
 * @property {() => void} closed
 */

export class HistoryView {
  element = h("div", { class: "history", role: "dialog", "aria-label": "Chat history", hidden: true });
  #actions;
  #options;
  #list = h("ul");

  /** @param {Actions} actions @param {() => any} options */
  constructor(actions, options) {
    this.#actions = actions;
    this.#options = options;
    const close = iconButton("close", "Close history", () => this.close());
    this.element.append(
      h("div", { class: "header" }, h("h2", {}, "Chats"), h("span", { class: "space" }), close),
      this.#list,
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  async open() {
    await this.#fill();
    this.element.hidden = false;
    /** @type {HTMLElement} */ (this.element.querySelector("button")).focus();
  }

  close() {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.#actions.closed();
  }

  async #fill() {
    const threads = await this.#actions.list();
    const rows = threads.map((thread) => this.#row(thread));
    this.#list.replaceChildren(...(rows.length ? rows : [h("li", { class: "empty" }, "No chats yet")]));
  }

  /** @param {Thread} thread */
  #row(thread) {
    const { showRename = true, showDelete = true } = this.#options().history ?? {};
    const title = thread.title ?? "New chat";
    const select = () => {
      this.close();
      this.#actions.select(thread.id);
    };
    const row = h("li", {}, h("button", { type: "button", class: "pick", onclick: select }, title));
    if (showRename) row.append(iconButton("pencil", `Rename ${title}`, () => this.#edit(row, thread)));
    if (showDelete) row.append(iconButton("trash", `Delete ${title}`, () => this.#remove(thread)));
    return row;
  }

  /** @param {HTMLElement} row @param {Thread} thread */
  #edit(row, thread) {
    const input = h("input", { "aria-label": "New title", value: thread.title ?? "" });
    const save = async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (input.value.trim()) await this.#actions.rename(thread.id, input.value.trim());
      await this.#fill();
    };
    row.replaceChildren(h("form", { onsubmit: save }, input, h("button", { class: "text" }, "Save")));
    input.focus();
  }

  /** @param {Thread} thread */
  async #remove(thread) {
    await this.#actions.remove(thread.id);
    await this.#fill();
  }
}
