// @ts-check
import { make } from "./dom.js";
import { INLINE_STYLE, PANEL_STYLE } from "./style.js";

/**
 * The box that holds the frame: a dialog beside the launcher, the whole screen on a phone, or a part of the page.
 * @param {import("./chat.js").Stage1} stage1
 * @param {() => void} close
 * @param {AbortSignal} signal
 */
export const makePanel = ({ c, mode, r }, close, signal) => {
  const inline = mode == "inline";
  const failed = make("p", { class: "f", role: "alert" }, "The chat cannot be reached right now.");
  // The chat has a close button of its own; this one is there until the chat is.
  const x = make("button", { class: "x", "aria-label": "Close" }, "×");
  x.onclick = close;
  const dialog = { role: "dialog", "aria-label": c.label, class: mode == "none" ? "p b" : "p" };
  const panel = make("div", inline ? { class: "i" } : dialog, x);
  const small = matchMedia("(max-width: 480px), (max-height: 480px)");
  const view = window.visualViewport;
  const page = document.documentElement.style;
  /** @type {string | null} the site's own value while its page is kept still */
  let overflow = null;

  /** On a phone: fills what the keyboard leaves free, and keeps the page behind still. */
  const fit = () => {
    const full = panel.matches(".o") && small.matches;
    panel.ariaModal = `${full}`;
    panel.style.cssText = full && view && view.scale < 1.01 ? `top:${view.offsetTop}px;height:${view.height}px` : "";
    if (full && overflow == null) {
      overflow = page.overflowY;
      page.overflowY = "hidden";
    } else if (!full && overflow != null) {
      page.overflowY = overflow;
      overflow = null;
    }
  };
  if (!inline) {
    for (const name of ["resize", "scroll"]) view?.addEventListener(name, fit, { signal });
    small.addEventListener("change", fit, { signal });
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync((inline ? INLINE_STYLE : "") + PANEL_STYLE);
  r.adoptedStyleSheets.push(sheet);
  r.prepend(panel); // before the launcher, whose style can then follow from the panel's

  return {
    panel,
    small,
    /** @param {HTMLIFrameElement} frame */
    hold: (frame) => {
      failed.remove();
      panel.classList.remove("r", "s");
      panel.prepend(frame);
    },
    /** @param {boolean} reached the chat itself, not only a page that explains */
    settle: (reached) => {
      failed.remove();
      panel.classList.add("s");
      panel.classList.toggle("r", reached);
    },
    fail: () => {
      panel.classList.add("s");
      x.before(failed);
    },
    /** @param {boolean} open */
    show: (open) => {
      panel.classList.toggle("o", open);
      inline || fit();
    },
  };
};
