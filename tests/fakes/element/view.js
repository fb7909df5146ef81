// @ts-check
/** Everything that is drawn: header, start screen, conversation, composer, history. */

import { ComposerView } from "./composer.js";
import { h, icon, iconButton } from "./dom.js";
import { HistoryView } from "./history.js";
import { inline } from "./markdown.js";
import { applyTheme } from "./theme.js";
import { ThreadView } from "./thread.js";

const RIGHT_TO_LEFT = /^(ar|ur)\b/;

/**
 * @typedef {import("./composer.js").Actions & import("./thread.js").Actions & {
 *   options: () => any, hosted: boolean, newChat: () => void, openHistory: () => void, prompt: (prompt: any) => void,
 *   headerAction: (side: "left" | "right") => void, history: import("./history.js").Actions }} Actions
 */

export class View {
  #actions;
  #header = h("div", { class: "header" });
  #titleText = h("h2", { "data-testid": "title" });
  #start = h("div", { class: "start" });
  #closed = h("p", { class: "closed", role: "status", hidden: true });
  #disclaimer = h("p", { class: "disclaimer" });
  #toast = h("p", { class: "toast", role: "status", hidden: true });
  #main = h("div", { class: "main" });
  #title = "";

  /** @param {HTMLElement} wrapper @param {Actions} actions */
  constructor(wrapper, actions) {
    this.#actions = actions;
    this.wrapper = wrapper;
    this.thread = new ThreadView(actions, actions.options);
    this.composer = new ComposerView(actions);
    this.history = new HistoryView(
      { ...actions.history, closed: () => (this.#cover(false), actions.history.closed()) },
      actions.options,
    );
    const note = h("p", { class: "note" }, "Demo stand-in for OpenAI ChatKit");
    this.#main.append(
      this.#header,
      this.#start,
      this.thread.element,
      this.#toast,
      this.composer.element,
      this.#closed,
      this.#disclaimer,
      note,
    );
    wrapper.append(this.#main, this.history.element);
    this.update();
    this.showStart();
  }

  /** Draws the options as they are now; the conversation stays. */
  update() {
    const options = this.#actions.options();
    applyTheme(this.wrapper, options.theme);
    this.wrapper.setAttribute("aria-label", options.frameTitle ?? "Chat");
    this.wrapper.setAttribute("dir", RIGHT_TO_LEFT.test(options.locale ?? "") ? "rtl" : "ltr");
    this.#drawHeader(options);
    this.#drawStart(options.startScreen ?? {});
    this.composer.update(options, this.#actions.hosted);
    this.#disclaimer.replaceChildren(...inline(options.disclaimer?.text ?? ""));
    this.#disclaimer.hidden = !options.disclaimer;
    this.#disclaimer.dataset.highContrast = String(Boolean(options.disclaimer?.highContrast));
  }

  showStart() {
    this.thread.clear();
    this.#start.hidden = false;
    this.thread.element.hidden = true;
  }

  showThread() {
    this.#start.hidden = true;
    this.thread.element.hidden = false;
  }

  /** @param {{title?: string, status?: {type: string, reason?: string}} | null} thread */
  setThread(thread) {
    this.#title = thread?.title ?? "";
    this.#drawTitle(this.#actions.options());
    const closed = thread?.status && thread.status.type !== "active";
    this.#closed.textContent = closed ? (thread.status?.reason ?? "This conversation is closed.") : "";
    this.#closed.hidden = !closed;
    this.composer.lock(closed ? this.#closed.textContent : null);
  }

  async openHistory() {
    await this.history.open();
    this.#cover(true);
  }

  /** @param {string} text */
  toast(text) {
    this.#toast.textContent = text;
    this.#toast.hidden = false;
    setTimeout(() => (this.#toast.hidden = true), 6000);
  }

  /** While the history lies on top, nothing below can be reached. @param {boolean} covered */
  #cover(covered) {
    this.#main.inert = covered;
    if (!covered) /** @type {HTMLElement | null} */ (this.#header.querySelector("[data-history]"))?.focus();
  }

  /** @param {any} options */
  #drawTitle(options) {
    const { enabled = true, text = this.#title } = options.header?.title ?? {};
    this.#titleText.textContent = text;
    this.#titleText.hidden = !enabled || text === "";
  }

  /** @param {any} options */
  #drawHeader(options) {
    const { enabled = true, leftAction, rightAction } = options.header ?? {};
    const withHistory = options.history?.enabled !== false;
    const act = (/** @type {"left" | "right"} */ side) => () => this.#actions.headerAction(side);
    this.#drawTitle(options);
    this.#header.hidden = !enabled;
    const parts = [
      leftAction && iconButton("menu", "Left action", act("left"), { "data-icon": leftAction.icon }),
      this.#titleText,
      h("span", { class: "space" }),
      withHistory && iconButton("history", "Chat history", this.#actions.openHistory, { "data-history": true }),
      iconButton("compose", "New chat", this.#actions.newChat),
      rightAction && iconButton("menu", "Right action", act("right"), { "data-icon": rightAction.icon }),
    ];
    this.#header.replaceChildren(...parts.filter((part) => part instanceof Node));
  }

  /** @param {any} start */
  #drawStart(start) {
    const prompts = (start.prompts ?? []).map((/** @type {any} */ prompt) => {
      const button = h("button", {
        type: "button",
        "data-testid": "prompt",
        "data-icon": prompt.icon,
        onclick: () => this.#actions.prompt(prompt),
      });
      button.append(icon("spark"), prompt.label);
      return h("li", {}, button);
    });
    const greeting = h("h2", { "data-testid": "greeting" }, start.greeting ?? "What can I help with today?");
    this.#start.replaceChildren(greeting, h("ul", { class: "prompts" }, ...prompts));
  }
}
