// @ts-check
// Only in the configurator: takes a port from the dashboard, begins the chat with what comes first over it, and hands it
// the rest.
import { spoken } from "./pseudo.js";

/** @type {{configurator: {dashboard: string, key: string, script: string}, page: boolean, type: string, pageToken: string}} */
const page = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("boot")).textContent || "{}");
const { dashboard, key, script } = page.configurator;
// As a full-page chat it stands in the dashboard itself, else in a page of our own that passes the port on.
const above = page.page ? dashboard : location.origin;
const { nonce } = /** @type {HTMLScriptElement} */ (document.currentScript);

/** @type {Promise<void> | undefined} the chat, once it was told to begin */
let chat;

/**
 * Not sooner: a page token that stands for secrets typed in the dashboard comes before any call is made with it.
 * @param {{pageToken?: string}} told instead of the page's own
 */
function begin({ pageToken = page.pageToken }) {
  const boot = /** @type {HTMLElement} */ (document.getElementById("boot"));
  boot.textContent = JSON.stringify({ ...spoken(page), pageToken });
  return new Promise((resolve) => {
    const element = document.createElement("script");
    Object.assign(element, { src: script, nonce, onload: resolve, onerror: resolve });
    document.head.append(element);
  });
}

/** @param {boolean} offline */
function pretendOffline(offline) {
  if (offline === !navigator.onLine) return;
  if (offline) Object.defineProperty(navigator, "onLine", { value: false, configurable: true });
  else Reflect.deleteProperty(navigator, "onLine");
  dispatchEvent(new Event(offline ? "offline" : "online"));
}

/**
 * Why the chat has failed, which the visitor does not read; "" once it goes on.
 * @param {{type: string, name?: string, code?: string, message?: string, detail?: {code?: string, role?: string}}} told
 * @returns {{code: string, reason?: string} | null} null: says nothing about that
 */
function failureIn({ type, name = type, code = "", message, detail = {} }) {
  if (type === "failed") return { code, reason: message };
  if (name === "error") return { code: detail.code ?? "" };
  return name === "session" || name === "ready" || detail.role === "assistant" ? { code: "" } : null;
}

/** @param {MessagePort} port */
function listen(port) {
  document.addEventListener("chatdock:told", (event) => {
    const failure = failureIn(/** @type {CustomEvent} */ (event).detail);
    if (failure) port.postMessage({ type: "failed", ...failure });
  });
  port.onmessage = async ({ data }) => {
    if (data.type === "begin") return void (chat ??= begin(data));
    await chat;
    if (data.type === "state") pretendOffline(data.state === "offline");
    document.dispatchEvent(new CustomEvent("chatdock:preview", { detail: data }));
    if (data.type === "config") port.postMessage({ type: "applied", revision: data.revision });
  };
  port.postMessage({ type: "listening" });
}

addEventListener("message", ({ source, origin, data, ports }) => {
  if (source === parent && origin === above && data?.type === "preview-port" && ports.length === 1) listen(ports[0]);
});
if (parent === window) chat = begin({}); // in a tab of its own nobody says more
else parent.postMessage({ chatdock: 1, type: "preview-hello", key, kind: page.type }, above);
