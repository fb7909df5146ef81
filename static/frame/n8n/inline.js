// @ts-check
import { h } from "./dom.js";

// Inline Markdown as DOM nodes. One pass, left to right; an opening mark waits on a stack, its closing mark takes it and
// whatever still waits above it becomes plain text again. Every mark is pushed and popped once, so time is linear.

/** @typedef {{text: string, tag?: string, href?: string | null}} Mark  plain text unless a closing mark gives it a tag */
/** @typedef {string | Mark | Node | null} Token                       null closes the innermost element */
/** @typedef {{delimiter: string, at: number}} Waiting                 `at`: its place among the tokens */
/**
 * @typedef {object} State
 * @property {string} source
 * @property {number} position
 * @property {boolean} partial
 * @property {Token[]} tokens
 * @property {Waiting[]} stack
 * @property {Record<string, number[]>} places  per delimiter: where it stands on the stack
 * @property {Map<number, number[]> | null} ticks  per length: where backtick runs begin, last first
 */

const SPECIAL = /[\\`*_~[\]!<&@\n]|https?:\/\//gi;
const WORD = /[\p{L}\p{N}_]/u;
const TAGS = { "*": "em", _: "em", "**": "strong", __: "strong", "~~": "s" };
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: "\"", nbsp: "\u00a0", "#39": "'" };
const MAX_NESTING = 20; // a browser may fail on very deep trees

/** @type {Record<string, (state: State) => boolean>} each takes what stands at the position, or says no */
const RULES = {
  "\\": takeEscape,
  "`": takeCode,
  "*": takeEmphasis,
  _: takeEmphasis,
  "~": takeEmphasis,
  "[": (state) => wait(state, "["),
  "]": takeLink,
  "!": takeImage,
  "<": takeAngle,
  "&": takeEntity,
  "@": takeEmail,
  "\n": takeBreak,
  h: takeAddress,
};

/**
 * Inline Markdown as a fragment.
 * @param {string} source
 * @param {boolean} [partial] more is to come: marks still open count as closed, so that nothing flickers
 */
export function inline(source, partial = false) {
  /** @type {State} */
  const state = { source: partial ? withoutDanglingMarks(source) : source, position: 0, partial, tokens: [], stack: [],
    places: {}, ticks: null };
  while (state.position < state.source.length) step(state);
  if (partial) while (state.stack.length) closeLast(state);
  return build(state.tokens);
}

/** @param {string} source */
function withoutDanglingMarks(source) {
  let end = source.length;
  while (end && "*_~`".includes(source[end - 1])) end -= 1;
  return source.slice(0, end);
}

/** @param {State} state */
function step(state) {
  SPECIAL.lastIndex = state.position;
  const found = SPECIAL.exec(state.source);
  const next = found ? found.index : state.source.length;
  if (next > state.position) state.tokens.push(state.source.slice(state.position, next));
  state.position = next;
  if (found && !RULES[found[0][0].toLowerCase()](state)) {
    state.tokens.push(found[0][0]);
    state.position += 1;
  }
}

/**
 * What a sticky pattern finds at the position.
 * @param {State} state
 * @param {RegExp} pattern
 */
function match(state, pattern) {
  pattern.lastIndex = state.position;
  return pattern.exec(state.source);
}

/**
 * @param {State} state
 * @param {string} delimiter
 * @param {string} [text]
 */
function wait(state, delimiter, text = delimiter) {
  (state.places[delimiter] ??= []).push(state.stack.length);
  state.stack.push({ delimiter, at: state.tokens.length });
  state.tokens.push({ text });
  state.position += text.length;
  return true;
}

/** @param {State} state @param {string} delimiter @returns its nearest place on the stack, or -1 */
function nearest(state, delimiter) {
  return state.places[delimiter]?.at(-1) ?? -1;
}

/** @param {State} state @param {number} place @returns {Mark} the mark there; it and all above wait no longer */
function release(state, place) {
  let token;
  while (state.stack.length > place) {
    const { delimiter, at } = /** @type {Waiting} */ (state.stack.pop());
    state.places[delimiter].pop();
    token = state.tokens[at];
  }
  return /** @type {Mark} */ (token);
}

/** @param {State} state */
function closeLast(state) {
  const { delimiter } = state.stack[state.stack.length - 1];
  const mark = release(state, state.stack.length - 1);
  if (delimiter === "[") return;
  mark.tag = TAGS[/** @type {keyof TAGS} */ (delimiter)];
  state.tokens.push(null);
}

/** @param {State} state @param {string} text @param {number} [length] how much of the source it stands for */
function pushText(state, text, length = text.length) {
  state.tokens.push(text);
  state.position += length;
  return true;
}

/** @param {State} state */
function takeEscape(state) {
  const found = match(state, /\\([!-/:-@[-`{-~]|(?=\n))/y);
  return !!found && pushText(state, found[1], found[0].length);
}

/** @param {State} state */
function takeBreak(state) {
  state.tokens.push(h("br"));
  state.position += 1;
  return true;
}

/** @param {State} state */
function takeEntity(state) {
  const found = match(state, /&(amp|lt|gt|quot|nbsp|#39);/y);
  return !!found && pushText(state, ENTITIES[/** @type {keyof ENTITIES} */ (found[1])], found[0].length);
}

/** @param {State} state */
function takeCode(state) {
  const [run] = /** @type {RegExpExecArray} */ (match(state, /`+/y));
  const start = state.position + run.length;
  const end = closingTicks(state, run.length, start) ?? (state.partial ? state.source.length : 0);
  if (!end) return pushText(state, run);
  const code = state.source.slice(start, end).replace(/\n/g, " ");
  const padded = code.length > 2 && code.startsWith(" ") && code.endsWith(" ");
  state.tokens.push(h("code", { dir: "ltr" }, padded ? code.slice(1, -1) : code));
  state.position = end + run.length;
  return true;
}

/**
 * Where the next run of exactly so many backticks begins.
 * @param {State} state
 * @param {number} length
 * @param {number} from
 */
function closingTicks(state, length, from) {
  if (!state.ticks) {
    state.ticks = new Map();
    for (const run of [...state.source.matchAll(/`+/g)].reverse()) {
      const places = state.ticks.get(run[0].length) ?? [];
      state.ticks.set(run[0].length, places);
      places.push(run.index);
    }
  }
  const places = state.ticks.get(length) ?? [];
  while (places.length && places[places.length - 1] < from) places.pop();
  return places.at(-1);
}

/** @param {State} state */
function takeEmphasis(state) {
  const [run] = /** @type {RegExpExecArray} */ (match(state, /\*+|_+|~+/y));
  const before = state.source[state.position - 1] ?? " ";
  const after = state.source[state.position + run.length] ?? " ";
  const inWord = run[0] === "_";
  const usable = run[0] === "~" ? run.length === 2 : run.length <= 3;
  let left = run.length;
  if (usable && before.trim() && !(inWord && WORD.test(after))) left -= closeEmphasis(state, run[0], left);
  const opens = usable && after.trim() && !(inWord && WORD.test(before));
  if (opens && left >= 2) wait(state, run[0] + run[0]);
  if (opens && left % 2) wait(state, run[0]);
  if (!opens) pushText(state, run[0].repeat(left));
  return true;
}

/** @param {State} state @param {string} mark @param {number} available @returns {number} how many marks were used */
function closeEmphasis(state, mark, available) {
  let used = 0;
  while (used < available) {
    const single = mark === "~" ? -1 : nearest(state, mark);
    const double = available - used >= 2 ? nearest(state, mark + mark) : -1;
    if (single < 0 && double < 0) break;
    const delimiter = double > single ? mark + mark : mark;
    release(state, Math.max(single, double)).tag = TAGS[/** @type {keyof TAGS} */ (delimiter)];
    state.tokens.push(null);
    used += delimiter.length;
  }
  state.position += used;
  return used;
}

/** An image is shown as a link with its description. @param {State} state */
function takeImage(state) {
  return state.source[state.position + 1] === "[" && wait(state, "[", "![");
}

/** @param {State} state */
function takeLink(state) {
  const place = nearest(state, "[");
  if (place < 0) return false;
  const target = linkTarget(state);
  const mark = release(state, place);
  if (!target) return false;
  if (state.tokens.at(-1) === mark) state.tokens.push(target.href);
  mark.tag = "a";
  mark.href = safeHref(target.href);
  state.tokens.push(null);
  state.position = target.end;
  return true;
}

/**
 * `](address "title")` at the position.
 * @param {State} state
 * @returns {{href: string, end: number} | null}
 */
function linkTarget({ source, position, partial }) {
  if (source[position + 1] !== "(") return null;
  const address = /<([^<>\n]*)>|(?:[^\s()<>]+|\([^\s()<>]*\))*/y;
  address.lastIndex = position + 2;
  const found = /** @type {RegExpExecArray} */ (address.exec(source));
  const rest = /\s+(?:"[^"]*"|'[^']*'|\([^()]*\))\s*\)|\s*\)/y;
  rest.lastIndex = address.lastIndex;
  if (rest.test(source)) return { href: found[1] ?? found[0], end: rest.lastIndex };
  return partial && address.lastIndex === source.length ? { href: "", end: source.length } : null;
}

/** `<https://…>`, `<mail@…>` and the one tag that models like to write, `<br>`. @param {State} state */
function takeAngle(state) {
  const found = match(state, /<(?:(br) ?\/?|((?:https?:\/\/|mailto:)[^\s<>]+)|([\w.+-]+@[\w.-]+))>/iy);
  if (!found) return false;
  if (found[1]) state.tokens.push(h("br"));
  else pushLink(state, found[2] ?? found[3], found[2] ?? "mailto:" + found[3]);
  state.position += found[0].length;
  return true;
}

/** A bare web address. @param {State} state */
function takeAddress(state) {
  if (WORD.test(state.source[state.position - 1] ?? " ")) return false;
  const found = match(state, /https?:\/\/[^\s<>[\]"`]+/iy);
  const address = found && withoutTrailingMarks(found[0]);
  if (!address || !safeHref(address)) return false;
  pushLink(state, address, address);
  state.position += address.length;
  return true;
}

/** The sentence's own full stop or bracket does not belong to the address. @param {string} address */
function withoutTrailingMarks(address) {
  let surplus = address.split(")").length - address.split("(").length;
  let end = address.length;
  for (; end; end -= 1) {
    const last = address[end - 1];
    if (last === ")" && surplus > 0) surplus -= 1;
    else if (!".,;:!?'*_~".includes(last)) break;
  }
  return address.slice(0, end);
}

/** `name@host.tld` in plain text; the name was pushed already. @param {State} state */
function takeEmail(state) {
  const name = /[\w.+-]+$/.exec(state.source.slice(Math.max(0, state.position - 64), state.position))?.[0];
  const host = match(state, /@[\w-]+(?:\.[\w-]+)+/y)?.[0];
  const last = state.tokens.at(-1);
  if (!name || !host || typeof last !== "string" || !last.endsWith(name)) return false;
  state.tokens[state.tokens.length - 1] = last.slice(0, -name.length);
  pushLink(state, name + host, "mailto:" + name + host);
  state.position += host.length;
  return true;
}

/** @param {State} state @param {string} text @param {string} href */
function pushLink(state, text, href) {
  state.tokens.push({ text: "", tag: "a", href: safeHref(href) }, text, null);
}

/** @param {string} href @returns {string | null} an absolute address of a harmless kind */
function safeHref(href) {
  try {
    const url = new URL(href);
    return /^(?:https?|mailto):$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** @param {Token[]} tokens */
function build(tokens) {
  const fragment = document.createDocumentFragment();
  /** @type {(DocumentFragment | Element)[]} */
  const path = [fragment];
  let text = "";
  const flush = () => {
    const parent = path[path.length - 1];
    if (text) parent.append(text);
    text = "";
    return parent;
  };
  for (const token of tokens) {
    if (typeof token === "string") text += token;
    else if (token instanceof Node) flush().append(token);
    else if (token && !token.tag) text += token.text;
    else {
      const parent = flush();
      if (token) path.push(nest(parent, token, path.length));
      else path.pop();
    }
  }
  flush();
  return fragment;
}

/**
 * The element of a mark within its parent; the parent itself where no element may stand.
 * @param {DocumentFragment | Element} parent
 * @param {Mark} mark
 * @param {number} depth
 */
function nest(parent, { tag, href }, depth) {
  const inLink = tag === "a" && parent instanceof Element && parent.closest("a");
  if (depth > MAX_NESTING || inLink || (tag === "a" && !href)) return parent;
  const attributes = { href, target: "_blank", rel: "noopener noreferrer nofollow ugc" };
  const element = h(/** @type {"a"} */ (tag), tag === "a" ? attributes : {});
  parent.append(element);
  return element;
}
