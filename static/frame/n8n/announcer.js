// @ts-check
import { h } from "./dom.js";

/** A region that screen readers speak from; streamed answers are put here once they are complete. */
export const announcer = h("div", { class: "unseen", role: "status" });

let clearing = 0;

/** @param {string} text */
export function announce(text) {
  clearTimeout(clearing);
  announcer.append(h("p", {}, text));
  // Emptied later, so that nobody meets the words a second time while reading through the page.
  clearing = setTimeout(() => announcer.replaceChildren(), 4000);
}
