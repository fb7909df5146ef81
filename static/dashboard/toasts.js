// @ts-check
// Messages: what went well leaves by itself, unless somebody is at it; what went wrong stays until it is dismissed.
// Without scripts all of them stand above the page.

const SHOWN = 8000; // ms

for (const place of document.querySelectorAll(".messages")) {
  const toasts = /** @type {HTMLElement[]} */ ([...place.children]);
  for (const toast of toasts) wire(toast);
  if (!toasts.length) continue;
  // A live region tells what comes into it, not what was there when the page came.
  place.replaceChildren();
  requestAnimationFrame(() => place.replaceChildren(...toasts));
}

/**
 * Says what was done, for a while.
 * @param {string} text
 * @param {{label: string, act: () => void}} [way] back
 * @returns {HTMLElement}
 */
export function toast(text, way) {
  const { content } = /** @type {HTMLTemplateElement} */ (document.getElementById("toast"));
  const made = /** @type {HTMLElement} */ (document.importNode(content, true).firstElementChild);
  const words = /** @type {HTMLElement} */ (made.querySelector("p"));
  words.textContent = text;
  if (way) {
    const back = document.createElement("button");
    const className = "button button--quiet button--small";
    words.after(Object.assign(back, { type: "button", className, textContent: way.label, onclick: way.act }));
  }
  /** @type {HTMLElement} */ (made.querySelector("[data-dismiss]")).ariaLabel = `Dismiss: ${text}`;
  document.querySelector(".toasts")?.append(made);
  wire(made);
  return made;
}

/** @param {HTMLElement} toast */
function wire(toast) {
  const button = /** @type {HTMLButtonElement} */ (toast.querySelector("[data-dismiss]"));
  button.hidden = false;
  button.addEventListener("click", () => dismiss(toast));
  if ("passing" in toast.dataset) pass(toast);
}
/** @param {HTMLElement} toast */
function pass(toast) {
  let timer = 0;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(() => toast.remove(), SHOWN);
  };
  const stop = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, start);
  start();
}

/** @param {HTMLElement} toast */
function dismiss(toast) {
  const held = toast.contains(document.activeElement);
  toast.remove();
  const next = /** @type {HTMLElement | null} */ (document.querySelector("[data-dismiss]") ?? document.getElementById("main"));
  if (held) next?.focus();
}
