// @ts-check
import { setPath } from "./paths.js";

/** @typedef {{to: string, before?: string, after?: string, table?: Record<string, any>}} Rule see embed/direct.py */

/**
 * Writes a field's new value into what the preview shows, where the server has said that this is all there is to it.
 * @param {any} shown `{frame, loader}`, changed in place
 * @param {Rule[] | undefined} rules
 * @param {any} value
 * @returns {boolean} whether it could be done
 */
export function applyRules(shown, rules, value) {
  if (!rules || value === "") return false; // nothing may mean something else
  for (const { to, before, after, table } of rules) {
    if (table) {
      if (!(String(value) in table)) return false;
      setPath(shown, to, table[String(value)]);
    } else setPath(shown, to, before === undefined ? value : `${before}${value}${after}`);
  }
  return true;
}
