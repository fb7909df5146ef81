// @ts-check
/** One visitor's conversations: turns what the visitor does into calls, and what comes back into what is drawn. */

import { CallFailed, callJson, streamEvents } from "./backend.js";
import { View } from "./view.js";

const PENDING = "pending"; // the id of a message that the server has not confirmed

/**
 * @typedef {object} Host the element, as the chat sees it
 * @property {() => any} options
 * @property {boolean} hosted
 * @property {import("./backend.js").Post} post
 * @property {(name: string, detail?: object) => void} emit
 * @property {(name: string, data?: object) => void} log
 * @property {(name: string, message: string) => void} fail
 */

export class Chat {
  #host;
  /** @type {any} */
  #thread = null;
  /** @type {AbortController | null} */
  #running = null;
  #question = ""; // id of the visitor's last message: what a retry starts from
  /** @type {Map<string, string>} the question of each answer */
  #questions = new Map();

  /** @param {HTMLElement} wrapper @param {Host} host */
  constructor(wrapper, host) {
    this.#host = host;
    this.view = new View(wrapper, {
      options: host.options,
      hosted: host.hosted,
      log: host.log,
      send: (text, choice) => this.#submit(text, choice),
      stop: () => this.#stop(),
      toolChanged: (toolId) => host.emit("tool.change", { toolId }),
      retry: (item) => this.#retry(this.#questions.get(item.id)),
      rate: (item, kind) => this.#rate(item.id, kind),
      newChat: () => (host.log("newChat.create"), this.#leaveThread()),
      openHistory: () => void this.showHistory(),
      prompt: (prompt) => this.#usePrompt(prompt),
      headerAction: (side) => this.#headerAction(side),
      history: {
        list: () => this.#listThreads(),
        select: (id) => (host.log("history.thread.select"), void this.loadThread(id).catch(() => {})),
        rename: (id, title) => this.#renameThread(id, title),
        remove: (id) => this.#deleteThread(id),
        closed: () => (host.log("history.close"), host.emit("history.close")),
      },
    });
  }

  /**
   * The history, and the thread to start with. A missing one leaves the start screen.
   * @param {string | null | undefined} threadId
   */
  async start(threadId) {
    await this.#call("threads.list", { limit: 9999, order: "desc" }).catch(() => {});
    if (threadId == null) return;
    try {
      await this.loadThread(threadId);
    } catch {
      this.#host.fail("InitialThreadLoadError", "The initial thread could not be loaded.");
      this.#host.emit("thread.change", { threadId: null });
    }
  }

  /** @param {string | null} threadId Throws "Not Found". */
  async loadThread(threadId) {
    if (threadId === null) return this.#leaveThread();
    this.#host.emit("thread.load.start", { threadId });
    try {
      const thread = await this.#call("threads.get_by_id", { thread_id: threadId });
      this.#setThread(thread);
      this.view.showStart();
      for (const item of thread.items.data) this.#onDone(item);
      if (thread.items.data.length) this.view.showThread();
      this.#host.emit("thread.change", { threadId });
    } finally {
      this.#host.emit("thread.load.end", { threadId });
    }
  }

  /**
   * @param {object} message
   * @param {string} [message.text]
   * @param {any[]} [message.content]
   * @param {boolean} [message.newThread]
   * @param {string} [message.model]
   * @param {{id: string}} [message.toolChoice]
   */
  async sendMessage({ text = "", content = [{ type: "input_text", text }], newThread = false, model, toolChoice }) {
    if (this.#running) throw new Error("A response is in progress.");
    if (newThread) this.#leaveThread();
    const options = { ...(model && { model }), ...(toolChoice && { tool_choice: toolChoice }) };
    const input = { content, quoted_text: "", attachments: [], inference_options: options };
    this.view.showThread();
    this.view.thread.show({ id: PENDING, type: "user_message", content }, true);
    if (this.#thread) await this.#turn("threads.add_user_message", { input, thread_id: this.#thread.id });
    else await this.#turn("threads.create", { input });
  }

  /** @param {{type: string, payload?: unknown}} action @param {string} [itemId] */
  async sendAction(action, itemId) {
    if (!this.#thread || this.#running) throw new Error("The action was ignored.");
    await this.#turn("threads.custom_action", {
      thread_id: this.#thread.id,
      action,
      ...(itemId && { item_id: itemId }),
    });
  }

  async refresh() {
    if (this.#thread) await this.loadThread(this.#thread.id);
  }

  async showHistory() {
    this.#host.log("history.open");
    this.#host.emit("history.open");
    await this.view.openHistory().catch(() => {
      this.#toast("The history could not be loaded.");
      this.#host.fail("HistoryViewError", "The history could not be loaded.");
    });
  }

  hideHistory() {
    this.view.history.close();
  }

  end() {
    this.#running?.abort();
  }

  /** @param {string} text @param {{model?: string, tool?: string}} choice */
  #submit(text, { model, tool }) {
    this.#host.log("composer.submit", { threadId: this.#thread?.id ?? null });
    void this.sendMessage({ text, model, toolChoice: tool ? { id: tool } : undefined });
  }

  /** @param {{label: string, prompt: any}} prompt */
  #usePrompt({ label, prompt }) {
    if (this.#running) return;
    this.#host.log("startScreenPrompt.select", { label });
    void this.sendMessage(typeof prompt === "string" ? { text: prompt } : { content: prompt });
  }

  /** @param {"left" | "right"} side */
  #headerAction(side) {
    this.#host.log(`header.customButton${side === "left" ? "Left" : "Right"}.click`);
    this.#host.options().header[`${side}Action`].onClick();
  }

  #stop() {
    this.#running?.abort();
    this.#host.emit("response.stop");
  }

  /** One streamed call, from the first to the last event. @param {string} type @param {any} params */
  async #turn(type, params) {
    const running = (this.#running = new AbortController());
    this.view.composer.setBusy(true);
    this.#host.emit("response.start");
    try {
      for await (const event of streamEvents(this.#host.post, type, params, running.signal)) {
        if (this.#thread === null && event.type !== "thread.created" && event.type !== "error") continue;
        this.#handle(event);
      }
    } catch (error) {
      this.#explain(error);
    }
    if (this.#running === running) this.#idle();
    this.#host.emit("response.end");
  }

  #idle() {
    this.#running = null;
    this.view.thread.progress("");
    this.view.composer.setBusy(false);
  }

  /** @param {any} event */
  #handle(event) {
    const { thread: messages, composer } = this.view;
    if (event.type === "thread.created") this.#onThreadCreated(event.thread);
    else if (event.type === "thread.updated") this.#setThread(event.thread);
    else if (event.type === "thread.item.added") messages.show(event.item, false);
    else if (event.type === "thread.item.updated") this.#onUpdate(event);
    else if (event.type === "thread.item.done") this.#onDone(event.item);
    else if (event.type === "thread.item.removed") messages.remove(event.item_id);
    else if (event.type === "stream_options")
      composer.setBusy(true, !this.#host.hosted && event.stream_options.allow_cancel);
    else if (event.type === "progress_update") messages.progress(event.text);
    else if (event.type === "client_effect") this.#host.emit("effect", { name: event.name, data: event.data });
    else if (event.type === "notice") messages.notice(event.level, event.title ?? "", event.message);
    else if (event.type === "error") this.#onError(event);
  }

  /** @param {any} thread */
  #onThreadCreated(thread) {
    this.#setThread(thread);
    this.#host.emit("thread.change", { threadId: thread.id });
  }

  /** @param {any} event */
  #onUpdate({ item_id: id, update }) {
    if (update.type.endsWith("text_delta")) this.view.thread.append(id, update.delta);
  }

  /** @param {any} item */
  #onDone(item) {
    if (item.type === "user_message") {
      this.#question = item.id;
      this.view.thread.remove(PENDING);
    }
    this.#questions.set(item.id, this.#question);
    this.view.thread.show(item, true);
  }

  /** @param {{message?: string, allow_retry: boolean}} event */
  #onError({ message, allow_retry: mayRetry }) {
    const text = message ?? "There was an error while generating the answer.";
    const question = this.#question;
    const retry = () => (this.#host.log("errorNotice.retry"), this.#retry(question));
    if (this.#thread) this.view.thread.error(text, mayRetry ? retry : null);
    else this.#toast(text);
    this.#host.fail("StreamError", text);
  }

  /** The real element says nothing about most failed calls. @param {unknown} error */
  #explain(error) {
    if (!(error instanceof CallFailed)) {
      if (/** @type {Error} */ (error).name !== "AbortError") this.#toast("Something went wrong.");
    } else if (error.status === 429) this.#toast("You have sent too many requests. Please wait a moment.");
    else if (error.status === 0 || error.status >= 500 || error.status === 200) this.#toast("Something went wrong.");
  }

  /** @param {string} text */
  #toast(text) {
    this.view.toast(text);
    this.#host.log("toast.show", { toastMessage: text });
  }

  /** The turn starts again from its question. @param {string | undefined} question */
  #retry(question) {
    if (this.#running || !question) return;
    this.#host.log("message.action", { action: "retry" });
    void this.#turn("threads.retry_after_item", { thread_id: this.#thread.id, item_id: question });
  }

  /** @param {string} itemId @param {"positive" | "negative"} kind */
  #rate(itemId, kind) {
    this.#host.log("message.action", { action: kind });
    void this.#call("items.feedback", { thread_id: this.#thread.id, item_ids: [itemId], kind }).catch(() => {});
  }

  /** All threads, page by page. */
  async #listThreads() {
    /** @type {import("./history.js").Thread[]} */
    const threads = [];
    for (;;) {
      const after = threads.at(-1)?.id;
      const page = await this.#call("threads.list", { limit: 9999, order: "desc", ...(after && { after }) });
      threads.push(...page.data);
      if (!page.has_more) return threads;
    }
  }

  /** @param {string} id @param {string} title */
  async #renameThread(id, title) {
    this.#host.log("history.thread.update");
    const thread = await this.#call("threads.update", { thread_id: id, title });
    if (this.#thread?.id === id) this.#setThread(thread);
  }

  /** @param {string} id */
  async #deleteThread(id) {
    this.#host.log("history.thread.delete");
    await this.#call("threads.delete", { thread_id: id });
    if (this.#thread?.id === id) this.#leaveThread();
  }

  #leaveThread() {
    this.#running?.abort();
    this.#idle();
    this.#setThread(null);
    this.view.showStart();
    this.#host.emit("thread.change", { threadId: null });
  }

  /** @param {any} thread */
  #setThread(thread) {
    this.#thread = thread;
    this.view.setThread(thread);
  }

  /** @param {string} type @param {object} params */
  #call(type, params) {
    return callJson(this.#host.post, type, params);
  }
}
