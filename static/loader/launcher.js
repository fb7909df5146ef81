// @ts-check
import { make } from "./dom.js";

/**
 * What the launcher says: open or closed, and how many messages nobody has read.
 * @param {any} stage1
 */
export const makeLauncher = ({ c, b, path }) => {
  const number = make("span", { class: "n", "aria-hidden": "true" });
  const icon = path.getAttribute("d");
  return {
    /** @param {boolean} open */
    show: (open) => {
      b.ariaExpanded = open;
      path.setAttribute("d", open ? "M6.4 11.9l1.7-1.7 5.9 5.9 5.9-5.9 1.7 1.7-7.6 7.6Z" : icon);
    },
    /** @param {number} count */
    count: (count) => {
      b.ariaLabel = c.label + (count ? ` (${count})` : "");
      number.textContent = count > 99 ? "99+" : `${count}`;
      count ? b.append(number) : number.remove();
    },
  };
};

/**
 * The bubble that speaks first.
 * @param {any} stage1
 * @param {() => void} open
 */
export const makeTeaser = ({ c, b, r }, open) => {
  const message = make("button", { class: "m" }, c.t.text);
  const x = make("button", { class: "x", "aria-label": "Close" }, "×");
  const teaser = make("div", { class: "t", role: "status" }, message, x);
  message.onclick = open;
  x.onclick = () => teaser.remove();
  const timer = setTimeout(() => b.hidden || r.append(teaser), c.t.delay * 1000 - 1000);
  return () => {
    clearTimeout(timer);
    teaser.remove();
  };
};

/**
 * Opens the chat by itself: after a time, far enough down the page, or as the pointer leaves for the address bar.
 * @param {any} when
 * @param {() => void} open
 * @param {AbortSignal} signal
 */
export const watchTriggers = ({ delay, scroll, exit, urls }, open, signal) => {
  const page = document.documentElement;
  // The address is read at the last moment: a single-page site changes it as it likes.
  const fire = () => !signal.aborted && RegExp(urls).test(location.href) && open();
  if (delay >= 0) setTimeout(fire, delay * 1000 - 1000);
  const scrolled = () => scrollY * 100 >= scroll * (page.scrollHeight - innerHeight) && fire();
  if (scroll) addEventListener("scroll", scrolled, { signal, passive: true });
  const left = (/** @type {MouseEvent} */ { clientY }) => clientY < 1 && fire();
  if (exit) page.addEventListener("mouseleave", left, { signal });
};
