// @ts-check
/** Elements without innerHTML. */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes] `on…` is a listener, `false`, `null` and `undefined` are left out
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

const STROKES = {
  send: "M12 19V5 M6 11l6-6 6 6",
  stop: "M7 7h10v10H7z",
  history: "M4 12a8 8 0 1 0 2.6-5.9 M4 4v4h4 M12 8v4l3 2",
  compose: "M20 12v7H5V4h7 M19 3l2 2-9 9-3 1 1-3z",
  attach: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 5 5l-8.5 8.5a1.7 1.7 0 0 1-2.5-2.5L14 8",
  up: "M7 11v9H4v-9z M7 12l4-8c1.5 0 2.5 1 2 3l-.5 3H19l-1.5 9H7",
  down: "M17 13V4h3v9z M17 12l-4 8c-1.5 0-2.5-1-2-3l.5-3H5l1.5-9H17",
  reload: "M20 12a8 8 0 1 1-2.6-5.9 M20 4v4h-4",
  close: "M6 6l12 12 M18 6L6 18",
  trash: "M5 7h14 M10 7V4h4v3 M7 7l1 13h8l1-13",
  pencil: "M4 20l1-4L16 5l3 3L8 19z",
  mic: "M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4z M6 11a6 6 0 0 0 12 0 M12 17v3",
  spark: "M12 4l2 6 6 2-6 2-2 6-2-6-6-2 6-2z",
  tool: "M5 8h14 M5 16h14 M9 5v6 M15 13v6",
  menu: "M5 7h14 M5 12h14 M5 17h14",
};

/** @param {keyof typeof STROKES} name */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", STROKES[name]);
  svg.append(path);
  return svg;
}

/**
 * A button with nothing but an icon.
 * @param {keyof typeof STROKES} name
 * @param {string} label
 * @param {() => void} onclick
 * @param {Record<string, any>} [more] attributes
 */
export function iconButton(name, label, onclick, more = {}) {
  return h(
    "button",
    { type: "button", class: "icon", "aria-label": label, title: label, onclick, ...more },
    icon(name),
  );
}
