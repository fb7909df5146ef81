// @ts-check
import { post } from "../api.js";
import { boot } from "../boot.js";
import { subjectOf } from "../identity.js";
import { load, save } from "../store.js";

/**
 * @typedef {object} Message
 * @property {"user" | "assistant"} role
 * @property {string} text Markdown when the assistant's
 * @property {number} [at] milliseconds since the epoch; unknown for what the server remembered
 * @property {string[]} [files] their names
 */

const KEPT_MESSAGES = 50;
const KEPT_CHARACTERS = 200_000; // all sites' chats of this host share about 5 MB

/** The conversation on display. */
export const conversation = {
  /** @type {string | undefined} */
  id: load().conversation,
  /** @type {Message[]} */
  messages: readMessages(load().messages),
  /** @type {string | undefined} whose it is, where the site has said so */
  subject: load().subject,
};

/** @param {unknown} stored @returns {Message[]} */
function readMessages(stored) {
  const list = Array.isArray(stored) ? stored : [];
  return list.filter((message) => typeof message?.text === "string" && /^(user|assistant)$/.test(message.role));
}

/** @returns {string} its id; a new conversation gets one now */
export function conversationId() {
  conversation.id ??= newConversationId();
  return conversation.id;
}

/** @returns 128 random bits as base64url */
function newConversationId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

/** Keeps the latest messages for a reload. */
export function keepConversation() {
  let characters = 0;
  const messages = conversation.messages.slice(-KEPT_MESSAGES);
  const cut = messages.findLastIndex((message) => (characters += message.text.length) > KEPT_CHARACTERS);
  save({ conversation: conversation.id, subject: conversation.subject, messages: messages.slice(cut + 1) });
}

/** The next message begins a new conversation. */
export function forgetConversation() {
  conversation.id = undefined;
  conversation.messages = [];
  save({ conversation: undefined, subject: undefined, messages: undefined });
}

/**
 * The site says who the visitor is.
 * @param {string} token a JWT, judged by the server alone; "": nobody any more
 * @returns {boolean} whether the conversation on display is somebody else's
 */
export function changeSubject(token) {
  const before = conversation.subject;
  conversation.subject = subjectOf(token);
  return before !== undefined && before !== conversation.subject;
}

/**
 * What the server remembers of the conversation.
 * @returns {Promise<Message[]>}
 * @throws {import("../api.js").ApiError}
 */
export async function fetchHistory() {
  if (!boot.config.history || !boot.api.history || !conversation.id) return [];
  const response = await post(boot.api.history, { conversation: conversation.id });
  return readMessages((await response.json()).messages);
}

/** @param {Message[]} some @param {Message[]} others @returns {boolean} do both say the same? */
export function isSame(some, others) {
  return (
    some.length === others.length && some.every(({ role, text }, i) => role === others[i].role && text === others[i].text)
  );
}
