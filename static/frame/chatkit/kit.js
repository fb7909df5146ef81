// @ts-check
import { fatal, frameGone, tooSlow } from "./failures.js";

/**
 * @typedef {object} KitHandlers
 * @property {() => void} ready one can type
 * @property {(failure: import("./failures.js").Failure) => void} failed this element is beyond repair
 * @property {(id: string | null) => void} thread
 * @property {(role: "user" | "assistant") => void} message one was sent, or its answer is complete
 * @property {(name: string) => void} error one that ChatKit itself survives
 */

/** One `<openai-chatkit>`, from its creation to its end: it cannot be moved, revived or given another session. */
export class Kit {
  ready = false;
  #end = new AbortController();
  #element = /** @type {any} */ (document.createElement("openai-chatkit"));
  #on;
  #timer;

  /**
   * @param {HTMLElement} stage
   * @param {object} options complete, with `api`
   * @param {KitHandlers} on
   */
  constructor(stage, options, on) {
    this.#on = on;
    this.#listen();
    this.#watchFrame();
    this.setOptions(options);
    stage.append(this.#element);
    this.#timer = setTimeout(() => this.#fail(tooSlow()), 15_000);
  }

  /** @param {object} options all of them: ChatKit replaces, it does not merge */
  setOptions(options) {
    this.#element.setOptions(options);
  }

  /**
   * Calls a method of the element. Its promises never settle once its frame is gone, hence a limit.
   * @param {"focusComposer" | "sendUserMessage" | "setComposerValue" | "setThreadId" | "showHistory"} method
   * @param {any} [argument]
   * @returns {Promise<boolean>} did it succeed within 10 seconds?
   */
  call(method, argument) {
    const tooLate = new Promise((resolve) => setTimeout(resolve, 10_000, false));
    const done = Promise.resolve(this.#element[method](argument)).then(
      () => true,
      () => false,
    );
    return Promise.race([done, tooLate]);
  }

  destroy() {
    this.#end.abort();
    clearTimeout(this.#timer);
    this.#element.remove();
  }

  /** @param {import("./failures.js").Failure} failure */
  #fail(failure) {
    if (this.#end.signal.aborted) return;
    this.destroy();
    this.#on.failed(failure);
  }

  #listen() {
    const { signal } = this.#end;
    const on = (/** @type {string} */ name, /** @type {(detail: any) => void} */ listener) =>
      this.#element.addEventListener(`chatkit.${name}`, ({ detail }) => listener(detail ?? {}), { signal });
    on("log", ({ name }) => name === "composer.ready" && this.#becomeReady());
    on("error", ({ error }) => this.#judge(error ?? {}));
    on("thread.change", ({ threadId }) => this.#on.thread(threadId));
    on("response.start", () => this.#on.message("user"));
    on("response.end", () => this.#on.message("assistant"));
  }

  #becomeReady() {
    if (this.ready) return;
    this.ready = true; // "chatkit.ready" says less: it fires for a frame that stays empty
    clearTimeout(this.#timer);
    this.#on.ready();
  }

  /** @param {{name?: string, message?: string}} error */
  #judge(error) {
    const failure = fatal(error, this.ready);
    if (failure) return this.#fail(failure);
    if (error.name === "InitialThreadLoadError") this.#on.thread(null);
    this.#on.error(error.name ?? "");
  }

  /** A ChatKit that gives up takes its frame away without a word. */
  #watchFrame() {
    const root = this.#element.shadowRoot;
    if (!root) return;
    let seen = false;
    const observer = new MutationObserver(() => {
      const there = root.querySelector(".ck-wrapper") !== null;
      // The error that names the cause may come a moment after.
      if (seen && !there) setTimeout(() => this.#fail(frameGone()), 300);
      seen ||= there;
    });
    observer.observe(root, { childList: true, subtree: true });
    this.#end.signal.addEventListener("abort", () => observer.disconnect());
  }
}
