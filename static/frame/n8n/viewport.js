// @ts-check

/** Fits a full page above the on-screen keyboard, where browsers lay the keyboard over the page (iOS). */
export function followKeyboard() {
  const view = window.visualViewport;
  if (!view || window.parent !== window) return; // the loader sizes the iframe
  view.addEventListener("resize", () => {
    const covered = view.scale === 1 && window.innerHeight - view.height > 100;
    document.documentElement.style.setProperty("--height", covered ? `${view.height}px` : null);
    if (covered) window.scrollTo(0, 0);
  });
}

/** Would focusing a field cover half the screen with a keyboard? */
export function hasTouchKeyboard() {
  return !matchMedia("(hover: hover) and (pointer: fine)").matches;
}
