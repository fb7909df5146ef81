// @ts-check
import { ApiError, post } from "../api.js";
import { boot } from "../boot.js";
import { readEvents } from "./sse.js";
import { phrase } from "./strings.js";

const SILENCE_MS = 60_000; // the server pings every 15 s

/** @typedef {{conversation: string, text: string, files: File[]}} Question */
/**
 * @typedef {object} Answering
 * @property {() => void} accepted the server has taken the message
 * @property {(key: string, text: string) => void} delta more of the message `key`
 * @property {(key: string, text: string) => void} message the message `key` is complete
 */

/**
 * One message of the visitor and all that is answered to it.
 * @param {Question} question
 * @param {Answering} answering
 * @param {AbortController} turn
 * @returns {Promise<void>} once the answer is complete
 * @throws {ApiError} whatever else ends it, but for an abort of the turn
 */
export async function runTurn(question, answering, turn) {
  const response = await post(boot.api.messages ?? "", questionBody(question), { signal: turn.signal });
  answering.accepted();
  let timer = 0;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => turn.abort(new DOMException("silent", "AbortError")), SILENCE_MS);
  };
  try {
    heard();
    await readAnswer(response, answering, heard);
  } catch (error) {
    throw error instanceof ApiError ? error : interrupted();
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Question} question @returns {object | FormData} */
function questionBody({ conversation, text, files }) {
  if (!files.length) return { conversation, text };
  const form = new FormData();
  form.set("conversation", conversation);
  form.set("text", text);
  for (const file of files) form.append("files", file);
  return form;
}

/** @param {Response} response @param {Answering} answering @param {() => void} heard */
async function readAnswer(response, answering, heard) {
  for await (const { event, data } of readEvents(/** @type {ReadableStream} */ (response.body), heard)) {
    if (event === "delta") answering.delta(data.m, data.t);
    else if (event === "message") answering.message(data.m, data.text);
    else if (event === "error") throw new ApiError(data.code, data.message, data.retry_after);
    else if (event === "done") return;
  }
  throw interrupted();
}

function interrupted() {
  return new ApiError("interrupted", phrase("interrupted"));
}
