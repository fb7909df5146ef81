// @ts-check
import { load } from "../store.js";
import { withActions } from "./actions.js";

const darkSystem = matchMedia("(prefers-color-scheme: dark)");

/**
 * The complete options of ChatKit, which knows no "auto" scheme, changes what it is given and refuses what it does not
 * know.
 * @param {Record<string, any>} config of the frame
 * @param {object} api
 * @param {(side: string) => import("./actions.js").Deeds} deeds
 */
export function buildOptions({ options, colorScheme, actions }, api, deeds) {
  const copy = structuredClone(options);
  const scheme = colorScheme === "auto" ? (darkSystem.matches ? "dark" : "light") : colorScheme;
  copy.theme = typeof copy.theme === "object" ? { ...copy.theme, colorScheme: scheme } : scheme;
  copy.header = withActions(copy.header, actions ?? {}, deeds);
  copy.initialThread = load().thread ?? null;
  return { ...copy, api };
}

/** @param {() => void} listener when the visitor's system turns light or dark */
export function onSchemeChange(listener) {
  darkSystem.addEventListener("change", listener);
}
