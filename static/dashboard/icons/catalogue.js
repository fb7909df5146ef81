// @ts-check
// The icons there are, and which of them somebody's words mean.

/** @typedef {{value: string, drawing: string, words: string}} Icon words: what it is found by, beside its name */

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const LUCIDE = "lucide:";
/** @type {Record<string, string>} */
const drawings = JSON.parse(byId("icon-drawings").textContent ?? "");
/** @type {Record<string, string[]>} */
let tags = {};

export function isLoaded() {
  return Object.keys(tags).length > 0;
}

/** Fetches what Lucide's drawings are called and found by. */
export async function load() {
  tags = await (await fetch(byId("icons").dataset.tags ?? "")).json();
}

/** @param {string} value @param {string[]} names those that a field takes @returns {string} "" where there is no picture */
export function drawingOf(value, names) {
  const lucide = takesLucide(names) ? /^lucide:([a-z0-9-]+)$/.exec(value) : null;
  if (lucide) return lucide[1];
  return names.includes(value) ? drawings[value] ?? value : "";
}

/** @param {string[]} names */
export function takesLucide(names) {
  return names.some(isLucide);
}

/** @param {string[]} names @returns {{own: Icon[], lucide: Icon[]}} */
export function iconsOf(names) {
  const own = names.filter((name) => !isLucide(name)).map((name) => icon(name, drawingOf(name, names)));
  const lucide = takesLucide(names) ? Object.keys(tags).map((name) => icon(LUCIDE + name, name)) : [];
  return { own, lucide };
}

/** Those that all of the words are about, the nearest first. @param {Icon[]} icons @param {string} text */
export function matching(icons, text) {
  const words = text.toLowerCase().split(/[\s:]+/).filter(Boolean);
  const ranks = new Map(icons.map((one) => [one, rank(one, words)]));
  const of = (/** @type {Icon} */ one) => /** @type {number} */ (ranks.get(one));
  return icons.filter(of).sort((one, other) => of(other) - of(one));
}

/** @param {Icon} icon @param {string[]} words @returns {number} 0: not meant */
function rank({ value, words: about }, words) {
  const name = value.replace(LUCIDE, "");
  if (name === words.join("-")) return 4;
  const all = (/** @type {(word: string) => boolean} */ holds) => words.every(holds);
  if (all((word) => `-${value.replace(":", "-")}`.includes(`-${word}`))) return 3;
  if (all((word) => ` ${value} ${about}`.includes(` ${word}`))) return 2;
  return all((word) => `${value} ${about}`.includes(word)) ? 1 : 0;
}

/** @param {string} value @param {string} drawing @returns {Icon} */
function icon(value, drawing) {
  const name = drawing.split(" ")[0];
  return { value, drawing, words: [name, ...(tags[name] ?? [])].join(" ").toLowerCase() };
}

/** @param {string} name */
function isLucide(name) {
  return name.startsWith(LUCIDE);
}
