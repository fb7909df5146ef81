// @ts-check
/**
 * A stand-in for `<openai-chatkit>`, the element that OpenAI's chatkit.js defines: for tests, and for a demo without a
 * network. Same options, methods, events, refresh rules and wire format, as far as their public types and their
 * behaviour in a browser show. The real one draws itself in an iframe of OpenAI's origin; this one draws into its
 * shadow root and calls the stand-in API that it was loaded from.
 */

import { customPost, hostedPost } from "./backend.js";
import { Chat } from "./chat.js";
import { h } from "./dom.js";
import { domainProblem } from "./domain.js";
import { ClientSecret } from "./secret.js";
import { STYLE } from "./style.js";
import { problemsOf } from "./validate.js";

const SCRIPT = /** @type {HTMLScriptElement} */ (document.currentScript);
const API = new URL("/openai/v1/", SCRIPT.src).href;
const FOREVER = new Promise(() => {});

class StandIn extends HTMLElement {
  #root = this.attachShadow({ mode: "open" });
  #wrapper = h("div", { class: "ck-wrapper", "data-testid": "frame", role: "region", "aria-label": "Chat" });
  /** @type {any} */
  #options = null;
  /** @type {Chat | null} */
  #chat = null;
  #state = /** @type {"new" | "loading" | "ready" | "blank" | "dead"} */ ("new");
  /** @type {() => void} */
  #markReady = () => {};
  #ready = /** @type {Promise<void>} */ (new Promise((resolve) => (this.#markReady = resolve)));

  connectedCallback() {
    if (this.#options) this.#load();
  }

  /** The real element does not survive being moved: its frame loads anew, and nobody listens to it any more. */
  disconnectedCallback() {
    if (this.#state === "new") return;
    this.#die();
    this.#wrapper.replaceChildren();
  }

  /**
   * Replaces all options. The argument is used up: the real element changes it, so make a new one each time.
   * @param {any} options
   */
  setOptions(options) {
    if (this.#state === "dead") return;
    const problems = problemsOf(options ?? {});
    const first = this.#options === null;
    if (problems.length) this.#failIntegration(["ChatKit.create():", ...problems].join("\n✖ "));
    if (problems.length && !first) return;
    const given = { ...options };
    if (options) Reflect.deleteProperty(options, "api");
    if (!first && this.#options.api.url !== given.api.url) {
      console.warn("ChatKit: api.url cannot be changed; the first one stays.");
      given.api = { ...given.api, url: this.#options.api.url };
    }
    this.#options = given;
    if (first && problems.length) this.#state = "blank";
    if (first && this.isConnected) this.#load();
    else if (this.#chat) this.#chat.view.update();
  }

  async focusComposer() {
    (await this.#loaded()).view.composer.focus();
  }

  /** @param {string | null} threadId Rejects with "Not Found". */
  async setThreadId(threadId) {
    await (await this.#loaded()).loadThread(threadId);
  }

  /** @param {any} message */
  async sendUserMessage(message) {
    await (await this.#loaded()).sendMessage(message);
  }

  /** @param {any} value */
  async setComposerValue({ text, content }) {
    const parts = content?.map((/** @type {any} */ part) => part.text).join("");
    (await this.#loaded()).view.composer.value = text ?? parts ?? "";
  }

  /** @param {any} action @param {string} [itemId] */
  async sendCustomAction(action, itemId) {
    await (await this.#loaded()).sendAction(action, itemId);
  }

  async showHistory() {
    await (await this.#loaded()).showHistory();
  }

  async hideHistory() {
    (await this.#loaded()).hideHistory();
  }

  async fetchUpdates() {
    await (await this.#loaded()).refresh();
  }

  /** The chat, once there is one; never settles in an element that is blank or dead. @returns {Promise<Chat>} */
  async #loaded() {
    await this.#ready;
    if (this.#state !== "ready") await FOREVER;
    return /** @type {Chat} */ (this.#chat);
  }

  /** Once; "ready" only says that the frame has loaded, not that anything is in it. */
  async #load() {
    if (this.#wrapper.isConnected) return;
    this.#root.append(h("style", {}, STYLE), this.#wrapper);
    const blank = this.#state === "blank";
    if (!blank) this.#state = "loading";
    await new Promise((resolve) => setTimeout(resolve));
    if (this.#state === "dead") return;
    this.#emit("ready", undefined, true);
    if (!blank) await this.#start();
  }

  async #start() {
    const { api, initialThread, locale } = this.#options;
    const hosted = api.getClientSecret !== undefined;
    const language = () => locale ?? navigator.language;
    const invalid = () =>
      this.#failIntegration("ChatKitOptions.api.getClientSecret():\n✖ Invalid client secret format");
    const secret = new ClientSecret(() => this.#options.api.getClientSecret, invalid);
    const post = hosted ? hostedPost(API, secret, language) : customPost(() => this.#options.api, language);
    this.#log("app.init");
    const chat = new Chat(this.#wrapper, {
      options: () => this.#options,
      hosted,
      post,
      emit: (name, detail) => this.#emit(name, detail),
      log: (name, data) => this.#log(name, data),
      fail: (name, message) => this.#fail(name, message),
    });
    this.#chat = chat;
    this.#state = "ready";
    this.#markReady();
    this.#log("composer.ready");
    const problem = await domainProblem(API, api, hosted ? await secret.fresh() : "");
    if (problem) this.#remove(problem);
    else await chat.start(initialThread);
  }

  /** Nothing is left to see, and no text says why. @param {{name: string, message: string}} problem */
  #remove({ name, message }) {
    this.#die();
    this.#wrapper.remove();
    if (name === "IntegrationError") this.#failIntegration(message);
    else this.#fail(name, message);
  }

  #die() {
    this.#state = "dead";
    this.#chat?.end();
  }

  /** @param {string} name @param {unknown} [detail] @param {boolean} [bubbles] */
  #emit(name, detail, bubbles = false) {
    if (this.#state === "dead" && name !== "error") return;
    this.dispatchEvent(new CustomEvent(`chatkit.${name}`, { detail, bubbles, composed: bubbles }));
  }

  /** @param {string} name @param {object} [data] */
  #log(name, data = {}) {
    this.#emit("log", { name, data, timestamp: Date.now() });
  }

  /** @param {string} name @param {string} message */
  #fail(name, message) {
    const error = Object.assign(new Error(message), { name });
    this.#emit("error", { error });
    return error;
  }

  /** The page's own mistakes are also thrown, where only window.onerror sees them. @param {string} message */
  #failIntegration(message) {
    setTimeout(() => {
      throw this.#fail("IntegrationError", message);
    });
  }
}

if (!customElements.get("openai-chatkit")) customElements.define("openai-chatkit", StandIn);
