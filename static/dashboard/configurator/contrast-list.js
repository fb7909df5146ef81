// @ts-check
import { contrast, nearestPassing } from "./contrast.js";
import { getPath } from "./paths.js";

/**
 * A pair of colours as a widget's type declares it. ink and ground: a field's path, or a colour.
 * unless: path → the value with which it does not show.
 * @typedef {{label: string, ink: string, ground: string, least: number, unless: Record<string, unknown>}} Pair
 */

const COLOR = /^#[0-9a-f]{6}$/i;

/** Says of every pair whether it can be read, and offers the nearest shade that can. */
class ContrastList extends HTMLElement {
  /** @type {(path: string, color: string) => void} */
  fix = () => {};
  /** @type {Pair[]} */
  pairs = [];

  /** @param {any} values the configuration */
  show(values) {
    const colorOf = (/** @type {string} */ place) => (place.startsWith("#") ? place : getPath(values, place));
    let failing = 0;
    const lines = this.pairs.flatMap((pair) => {
      const [ink, ground] = [colorOf(pair.ink), colorOf(pair.ground)];
      const hidden = Object.entries(pair.unless).some(([path, value]) => getPath(values, path) === value);
      if (hidden || !COLOR.test(ink) || !COLOR.test(ground)) return [];
      const ratio = contrast(ink, ground);
      if (ratio < pair.least) failing++;
      return [this.#line(pair, ink, ground, ratio)];
    });
    const list = /** @type {HTMLElement} */ (this.querySelector("ul"));
    // Redrawn only where something is different: the focus may stand on a button.
    if (list.textContent !== lines.map((line) => line.textContent).join("")) this.#redraw(list, lines);
    const badge = /** @type {HTMLElement} */ (this.querySelector(".contrast-count"));
    badge.textContent = failing ? `${failing} ${failing === 1 ? "issue" : "issues"}` : "All pass";
    badge.className = `contrast-count badge badge--${failing ? "attention" : "good"}`;
  }

  /** @param {HTMLElement} list @param {HTMLElement[]} lines */
  #redraw(list, lines) {
    const focused = list.contains(document.activeElement);
    list.replaceChildren(...lines);
    if (focused) /** @type {HTMLElement | null} */ (list.querySelector("button") ?? this.querySelector("summary"))?.focus();
  }

  /** @param {Pair} pair @param {string} ink @param {string} ground @param {number} ratio */
  #line(pair, ink, ground, ratio) {
    const passes = ratio >= pair.least;
    const line = document.createElement("li");
    const sample = document.createElement("span");
    sample.className = "contrast-sample";
    sample.ariaHidden = "true";
    sample.style.background = ground;
    const dot = document.createElement("span"); // no letters: they would be as hard to read as the line says
    dot.style.background = ink;
    sample.append(dot);
    const words = document.createElement("span");
    const verdict = passes ? "passes" : "fails";
    words.append(`${pair.label}: ${(Math.floor(ratio * 100) / 100).toFixed(2)} : 1, ${verdict} (needs ${pair.least} : 1) `);
    line.append(sample, words);
    if (!passes) line.append(this.#button(pair, ink, ground));
    return line;
  }

  /** @param {Pair} pair @param {string} ink @param {string} ground */
  #button(pair, ink, ground) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet button--small";
    // A declared colour cannot be changed, and where both can, the text gives way: the ground is the brand's.
    const inkMoves = !pair.ink.startsWith("#");
    const shade = inkMoves ? nearestPassing(ink, ground, pair.least) : nearestPassing(ground, ink, pair.least);
    button.append(`Fix ${pair.label.toLowerCase()}: use ${shade}`);
    button.addEventListener("click", () => this.fix(inkMoves ? pair.ink : pair.ground, shade));
    return button;
  }
}

customElements.define("contrast-list", ContrastList);
export { ContrastList };
