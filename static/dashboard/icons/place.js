// @ts-check
const GAP = 6; // CSS pixels, as all of these
const EDGE = 16;
const LEAST = 352; // of a height that is still of use
const wide = matchMedia("(width >= 48rem)");

/**
 * Puts an open dialog below what it belongs to where there is room, else above it, else in the middle. By hand, because
 * Safari 26 loses an anchored dialog on a page that has been scrolled.
 * @param {HTMLDialogElement} dialog
 * @param {Element} beside
 */
export function place(dialog, beside) {
  const { style } = dialog;
  for (const property of ["inset", "margin", "max-height"]) style.removeProperty(property); // the middle
  const { top, bottom, left, right } = beside.getBoundingClientRect();
  const [below, above] = [innerHeight - bottom, top].map((room) => room - GAP - EDGE);
  if (!wide.matches || Math.max(below, above) < LEAST) return;
  const { offsetWidth, ownerDocument } = dialog;
  const start = getComputedStyle(ownerDocument.body).direction === "rtl" ? right - offsetWidth : left;
  const x = `${Math.max(EDGE, Math.min(start, ownerDocument.documentElement.clientWidth - offsetWidth - EDGE))}px`;
  style.margin = "0";
  style.inset = below >= LEAST ? `${bottom + GAP}px auto auto ${x}` : `auto auto ${innerHeight - top + GAP}px ${x}`;
  style.maxHeight = `${below >= LEAST ? below : above}px`;
}
