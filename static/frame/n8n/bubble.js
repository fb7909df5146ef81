// @ts-check
import { copyButton } from "./clipboard.js";
import { h, icon, unseen } from "./dom.js";
import { showMarkdown } from "./markdown.js";
import { phrase, phraseTime, phraseWait } from "./strings.js";

/** @typedef {import("./conversation.js").Message} Message */

/**
 * @param {string} speaker
 * @param {string} className
 * @param {...import("./dom.js").Child} content
 */
function createRow(speaker, className, ...content) {
  return h("div", { class: `message ${className}` }, unseen(speaker + " "), ...content);
}

/** @param {number | undefined} at */
function createTime(at) {
  return at ? h("time", { datetime: new Date(at).toISOString() }, phraseTime(at)) : null;
}

/** A message of the visitor: shown as it was typed. @param {Message} message */
export function createQuestion({ text, at, files = [] }) {
  const names = files.map((name) => h("li", {}, icon("file"), h("bdi", {}, name)));
  return createRow(
    phrase("saidYou"),
    "user",
    text && h("div", { class: "bubble", dir: "auto" }, text),
    names.length > 0 && h("ul", { class: "sent", "aria-label": phrase("fileAttached") }, ...names),
    h("div", { class: "meta" }, createTime(at)),
  );
}

/** A line of the greeting. @param {string} text @param {string} name */
export function createGreeting(text, name) {
  const body = h("div", { class: "bubble" });
  showMarkdown(body, text);
  return createRow(phrase("saidBy", { name }), "assistant greeting", body);
}

/**
 * A message of the assistant, complete or still growing. It is silent for screen readers while it grows.
 * @param {string} name the assistant's
 */
export function createAnswer(name) {
  const body = h("div", { class: "bubble" });
  const meta = h("div", { class: "meta" });
  const element = createRow(phrase("saidBy", { name }), "assistant", body, meta);
  element.setAttribute("aria-live", "off");
  let latest = "";
  let frame = 0;
  const draw = () => {
    frame = 0;
    showMarkdown(body, latest, true);
  };
  return {
    element,
    /** @param {string} text */
    grow(text) {
      latest = text;
      frame ||= requestAnimationFrame(draw);
    },
    /** @param {string} text @param {number} [at] @param {boolean} [stopped] @returns what a screen reader should say */
    complete(text, at, stopped = false) {
      cancelAnimationFrame(frame);
      showMarkdown(body, text);
      const label = stopped && h("span", {}, phrase("stopped"));
      const parts = [label, createTime(at), copyButton(() => text, phrase("copy"))];
      meta.replaceChildren(.../** @type {Node[]} */ (parts.filter(Boolean)));
      return [...body.children].map((block) => block.textContent).join("\n");
    },
  };
}

/** Three dots, "… is typing" in words. @param {string} name */
export function createTyping(name) {
  const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
  return h("div", { class: "message assistant typing" }, unseen(phrase("typing", { name })), h("div", { class: "bubble" }, dots));
}

/**
 * Says in the conversation that something failed; the button counts down where the server asked to wait.
 * @param {string} message
 * @param {() => void} retry
 * @param {number} [retryAfter] seconds
 */
export function createNotice(message, retry, retryAfter = 0) {
  const button = h("button", { type: "button", class: "text", "aria-live": "off", click: retry });
  const until = Date.now() + retryAfter * 1000;
  const count = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? phrase("retryIn", { time: phraseWait(left) }) : phrase("retry");
    if (left > 0) setTimeout(count, 1000);
  };
  count();
  return h("div", { class: "notice" }, icon("alert"), h("p", {}, message), button);
}
