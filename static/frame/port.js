// @ts-check
import { activate, claims } from "./api.js";
import { boot } from "./boot.js";

/**
 * What the host page may ask. Every handler is optional.
 * @typedef {object} Handlers
 * @property {() => void} [shown] the chat is seen, maybe by itself; called again after each `hidden`
 * @property {() => void} [hidden]
 * @property {() => void} [focus] the visitor wants to chat: put the cursor where one types, see `whenFocused`
 * @property {(text: string) => void} [send]
 * @property {(text: string) => void} [prefill]
 * @property {(token: string) => void} [identify] already in `claims.identity` when called; "": signed out
 * @property {(config: Record<string, any>) => void} [config] the configurator's preview only
 * @property {(origin: string | null, mode: "popup" | "inline" | "none" | "page") => void} [connected] "popup" and
 *   "none" (a popup without a launcher) need a close button; on phones they fill the screen
 */

/**
 * Speaks handshake version 1 with the loader. The frame says hello until it is answered, because neither side can know
 * which one is up first. Where nobody can answer (a page of its own, or a plain iframe without the loader)
 * `connected(null, "page")` and `shown()` are called instead.
 * @param {Handlers} handlers
 */
export function connect(handlers) {
  for (const type of ["pointerdown", "keydown"]) addEventListener(type, activate, { once: true, capture: true });
  const embedded = window.parent !== window && !boot.page; // a full page in a frame is the configurator's
  const id = Math.random(); // tells a reload of the frame from a hello sent twice
  /** @type {MessagePort | null} */
  let port = null;
  /** @type {object[]} */
  let waiting = [];
  let hellos = 0;

  /** @param {object} message */
  const tell = (message) => {
    if (boot.configurator) document.dispatchEvent(new CustomEvent("chatdock:told", { detail: message }));
    return port ? port.postMessage(message) : waiting.push(message);
  };

  const alone = () => {
    waiting = [];
    if (boot.configurator) document.addEventListener("chatdock:preview", identify);
    handlers.connected?.(null, "page");
    handlers.shown?.();
  };

  /** In the configurator, where a full page has nobody else who says who the visitor is. @param {any} event */
  const identify = ({ detail }) => detail.type === "identify" && receive(detail, handlers);

  const hello = () => {
    if (port) return;
    if (hellos++ === 100) return alone();
    window.parent.postMessage({ chatdock: 1, type: "hello", id }, hostOrigin());
    setTimeout(hello, 100);
  };

  /** @param {MessageEvent} event */
  const onConnect = (event) => {
    if (!isConnect(event)) return;
    window.removeEventListener("message", onConnect);
    port = event.ports[0];
    claims.origin = event.origin;
    handlers.connected?.(event.origin, event.data.mode);
    port.onmessage = ({ data }) => receive(data, handlers);
    waiting.splice(0).forEach(tell);
  };

  if (embedded) {
    window.addEventListener("message", onConnect);
    hello();
  } else {
    queueMicrotask(alone);
  }
  return {
    embedded,
    /** Tells the host page's own code ("message", "session", "error", …). Never put message text in `detail`. */
    emit: (/** @type {string} */ name, /** @type {object} */ detail = {}) => tell({ type: "event", name, detail }),
    close: () => tell({ type: "close" }),
    unread: (/** @type {number} */ count) => tell({ type: "unread", count }),
    ready: () => tell({ type: "ready" }),
    failed: (/** @type {string} */ code, /** @type {string} */ message) => tell({ type: "failed", code, message }),
  };
}

/**
 * In Firefox a field that asks for the focus while the frame is still being given it may lose it again.
 * @param {() => void} take
 */
export function whenFocused(take) {
  if (document.hasFocus()) take();
  else addEventListener("focus", take, { once: true });
}

/** @returns {string} the only origin that may hear us, as far as anyone knows it */
function hostOrigin() {
  const known = boot.parentOrigin ?? window.location.ancestorOrigins?.[0];
  return known && known !== "null" ? known : "*";
}

/** @param {MessageEvent} event */
function isConnect(event) {
  return (
    event.source === window.parent &&
    (!boot.parentOrigin || event.origin === boot.parentOrigin) &&
    event.data?.chatdock === 1 &&
    event.data.type === "connect" &&
    event.ports.length === 1
  );
}

/**
 * @param {{type: string, text?: any, token?: any, config?: any}} data
 * @param {Handlers} handlers
 */
function receive(data, handlers) {
  switch (data?.type) {
    case "shown":
      return handlers.shown?.();
    case "hidden":
      return handlers.hidden?.();
    case "focus":
      if (boot.configurator && !document.hasFocus()) return; // the admin types in the dashboard
      activate(); // said when the visitor opened the chat, not when it showed itself
      return handlers.focus?.();
    case "send":
      return handlers.send?.(String(data.text));
    case "prefill":
      return handlers.prefill?.(String(data.text));
    case "identify":
      claims.identity = data.token ? String(data.token) : null; // nothing: the visitor signed out
      return handlers.identify?.(claims.identity ?? "");
    case "config":
      return boot.preview ? handlers.config?.(data.config) : undefined; // any page might say so
  }
}
