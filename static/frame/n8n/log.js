// @ts-check
import { createAnswer, createGreeting, createNotice, createQuestion, createTyping } from "./bubble.js";
import { h } from "./dom.js";
import { createScroller } from "./scroller.js";
import { phrase } from "./strings.js";

/** @typedef {import("./conversation.js").Message} Message */
/** @typedef {{label: string, prompt: string}} Prompt */

/** The conversation as the visitor sees it: greeting, starter prompts, messages, the typing indicator, a notice. */
export class Log {
  #greeting = h("div", { class: "greetings" });
  #prompts = h("div", { class: "prompts", role: "group", "aria-label": phrase("suggestions") });
  #messages = h("div", { class: "messages" });
  #scroller = createScroller(h("div", { class: "column" }, this.#greeting, this.#prompts, this.#messages));
  /** @type {HTMLElement | null} */
  #typing = null;
  /** @type {HTMLElement | null} */
  #notice = null;
  #pick;

  box = this.#scroller.box;
  jump = this.#scroller.jump;
  name = phrase("assistant");

  /** @param {(text: string) => void} pick a starter prompt was chosen */
  constructor(pick) {
    this.#pick = pick;
  }

  /** @param {Record<string, any>} config */
  update({ title, greeting = [], prompts = [] }) {
    this.name = title || phrase("assistant");
    const lines = greeting.filter(Boolean);
    this.#greeting.replaceChildren(...lines.map((/** @type {string} */ line) => createGreeting(line, this.name)));
    this.#prompts.replaceChildren(...prompts.map((/** @type {Prompt} */ prompt) => this.#createPrompt(prompt)));
    this.#togglePrompts();
  }

  /** @param {Prompt} prompt */
  #createPrompt({ label, prompt }) {
    const click = () => this.#pick(prompt || label);
    return h("button", { type: "button", dir: "auto", click }, label || prompt);
  }

  #togglePrompts() {
    this.#prompts.hidden = this.#messages.hasChildNodes() || !this.#prompts.hasChildNodes();
  }

  /** @param {HTMLElement} element */
  #add(element) {
    if (this.#typing) this.#typing.before(element);
    else this.#messages.append(element);
    this.#togglePrompts();
    this.#scroller.news();
  }

  /** @param {Message} message */
  addQuestion(message) {
    this.#add(createQuestion(message));
    this.#scroller.toEnd();
  }

  addAnswer() {
    const answer = createAnswer(this.name);
    this.#add(answer.element);
    return answer;
  }

  /** Shows a whole conversation at once, unspoken. @param {Message[]} messages */
  show(messages) {
    this.box.setAttribute("aria-live", "off");
    this.#typing = this.#notice = null;
    this.#messages.replaceChildren();
    for (const message of messages) {
      if (message.role === "user") this.#add(createQuestion(message));
      else this.addAnswer().complete(message.text, message.at);
    }
    this.#togglePrompts();
    this.#scroller.toEnd();
    setTimeout(() => this.box.setAttribute("aria-live", "polite"), 100);
  }

  /** @param {boolean} typing */
  setTyping(typing) {
    if (typing === !!this.#typing) return;
    this.#typing?.remove();
    this.#typing = typing ? createTyping(this.name) : null;
    if (this.#typing) this.#messages.append(this.#typing);
  }

  /** @param {string} message @param {() => void} retry @param {number} [retryAfter] seconds */
  setNotice(message, retry, retryAfter) {
    this.clearNotice();
    this.#notice = createNotice(message, retry, retryAfter);
    this.#add(this.#notice);
  }

  clearNotice() {
    if (this.#notice?.contains(document.activeElement)) this.box.focus({ preventScroll: true });
    this.#notice?.remove();
    this.#notice = null;
  }
}
