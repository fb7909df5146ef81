// @ts-check
// A chat in the configuration's colours and words. It shows what was chosen, not how ChatKit draws it.
import { h, icon } from "../n8n/dom.js";
import { inline } from "../n8n/inline.js";
import { lookOf } from "./sketch-style.js";

const LONG = "This answer is longer than most, so that you can see how a long text is set. ";
const CODE = 'const hours = await fetch("/hours");\nconsole.log(await hours.json());';
/** @typedef {[asked: string, ...answer: Node[]]} Turn */
/** @type {Record<string, () => Turn[]>} */
const TURNS = {
  conversation: () => [
    ["When are you open?", p("We are open **from 8 to 18**, on Sundays from 10.")],
    ["And where?", p("At the quay. [See the map](https://example.com/).")],
  ],
  typing: () => [["When are you open?", h("p", { class: "sketch-dots" }, h("i"), h("i"), h("i"))]],
  long: () => [["Tell me everything.", p(LONG.repeat(5)), h("ol", {}, h("li", {}, LONG), h("li", {}, LONG)), p(`**${LONG.trim()}**`)]],
  code: () => [["How do I read your hours?", p("Here is how:"), h("pre", { dir: "ltr", tabindex: 0 }, h("code", {}, CODE))]],
  file: () => [["This is the invoice.\n📎 invoice.pdf", p("Thank you. I have the file.")]],
};

/** @param {string} text Markdown within a line */
function p(text) {
  return h("p", { dir: "auto" }, inline(text));
}

/**
 * @param {Record<string, any>} config of the frame
 * @param {string} state of a conversation; "" for the start screen
 * @param {string} badge says that this is a sketch, and why
 * @returns {HTMLElement}
 */
export function drawSketch({ options, colorScheme }, state, badge) {
  const made = h(
    "section",
    { class: "sketch", "aria-label": "Sketch", "data-level": options.theme?.color?.accent?.level },
    h("p", { class: "sketch-badge" }, badge),
    drawBar(options),
    state ? drawTurns(TURNS[state]()) : drawStart(options.startScreen ?? {}),
    drawComposer(options.composer ?? {}, options.disclaimer),
  );
  for (const [name, value] of Object.entries(lookOf(options.theme ?? {}, colorScheme))) made.style.setProperty(name, value);
  return made;
}

/** @param {Record<string, any>} options */
function drawBar({ header = {}, history = {} }) {
  if (header.enabled === false) return null;
  const title = header.title?.enabled === false ? "" : header.title?.text || "New chat";
  const button = (/** @type {any} */ there) => there && h("span", { class: "sketch-button" });
  return h(
    "div",
    { class: "sketch-bar" },
    button(header.leftAction),
    h("p", { class: "sketch-title", dir: "auto" }, title),
    history.enabled !== false && h("span", { class: "sketch-button" }, icon("restart")),
    button(header.rightAction),
  );
}

/** @param {Record<string, any>} start */
function drawStart({ greeting = "", prompts = [] }) {
  const labels = prompts.map((/** @type {any} */ prompt) => h("li", { dir: "auto" }, prompt.icon && h("i"), prompt.label));
  return h(
    "div",
    { class: "sketch-start" },
    h("p", { class: "sketch-greeting", dir: "auto" }, greeting),
    labels.length > 0 && h("ul", {}, ...labels),
  );
}

/** @param {Turn[]} turns */
function drawTurns(turns) {
  const drawn = turns.flatMap(([asked, ...answer]) => [
    h("p", { class: "sketch-asked", dir: "auto" }, asked),
    h("div", { class: "sketch-answer" }, ...answer),
  ]);
  return h("div", { class: "sketch-turns", tabindex: 0, role: "group", "aria-label": "Conversation" }, ...drawn);
}

/** @param {Record<string, any>} composer @param {Record<string, any> | undefined} disclaimer */
function drawComposer({ placeholder = "", attachments, tools, models, dictation }, disclaimer) {
  const hasMenu = attachments?.enabled || tools?.length;
  return h(
    "div",
    { class: "sketch-bottom" },
    h(
      "div",
      { class: "sketch-composer" },
      h("p", { dir: "auto" }, placeholder),
      hasMenu && h("span", { class: "sketch-button" }, icon("clip")),
      models?.length > 0 && h("span", { class: "sketch-model" }, (models.find((/** @type {any} */ it) => it.default) ?? models[0]).label),
      h("span", { class: "sketch-gap" }),
      dictation?.enabled && h("span", { class: "sketch-button sketch-dot" }),
      h("span", { class: "sketch-button sketch-send" }, icon("send")),
    ),
    disclaimer?.text && h("p", { class: disclaimer.highContrast ? "sketch-small sketch-plain" : "sketch-small", dir: "auto" }, inline(disclaimer.text)),
  );
}
