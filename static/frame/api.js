// @ts-check
import { boot, say } from "./boot.js";
import { load, save } from "./store.js";

/**
 * What the host page told us over the port; sent along as a claim, judged by the server.
 * @type {{origin: string | null, identity: string | null}}
 */
export const claims = { origin: null, identity: null };

export class ApiError extends Error {
  /**
   * @param {string} code one of the server's closed list, or "unreachable" when no answer came
   * @param {string} message the visitor's sentence
   * @param {number} [retryAfter] seconds
   */
  constructor(code, message, retryAfter) {
    super(say(message)); // the server says it in English
    this.name = "ApiError";
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** @returns {Record<string, string>} the tokens of this frame, for any call to our own server */
export function tokenHeaders() {
  const { visitor } = load();
  return {
    "X-Chatdock-Widget": `${boot.license}/${boot.widget}`,
    "X-Chatdock-Page": boot.pageToken,
    ...(visitor && { "X-Chatdock-Visitor": visitor }),
    ...(claims.identity && { "X-Chatdock-Identity": claims.identity }),
    ...(claims.origin && { "X-Chatdock-Origin": claims.origin }),
  };
}

/** Keeps the visitor token that any answer may renew. @param {Response} response */
export function keepVisitor(response) {
  const visitor = response.headers.get("X-Chatdock-Visitor");
  if (visitor) save({ visitor });
}

/**
 * POSTs to our own server and answers the successful response, body unread (it may be a stream).
 * A page token past its time reloads the frame once; that call never settles.
 * @param {string} url
 * @param {object | FormData} body
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<Response>}
 * @throws {ApiError} for every failure but an abort, which stays an AbortError
 */
export async function post(url, body, { signal } = {}) {
  activate();
  const form = body instanceof FormData;
  const response = await fetch(url, {
    method: "POST",
    headers: { ...tokenHeaders(), ...(form ? {} : { "Content-Type": "application/json" }) },
    body: form ? body : JSON.stringify(body),
    signal,
  }).catch((error) => {
    throw error.name === "AbortError" ? error : unreachable();
  });
  keepVisitor(response);
  if (response.ok) return response;
  const error = await readError(response);
  if (error.code === "token_expired" && reloadOnce()) return new Promise(() => {});
  throw error;
}

function unreachable() {
  const sentence = "The chat cannot be reached. Check your connection and try again.";
  return new ApiError("unreachable", say("unreachable", sentence));
}

/** @param {Response} response */
async function readError(response) {
  const { error } = await response.json().catch(() => ({}));
  return error?.code ? new ApiError(error.code, error.message, error.retry_after) : unreachable();
}

/** @returns {boolean} false where it was tried within the last minute, or cannot be remembered and might loop */
export function reloadOnce() {
  const key = `chatdock:${boot.widget}:reload`;
  try {
    if (Date.now() - Number(sessionStorage.getItem(key)) < 60_000) return false;
    sessionStorage.setItem(key, String(Date.now()));
  } catch {
    return false;
  }
  location.reload();
  return true;
}

/** @type {{name: string, code?: string}[]} */
let events = [];
let active = false;

/** The visitor has begun to use the chat: from now on events are sent, those held back included. */
export function activate() {
  active = true;
  if (events.length) queueMicrotask(flush);
}

/**
 * Counts an event ("opened", "ready", "failed", …). Held back until the visitor uses the chat; never fails.
 * @param {string} name
 * @param {string} [code]
 */
export function beacon(name, code) {
  events.push(code ? { name, code } : { name });
  if (active) queueMicrotask(flush);
}

function flush() {
  if (!events.length) return;
  const body = JSON.stringify({ events });
  events = [];
  // Not sendBeacon: it cannot carry our headers.
  fetch(boot.api.events, {
    method: "POST",
    keepalive: true,
    headers: { ...tokenHeaders(), "Content-Type": "application/json" },
    body,
  }).catch(() => {});
}
