// @ts-check

/**
 * The preview ends at the window's lower edge, however much of the page still stands above it.
 * @param {HTMLElement} pane as high as `--above` leaves it
 */
export function keepInSight(pane) {
  const place = /** @type {HTMLElement} */ (pane.parentElement);
  const measure = () => pane.style.setProperty("--above", `${Math.max(0, place.getBoundingClientRect().top)}px`);
  addEventListener("scroll", measure, { passive: true });
  addEventListener("resize", measure);
  measure();
}
