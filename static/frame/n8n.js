// @ts-check
import { beacon } from "./api.js";
import { boot } from "./boot.js";
import { announcer } from "./n8n/announcer.js";
import { Chat } from "./n8n/chat.js";
import { Composer, MAX_TEXT } from "./n8n/composer.js";
import { changeSubject } from "./n8n/conversation.js";
import { h } from "./n8n/dom.js";
import { createDropZone } from "./n8n/drop.js";
import { Footer } from "./n8n/footer.js";
import { Header } from "./n8n/header.js";
import { Log } from "./n8n/log.js";
import { simulate } from "./n8n/simulate.js";
import { applyTheme } from "./n8n/theme.js";
import { Unread } from "./n8n/unread.js";
import { followKeyboard, hasTouchKeyboard } from "./n8n/viewport.js";
import { connect, whenFocused } from "./port.js";

let closable = false;

const unread = new Unread((count) => port.unread(count));
const log = new Log(pick);
const chat = new Chat(log, {
  busy: (busy) => composer.setBusy(busy),
  changed: setBegun,
  message: (role) => {
    port.emit("message", { role });
    if (role === "assistant") unread.add();
  },
  session: () => port.emit("session"),
  failed: (code) => {
    port.emit("error", { code });
    beacon("failed", code);
  },
});
const composer = new Composer({ send: (text, files) => chat.send(text, files), stop: () => chat.stop() });
const header = new Header({ restart, close: () => port.close() });
const footer = new Footer();
const veil = createDropZone(
  (files) => composer.attachments.add(files),
  () => composer.attachments.enabled,
);
const bottom = h("div", { class: "bottom" }, log.jump, composer.element, footer.element);
const root = /** @type {HTMLElement} */ (document.getElementById("root"));

/** @param {boolean} begun are there messages? */
function setBegun(begun) {
  header.setRestartable(begun);
  root.classList.toggle("fresh", !begun);
}

/** @param {string} text */
function pick(text) {
  chat.send(text);
  focusComposer();
}

function restart() {
  chat.restart();
  focusComposer();
}

function focusComposer() {
  if (hasTouchKeyboard()) root.focus({ preventScroll: true });
  else composer.focus();
}

/** The configurator's preview calls this again with every change. @param {Record<string, any>} config */
function show(config) {
  applyTheme(config.theme ?? {});
  document.title = config.title || document.title;
  for (const part of [header, log, composer, footer]) part.update(config);
}

/** @param {string} text */
function sendFromHost(text) {
  if (text.length > MAX_TEXT) composer.prefill(text); // there it says why it cannot be sent
  else if (text.trim()) chat.send(text.trim());
}

addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || header.cancel()) return;
  if (closable) port.close();
});
// Safari lets no field of a frame take the focus before the visitor has clicked or typed in it: the first letter may.
addEventListener("keydown", ({ key, ctrlKey, metaKey, target }) => {
  if (target === document.body && key.length === 1 && !ctrlKey && !metaKey) composer.focus();
});
addEventListener("pagehide", () => chat.stop("left"));
log.box.addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.closest("a")) beacon("link");
});

show(boot.config);
root.className = boot.page ? "chat page" : "chat";
setBegun(false);
root.tabIndex = -1;
root.append(header.element, log.box, bottom, veil, announcer);
composer.setBusy(false);
followKeyboard();

const port = connect({
  connected: (_, mode) => {
    closable = mode === "popup" || mode === "none";
    header.setClosable(closable);
    chat.catchUp(); // not sooner: the server wants to know which site this is
  },
  shown: () => {
    unread.setVisible(true);
    beacon("opened");
    if (boot.page) focusComposer(); // elsewhere the host says when: a chat that opened by itself takes no focus
  },
  hidden: () => unread.setVisible(false),
  focus: () => whenFocused(focusComposer),
  send: sendFromHost,
  prefill: (text) => composer.prefill(text),
  identify: (token) => (changeSubject(token) ? chat.restart() : chat.catchUp()),
  config: show,
});
if (boot.configurator) simulate({ show, log, chat, begun: setBegun, says: boot.configurator.says });
chat.resume();
port.ready();
beacon("ready");
