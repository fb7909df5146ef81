// @ts-check
import { announce } from "./announcer.js";
import { h, icon, iconButton } from "./dom.js";
import { phrase } from "./strings.js";

/**
 * A button that copies what `text` gives at the time of the click, and shows that it did.
 * @param {() => string} text
 * @param {string} label
 */
export function copyButton(text, label) {
  const button = iconButton("copy", label, async () => {
    if (!(await copyText(text()))) return;
    announce(phrase("copied"));
    button.replaceChildren(icon("check"));
    setTimeout(() => button.replaceChildren(icon("copy")), 2000);
  }, "icon small copy");
  return button;
}

/** @param {string} text @returns {Promise<boolean>} */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text); // a page may embed the frame without allow="clipboard-write"
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const field = h("textarea", { class: "unseen", "aria-hidden": "true" });
  field.value = text;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  focused?.focus();
  return copied;
}
