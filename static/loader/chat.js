// @ts-check
import { make } from "./dom.js";
import { makeLauncher, makeTeaser, watchTriggers } from "./launcher.js";
import { makeLink } from "./link.js";
import { makePanel } from "./panel.js";

/**
 * @typedef {object} Stage1
 * @property {any} c configuration
 * @property {string} [mode] "inline", "none" or, whatever else it says, a popup
 * @property {string} [target] selector of the element that an inline chat fills
 * @property {HTMLElement} h host element
 * @property {ShadowRoot} r
 * @property {HTMLButtonElement} b launcher
 * @property {SVGPathElement} path of the launcher's icon
 * @property {MutationObserver} seen puts the host element back
 * @property {object} api window.Chatdock, unless another tag has taken its place
 */

const UNANSWERED =
  "the chat did not answer within 8 s. Is this website on the licence's list of domains? Does its Content-Security-" +
  "Policy name the chat's host in frame-src? Else the network or a content blocker stopped it.";

/** @param {string} [selector] */
const find = (selector = "") => {
  try {
    return document.querySelector(selector);
  } catch {
    return null; // not a selector
  }
};

/** One chat on one page. Its public methods are the calls of `window.Chatdock`. */
export class Chat {
  gone = new AbortController();
  /** @type {Record<string, Set<(detail: any) => void>>} */
  listeners = {};
  /** @type {HTMLIFrameElement | undefined} */
  frame;
  /** @type {string | undefined} */
  token;
  /** @type {any} where the focus was before */
  before;
  shown = false;
  focused = false;
  failed = false;
  isReady = false;

  /** @param {Stage1} stage1 */
  constructor(stage1) {
    const { c, mode = "", b, r } = (this.stage1 = stage1);
    const { signal } = this.gone;
    this.inline = mode == "inline";
    this.link = makeLink(c, this.inline || mode == "none" ? mode : "popup", this.replies(), signal);
    this.panel = makePanel(stage1, () => this.close(), signal);
    this.launcher = makeLauncher(stage1);
    if (this.inline) {
      document.readyState == "loading" ? addEventListener("DOMContentLoaded", () => this.fill()) : this.fill();
      return;
    }
    b.onclick = () => this.toggle();
    r.addEventListener("keydown", (e) => /** @type {KeyboardEvent} */ (e).key == "Escape" && this.close());
    if (c.t) this.dropTeaser = makeTeaser(stage1, () => this.open());
    if (c.open && !this.panel.small.matches) watchTriggers(c.open, () => this.before || this.reveal(), signal);
  }

  // The calls

  open() {
    this.reveal(true);
  }

  close() {
    const { h, b } = this.stage1;
    if (!this.shown || this.inline) return;
    const inside = document.activeElement == h;
    this.shown = this.focused = false;
    this.panel.show(false);
    this.launcher.show(false);
    this.link.now("hidden");
    if (inside) (b.hidden ? this.before : b)?.focus({ preventScroll: true });
    this.emit("close");
  }

  toggle() {
    this.shown ? this.close() : this.open();
  }

  hide() {
    this.dropTeaser?.();
    this.close();
    this.panel.panel.hidden = this.inline;
  }

  show() {
    this.panel.panel.hidden = false; // and stage 1 showed the launcher
  }

  /** @param {string} text */
  send(text) {
    this.open();
    this.link.tell("send", { text });
  }

  /** @param {string} text */
  prefill(text) {
    this.link.tell("prefill", { text });
  }

  /** @param {string} token */
  identify(token) {
    this.token = token;
    this.link.now("identify", { token });
  }

  on(/** @type {string} */ name, /** @type {(detail: any) => void} */ listener) {
    (this.listeners[name] ||= new Set()).add(listener);
    if (name == "ready" && this.isReady) listener({});
  }

  off(/** @type {string} */ name, /** @type {(detail: any) => void} */ listener) {
    this.listeners[name]?.delete(listener);
  }

  destroy() {
    const { h, seen, api } = this.stage1;
    this.hide();
    this.gone.abort();
    seen.disconnect();
    h.remove();
    const site = /** @type {any} */ (window);
    if (site.Chatdock == api) delete site.Chatdock; // called before stage 2 was there, it comes late
  }

  /** The visitor may want to chat soon: the frame is loaded, hidden; nothing is counted or stored by that. */
  warm() {
    const { b } = this.stage1;
    if (/** @type {any} */ (navigator).connection?.saveData) return;
    // While the button is held down nothing may move, or the browser drops the click.
    b.matches(":active") || this.create();
  }

  // The rest

  /** What the frame says, and what becomes of it. */
  replies() {
    return {
      connected: () => {
        const { link, panel, token } = this;
        this.failed = false;
        panel.settle(true);
        if (token) link.now("identify", { token });
        if (this.shown) link.now("shown");
        if (this.focused) link.now("focus");
      },
      refused: (error) => {
        this.panel.settle(false); // its page says why, and has no close button
        this.warn(error);
      },
      silent: () => {
        this.failed = true;
        this.panel.fail();
        this.warn({ code: "no_answer", message: UNANSWERED });
      },
      ready: () => {
        this.isReady = true;
        this.emit("ready");
      },
      close: () => this.close(),
      unread: ({ count }) => {
        this.launcher.count(this.shown ? 0 : count);
        this.emit("unread", { count });
      },
      event: ({ name, detail }) => this.emit(name, detail),
      failed: (error) => this.warn(error),
    };
  }

  /** @param {boolean} [focus] move the focus into the chat: not when it opens by itself */
  reveal(focus) {
    if (this.failed) this.create(true);
    this.create();
    if (!this.shown) {
      this.before = document.activeElement;
      this.shown = true;
      this.dropTeaser?.();
      this.panel.show(true);
      this.launcher.show(true);
      this.launcher.count(0);
      this.link.now("shown");
      this.emit("open");
    }
    // Later: while a key is being handled, Firefox lets no script move the focus into a page of another origin.
    if (focus) setTimeout(() => this.takeFocus());
  }

  takeFocus() {
    if (!this.shown) return;
    this.focused = true;
    this.frame?.focus();
    this.link.now("focus");
  }

  create(again = false) {
    const { c, h } = this.stage1;
    if ((this.frame && !again) || (this.inline && !h.isConnected)) return;
    if (/** @type {any} */ (document).prerendering)
      return document.addEventListener("prerenderingchange", () => this.create(), { once: true });
    this.frame?.remove();
    this.failed = false;
    // Beside the body, where the element outlives a framework that replaces the body: moved later, the frame would
    // reload. moveBefore keeps the focus; without it the element stays where it is.
    if (!this.inline && h.isConnected) /** @type {any} */ (document.documentElement).moveBefore?.(h, null);
    this.frame = make("iframe", {
      title: c.label,
      allow: "clipboard-write; microphone",
      referrerpolicy: "origin", // the one header that tells our server which site this is
      src: c.o + c.f + (c.g ? `&lang=${c.at.lang}` : ""), // else the frame would take the browser's
    });
    this.panel.hold(this.frame);
    this.link.expect(this.frame);
  }

  /** Inline: takes its place in the page, and loads the chat once it comes into view. */
  fill() {
    const { target, h } = this.stage1;
    const { panel } = this.panel;
    const place = find(target);
    if (!place) return console.warn(`[Chatdock] nothing on this page matches data-target="${target}"`);
    if (place.clientHeight < 100) panel.style.height = "var(--h)";
    place.append(h);
    new IntersectionObserver(([{ isIntersecting }], observer) => {
      if (!isIntersecting) return;
      observer.disconnect();
      this.reveal();
    }).observe(panel);
  }

  /** @param {{code: string, message: string}} error */
  warn({ code, message }) {
    console.warn(`[Chatdock] ${code}: ${message}`);
    this.emit("error", { code, message });
  }

  /**
   * @param {string} name
   * @param {object} [detail]
   */
  emit(name, detail = {}) {
    this.listeners[name]?.forEach((listener) => {
      try {
        listener(detail);
      } catch (error) {
        reportError(error); // a mistake in the site's listener is the site's to see
      }
    });
  }
}
