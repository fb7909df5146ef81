// @ts-check
import { ApiError } from "../api.js";
import { announce } from "./announcer.js";
import { conversation, conversationId, fetchHistory, forgetConversation, isSame, keepConversation } from "./conversation.js";
import { phrase } from "./strings.js";
import { runTurn } from "./turn.js";

/** @typedef {import("./conversation.js").Message} Message */
/** @typedef {import("./log.js").Log} Log */
/** @typedef {{message: Message, answer: ReturnType<Log["addAnswer"]>, complete: boolean}} Reply */
/**
 * @typedef {object} Listeners
 * @property {(busy: boolean) => void} busy
 * @property {(begun: boolean) => void} changed are there messages?
 * @property {(role: "user" | "assistant") => void} message
 * @property {() => void} session the server has taken a message of this conversation for the first time
 * @property {(code: string) => void} failed
 */

/** The course of a conversation: one turn at a time, from a message to the end of its answer. */
export class Chat {
  #log;
  #listeners;
  /** @type {AbortController | null} */
  #turn = null;
  /** @type {Map<string, Reply>} the answers of the latest turn */
  #replies = new Map();
  /** @type {{text: string, files: File[]} | null} the latest message, for another try */
  #question = null;
  /** @type {string[]} messages the host page sent during a turn */
  #queue = [];
  /** @type {string | undefined} the conversation the server has taken a message of */
  #accepted;
  #caughtUp = false;

  /** @param {Log} log @param {Listeners} listeners */
  constructor(log, listeners) {
    this.#log = log;
    this.#listeners = listeners;
  }

  /** Shows what this browser remembers. */
  resume() {
    if (conversation.messages.length) this.#show();
  }

  /** Asks the server what it remembers; once is enough, unless it refuses because the visitor is not identified yet. */
  async catchUp() {
    if (this.#caughtUp) return;
    const history = await fetchHistory().catch(() => null);
    this.#caughtUp ||= !!history;
    if (!history?.length || this.#question || isSame(history, conversation.messages)) return; // the visitor was faster
    conversation.messages = history;
    keepConversation();
    this.#show();
  }

  #show() {
    this.#log.show(conversation.messages);
    this.#listeners.changed(conversation.messages.length > 0);
    const last = conversation.messages.at(-1);
    if (last?.role !== "user" || last.files) return;
    this.#log.setNotice(phrase("unanswered"), () => {
      this.#question = { text: last.text, files: [] };
      this.retry();
    });
  }

  /** @param {string} text @param {File[]} [files] */
  send(text, files = []) {
    if (this.#turn) return void this.#queue.push(text);
    /** @type {Message} */
    const message = { role: "user", text, at: Date.now() };
    if (files.length) message.files = files.map((file) => file.name);
    this.#question = { text, files };
    this.#replies.clear();
    this.#log.clearNotice();
    this.#log.addQuestion(message);
    conversation.messages.push(message);
    this.#listeners.changed(true);
    this.#listeners.message("user");
    this.#run();
  }

  /** Sends the latest message again, in place of whatever was answered to it. */
  retry() {
    if (this.#turn || !this.#question) return;
    for (const { message, answer } of this.#replies.values()) {
      answer.element.remove();
      conversation.messages = conversation.messages.filter((other) => other !== message);
    }
    this.#replies.clear();
    this.#log.clearNotice();
    this.#run();
  }

  /** @param {"stopped" | "left" | "restarted"} [reason] left: the page is going, it may come back */
  stop(reason = "stopped") {
    this.#turn?.abort(new DOMException(reason, "AbortError"));
  }

  restart() {
    this.stop("restarted");
    this.#queue = [];
    this.#question = null;
    forgetConversation();
    this.#log.show([]);
    this.#listeners.changed(false);
    announce(phrase("newConversation"));
  }

  async #run() {
    const turn = new AbortController();
    this.#turn = turn;
    this.#listeners.busy(true);
    this.#log.setTyping(true);
    try {
      await runTurn(this.#describe(), this.#answering(), turn);
      this.#finish();
    } catch (error) {
      if (turn.signal.aborted && turn.signal.reason.message !== "silent") this.#break(turn.signal.reason.message);
      else this.#fail(error);
    }
    this.#turn = null;
    this.#log.setTyping(false);
    this.#listeners.busy(false);
    const next = this.#queue.shift();
    if (next) this.send(next);
  }

  /** @returns {import("./turn.js").Question} */
  #describe() {
    const { text, files } = /** @type {{text: string, files: File[]}} */ (this.#question);
    const id = conversationId();
    keepConversation();
    return { conversation: id, text, files };
  }

  /** @returns {import("./turn.js").Answering} */
  #answering() {
    return {
      accepted: () => {
        if (this.#accepted !== conversation.id) this.#listeners.session();
        this.#accepted = conversation.id;
      },
      delta: (key, text) => {
        const { message, answer } = this.#reply(key);
        message.text += text;
        answer.grow(message.text);
        this.#log.setTyping(false);
      },
      message: (key, text) => {
        if (!text.trim()) return;
        const reply = this.#reply(key);
        reply.message.text = text;
        this.#complete(reply);
        this.#log.setTyping(true); // another may follow
      },
    };
  }

  /** @param {string} key @returns {Reply} */
  #reply(key) {
    let reply = this.#replies.get(key);
    if (!reply) {
      /** @type {Message} */
      const message = { role: "assistant", text: "", at: Date.now() };
      reply = { message, answer: this.#log.addAnswer(), complete: false };
      this.#replies.set(key, reply);
      conversation.messages.push(message);
    }
    return reply;
  }

  /** @param {Reply} reply @param {boolean} [stopped] */
  #complete(reply, stopped) {
    reply.complete = true;
    announce(reply.answer.complete(reply.message.text, reply.message.at, stopped));
    keepConversation();
    this.#listeners.message("assistant");
  }

  /** Whatever is still growing has come to its end. @param {boolean} [stopped] */
  #completeAll(stopped) {
    for (const reply of this.#replies.values()) if (!reply.complete) this.#complete(reply, stopped);
  }

  #finish() {
    this.#completeAll();
    if (!this.#replies.size) this.#fail(new ApiError("n8n_no_answer", phrase("unanswered")));
  }

  /** We ended the turn ourselves. @param {string} reason */
  #break(reason) {
    if (reason === "restarted") return;
    this.#completeAll(true);
    if (reason === "left") this.#log.setNotice(phrase("interrupted"), () => this.retry());
    else if (!this.#replies.size) this.#log.setNotice(phrase("stopped"), () => this.retry());
  }

  /** @param {unknown} error an ApiError, but for a mistake of ours */
  #fail(error) {
    if (!(error instanceof ApiError)) {
      reportError(error);
      error = new ApiError("internal_error", phrase("interrupted"));
    }
    const { code, message, retryAfter } = /** @type {ApiError} */ (error);
    this.#completeAll();
    this.#log.setNotice(message, () => this.retry(), retryAfter);
    this.#listeners.failed(code);
  }
}
