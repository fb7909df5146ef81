// @ts-check
import { boot } from "../boot.js";

/** The words of the interface in English; `boot.strings` replaces any of them. `{…}` is filled in. */
export const ENGLISH = {
  assistant: "Assistant",
  cancel: "Cancel",
  close: "Close chat",
  code: "Code",
  conversation: "Conversation",
  copied: "Copied",
  copy: "Copy",
  copyCode: "Copy code",
  dropFiles: "Drop files to attach them",
  fileAttach: "Attach files",
  fileAttached: "Attached files",
  fileCount: "You can attach up to {count} files.",
  fileKind: "“{name}” is a kind of file that cannot be sent here.",
  fileRemove: "Remove {name}",
  fileSize: "“{name}” is larger than {size}.",
  interrupted: "The answer was interrupted.",
  jump: "New messages",
  message: "Message",
  newConversation: "A new conversation has started.",
  offline: "You are offline. Your message can be sent once you are connected again.",
  poweredBy: "Powered by Chatdock",
  restart: "Start over",
  restartAsk: "Start a new conversation? This one will be cleared.",
  retry: "Try again",
  retryIn: "Try again in {time}",
  saidBy: "{name} said:",
  saidYou: "You said:",
  send: "Send message",
  stop: "Stop answering",
  stopped: "Stopped",
  suggestions: "Suggestions",
  table: "Table",
  tooLong: "Your message is too long. Please keep it under {max} characters.",
  typing: "{name} is typing…",
  unanswered: "No answer has arrived.",
  waiting: "Please wait until the answer is complete, or stop it.",
};

/**
 * A sentence of the interface in the visitor's language.
 * @param {keyof typeof ENGLISH} key
 * @param {Record<string, string | number>} [values]
 */
export function phrase(key, values = {}) {
  const sentence = boot.strings?.[key] || ENGLISH[key];
  return sentence.replace(/\{(\w+)\}/g, (hole, name) => values[name]?.toLocaleString(locale) ?? hole);
}

const locale = readLocale();

/** @returns {string | undefined} the visitor's own where the widget's is not one */
function readLocale() {
  try {
    return Intl.getCanonicalLocales(boot.lang)[0];
  } catch {
    return undefined;
  }
}

/**
 * A size in words: "2.5 MB".
 * @param {number} bytes
 */
export function phraseBytes(bytes) {
  const [amount, unit] = bytes < 1024 ** 2 ? [bytes / 1024, "kilobyte"] : [bytes / 1024 ** 2, "megabyte"];
  const options = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 };
  return amount.toLocaleString(locale, /** @type {Intl.NumberFormatOptions} */ (options));
}

/**
 * A waiting time in words: "12 sec", "3 min".
 * @param {number} seconds
 */
export function phraseWait(seconds) {
  const [amount, unit] = seconds < 100 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  const options = { style: "unit", unit, unitDisplay: "short" };
  return amount.toLocaleString(locale, /** @type {Intl.NumberFormatOptions} */ (options));
}

/**
 * When a message was sent: the time today, date and time before.
 * @param {number} at milliseconds since the epoch
 */
export function phraseTime(at) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return today
    ? date.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" })
    : date.toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
}
