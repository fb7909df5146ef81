// @ts-check
/** @typedef {import("./conversation.js").Message} Message */
/**
 * @typedef {object} Parts
 * @property {(config: Record<string, any>) => void} show
 * @property {import("./log.js").Log} log
 * @property {import("./chat.js").Chat} chat
 * @property {(begun: boolean) => void} begun
 * @property {Record<string, string>} says the sentences of failures
 */

const CODE = "Here is how:\n\n```js\nconst hours = await fetch(\"/hours\");\nconsole.log(await hours.json());\n```\n\nShall I explain it?";
const WORDS = "This answer is longer than most, so that you can see how a long text is set. ";
const LONG = `${WORDS.repeat(6)}\n\n1. ${WORDS}\n2. ${WORDS}\n\n**${WORDS.trim()}**`;

/** @param {string} text @param {string[]} [files] @returns {Message} */
const asked = (text, files) => ({ role: "user", text, at: Date.now(), ...(files && { files }) });
/** @param {string} text @returns {Message} */
const answered = (text) => ({ role: "assistant", text, at: Date.now() });

const TALK = [asked("When are you open?"), answered("We are open **from 8 to 18**, on Sundays from 10.")];

/** @type {Record<string, Message[]>} */
const MESSAGES = {
  empty: [],
  conversation: [...TALK, asked("And where?"), answered("At the quay. [See the map](https://example.com/).")],
  typing: [TALK[0]],
  error: [TALK[0]],
  limited: [...TALK, asked("And where?")],
  suspended: [],
  offline: TALK,
  long: [asked("Tell me everything."), answered(LONG)],
  code: [asked("How do I read your hours?"), answered(CODE)],
  file: [asked("This is the invoice.", ["invoice.pdf", "receipt.png"]), answered("Thank you. I have both files.")],
};

/** Shows what the configurator asks for: a configuration, or a state that nobody can bring about at will. @param {Parts} parts */
export function simulate({ show, log, chat, begun, says }) {
  const retry = () => {};
  document.addEventListener("chatdock:preview", (event) => {
    const { type, config, state } = /** @type {CustomEvent} */ (event).detail;
    if (type === "config") return show(config);
    if (type === "reset") return chat.restart();
    const messages = type === "state" && MESSAGES[state];
    if (!messages) return;
    log.show(messages);
    log.setTyping(state === "typing");
    begun(messages.length > 0);
    if (says[state] && state !== "offline") log.setNotice(says[state], retry, state === "limited" ? 30 : 0);
  });
}
