// @ts-check
// Elements are built by calls, never from markup: the page runs under a strict CSP and Trusted Types.

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Makes an element. A function among the props is a listener for the event of that name; `true` is an empty attribute;
 * `false`, `null` and `undefined` are left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  // Children first: Chromium looks through all of them at each insertion into an element with dir="auto".
  element.append(.../** @type {(Node | string)[]} */ (children.filter(Boolean)));
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name, /** @type {EventListener} */ (value));
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  return element;
}

const SHAPES = {
  send: "M12 19V5M5.5 11.5 12 5l6.5 6.5",
  stop: "M7.5 7.5h9v9h-9z",
  close: "m6 6 12 12M18 6 6 18",
  restart: "M4.5 5v5h5M5 10a7.6 7.6 0 1 1-.4 4",
  clip: "m19.5 11.5-7.3 7.3a4.6 4.6 0 0 1-6.5-6.5l7.6-7.6a3.1 3.1 0 0 1 4.4 4.4l-7.5 7.5a1.5 1.5 0 0 1-2.2-2.2l6.8-6.8",
  copy: "M9 9h10.5v10.5H9zM6 15H4.5V4.5H15V6",
  check: "m5 12.5 4.5 4.5L19 7",
  down: "M12 5v14m-6-6 6 6 6-6",
  file: "M6 3.5h8l4 4v13H6zM14 3.5v4h4",
  alert: "M12 8v5m0 3v.1M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17",
};

/**
 * A decorative line drawing of 24 by 24 units.
 * @param {keyof typeof SHAPES} name
 */
export function icon(name) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

/**
 * A button that shows a drawing and says a label.
 * @param {keyof typeof SHAPES} name
 * @param {string} label
 * @param {(event: Event) => void} click
 * @param {string} [className]
 */
export function iconButton(name, label, click, className = "icon") {
  return h("button", { type: "button", class: className, "aria-label": label, title: label, click }, icon(name));
}

/**
 * Text for screen readers only.
 * @param {string} text
 */
export function unseen(text) {
  return h("span", { class: "unseen" }, text);
}
