// @ts-check
/** The messages of one conversation. */

import { h, iconButton } from "./dom.js";
import { markdown } from "./markdown.js";

/**
 * @typedef {{id: string, type: string, content: {text: string}[]}} Item of the protocol; other keys are not shown
 * @typedef {{retry: (item: Item) => void, rate: (item: Item, kind: "positive" | "negative") => void}} Actions
 */

export class ThreadView {
  element = h("div", {
    class: "thread",
    "data-testid": "thread",
    role: "log",
    "aria-label": "Conversation",
    tabindex: "0",
  });
  #status = h("p", { class: "progress", role: "status" });
  #actions;
  #options;
  /** @type {Map<string, {item: Item, element: HTMLElement, body: HTMLElement}>} */
  #shown = new Map();

  /** @param {Actions} actions @param {() => any} options */
  constructor(actions, options) {
    this.#actions = actions;
    this.#options = options;
    this.clear();
  }

  clear() {
    this.#shown.clear();
    this.progress("");
    this.element.replaceChildren(this.#status);
  }

  /** A message, or its next version: the same id is drawn again in place. @param {Item} item @param {boolean} done */
  show(item, done) {
    if (item.type !== "user_message" && item.type !== "assistant_message") return;
    this.progress("");
    const before = this.#shown.get(item.id);
    const follow = this.#atEnd();
    const message = this.#draw(item, done);
    this.#shown.set(item.id, message);
    if (before) before.element.replaceWith(message.element);
    else this.#add(message.element);
    if (follow) this.#scrollToEnd();
  }

  /** @param {string} id @param {string} delta */
  append(id, delta) {
    const shown = this.#shown.get(id);
    if (!shown) return;
    const follow = this.#atEnd();
    const text = textOf(shown.item) + delta;
    shown.item = { ...shown.item, content: [{ text }] };
    shown.body.replaceChildren(...markdown(text));
    if (follow) this.#scrollToEnd();
  }

  /** @param {string} id */
  remove(id) {
    this.#shown.get(id)?.element.remove();
    this.#shown.delete(id);
  }

  /** What the agent is doing; "" for nothing. @param {string} text */
  progress(text) {
    this.#status.textContent = text;
    this.#status.hidden = text === "";
  }

  /** @param {string} level @param {string} title @param {string} text */
  notice(level, title, text) {
    this.#add(
      h(
        "div",
        { class: "notice", "data-level": level, role: "note" },
        title && h("strong", {}, title),
        ...markdown(text),
      ),
    );
  }

  /** @param {string} text @param {(() => void) | null} retry */
  error(text, retry) {
    const line = h("div", { class: "notice", "data-role": "error", role: "alert" }, h("p", {}, text));
    const again = () => {
      line.remove();
      retry?.();
    };
    if (retry) line.append(h("button", { type: "button", class: "text", onclick: again }, "Retry"));
    this.#add(line);
  }

  /** @param {Item} item @param {boolean} done */
  #draw(item, done) {
    const own = item.type === "user_message";
    const text = textOf(item);
    const body = h("div", { class: "body" }, ...(own ? [text] : markdown(text)));
    const speaker = h("span", { class: "hidden" }, own ? "You said:" : "Assistant said:");
    const element = h(
      "article",
      {
        class: "message",
        "data-testid": "message",
        "data-role": own ? "user" : "assistant",
        "aria-busy": String(!done),
      },
      speaker,
      body,
      done && !own ? this.#actionsFor(item) : null,
    );
    return { item, element, body };
  }

  /** @param {Item} item */
  #actionsFor(item) {
    const { feedback = true, retry = false } = this.#options().threadItemActions ?? {};
    const row = h("div", { class: "actions" });
    const rate = (/** @type {"positive" | "negative"} */ kind) => {
      for (const button of row.querySelectorAll("[aria-pressed]")) {
        button.setAttribute("aria-pressed", String(button.getAttribute("data-kind") === kind));
      }
      this.#actions.rate(item, kind);
    };
    if (feedback) {
      row.append(
        iconButton("up", "Good answer", () => rate("positive"), { "aria-pressed": "false", "data-kind": "positive" }),
        iconButton("down", "Bad answer", () => rate("negative"), { "aria-pressed": "false", "data-kind": "negative" }),
      );
    }
    if (retry) row.append(iconButton("reload", "Try again", () => this.#actions.retry(item)));
    return row;
  }

  /** @param {HTMLElement} element */
  #add(element) {
    this.#status.before(element);
    this.#scrollToEnd();
  }

  #atEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    return this.#options().thread?.autoScroll || scrollHeight - scrollTop - clientHeight < 80;
  }

  #scrollToEnd() {
    this.element.scrollTop = this.element.scrollHeight;
  }
}

/** @param {Item} item */
function textOf(item) {
  return item.content.map((part) => part.text).join("");
}
