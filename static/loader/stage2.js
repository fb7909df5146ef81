// @ts-check
import { Chat } from "./chat.js";

/**
 * Stage 2: everything beyond the launcher. Stage 1 hands over what it made (its header explains the names) and gets a
 * function that takes every call of `window.Chatdock`, and stage 1's own "warm".
 * @param {import("./chat.js").Stage1} stage1
 */
export default (stage1) => {
  /** @type {any} */
  const chat = new Chat(stage1);
  return (/** @type {string} */ name, /** @type {any[]} */ ...args) => {
    if (!chat.gone.signal.aborted) chat[name](...args);
  };
};
