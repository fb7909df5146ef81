// @ts-check
// The arrow keys in a grid whose lines break as they will.

/**
 * Moves the focus.
 * @param {HTMLElement[]} cells
 * @param {HTMLElement} from
 * @param {string} key
 * @param {HTMLElement} above where ArrowUp in the first line leads
 * @returns {boolean} whether the key is one of these
 */
export function step(cells, from, key, above) {
  const here = cells.indexOf(from);
  const onward = getComputedStyle(from).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  /** @type {Record<string, () => HTMLElement | undefined>} */
  const ways = {
    ArrowLeft: () => cells[here + (onward === "ArrowLeft" ? 1 : -1)],
    ArrowRight: () => cells[here + (onward === "ArrowRight" ? 1 : -1)],
    ArrowDown: () => nearest(from, cells.slice(here), 1),
    ArrowUp: () => nearest(from, cells.slice(0, here).reverse(), -1) ?? above,
    Home: () => cells[0],
    End: () => cells.at(-1),
  };
  if (!(key in ways)) return false;
  ways[key]()?.focus();
  return true;
}

/** In the next line that way, the one nearest to this column. @param {HTMLElement} from @param {HTMLElement[]} cells @param {1 | -1} way */
function nearest(from, cells, way) {
  const beyond = cells.filter((cell) => (cell.offsetTop - from.offsetTop) * way > 0);
  const line = beyond.filter((cell) => cell.offsetTop === beyond[0].offsetTop);
  const away = (/** @type {HTMLElement} */ cell) => Math.abs(cell.offsetLeft - from.offsetLeft);
  return line.sort((one, other) => away(one) - away(other))[0];
}
