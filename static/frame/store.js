// @ts-check
import { boot } from "./boot.js";

/**
 * What one browser remembers of one widget.
 * @typedef {{visitor?: string, conversation?: string, [key: string]: any}} Memory
 */

const storeKey = `chatdock:${boot.widget}`;
/** @type {Memory} where the browser denies storage, a visit still hangs together */
let memory = {};

/** @returns {Memory} a copy */
export function load() {
  try {
    return { ...memory, ...JSON.parse(localStorage.getItem(storeKey) || "{}") };
  } catch {
    return { ...memory };
  }
}

/**
 * Merges into what is stored. `undefined` forgets a key. Call it only once the visitor has begun to chat: before that
 * nothing may be stored.
 * @param {Memory} patch
 */
export function save(patch) {
  const next = { ...load(), ...patch };
  for (const key of Object.keys(next)) if (next[key] === undefined) delete next[key];
  memory = next;
  try {
    localStorage.setItem(storeKey, JSON.stringify(next));
  } catch {
    // private mode, blocked storage or a full disk: `memory` holds it
  }
}
