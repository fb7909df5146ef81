// @ts-check
import { h, icon } from "./dom.js";
import { phrase } from "./strings.js";

const NEAR = 48; // px; who is this close to the end follows it

/**
 * A scrolling box that follows its end while the visitor is there, and else offers a way to it.
 * @param {HTMLElement} content
 */
export function createScroller(content) {
  let atEnd = true;
  let top = 0;
  const box = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", tabindex: 0 }, content);
  box.setAttribute("aria-label", phrase("conversation"));
  const toEnd = () => {
    atEnd = true;
    jump.hidden = true;
    box.scrollTop = box.scrollHeight;
  };
  const leap = () => {
    toEnd();
    box.focus({ preventScroll: true });
  };
  const jump = h("button", { type: "button", class: "jump", hidden: true, click: leap }, icon("down"), phrase("jump"));
  box.addEventListener("scroll", () => {
    const near = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    // Only a visitor scrolls upwards; the end also moves away when something is added.
    if (near || box.scrollTop < top) atEnd = near;
    if (near) jump.hidden = true;
    top = box.scrollTop;
  });
  const observer = new ResizeObserver(() => atEnd && toEnd());
  observer.observe(box);
  observer.observe(content);
  return {
    box,
    jump,
    toEnd,
    /** Something was added. */
    news: () => {
      jump.hidden = atEnd;
    },
  };
}
