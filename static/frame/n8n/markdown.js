// @ts-check
import { readFence, readHeading, readList, readQuote, readTable, splitBlocks } from "./blocks.js";
import { copyButton } from "./clipboard.js";
import { h } from "./dom.js";
import { inline } from "./inline.js";
import { phrase } from "./strings.js";

/** @typedef {import("./blocks.js").Block} Block */
/** @typedef {{key: string, kind: string, node: HTMLElement}} Drawn */

const MAX_DEPTH = 8; // lists and quotes within each other; deeper ones are shown as text

/** @type {WeakMap<Element, Drawn[]>} what stands in each target, so that a growing text only redraws its last block */
const DRAWN = new WeakMap();

/**
 * Shows Markdown in an element. Called again with a longer text, it touches only what changed.
 * @param {Element} target
 * @param {string} source
 * @param {boolean} [partial] more is to come
 */
export function showMarkdown(target, source, partial = false) {
  const before = DRAWN.get(target) ?? [];
  const blocks = splitBlocks(source.replace(/\r\n?/g, "\n").split("\n"));
  const after = blocks.map((block, i) => draw(block, before[i], partial && i === blocks.length - 1));
  after.forEach(({ node }, i) => {
    if (before[i]?.node === node) return;
    if (before[i]) before[i].node.replaceWith(node);
    else target.append(node);
  });
  for (const { node } of before.slice(after.length)) node.remove();
  DRAWN.set(target, after);
}

/** @param {Block} block @param {Drawn | undefined} old @param {boolean} partial @returns {Drawn} */
function draw(block, old, partial) {
  const key = (partial ? "…" : "") + block.lines.join("\n");
  if (old && old.kind === block.kind) {
    if (old.key === key) return old;
    // Code grows in place: its copy button keeps the focus and a selection stays.
    if (block.kind === "code" && old.node.dataset.language === readFence(block.lines).language) {
      codeOf(old.node).textContent = readFence(block.lines).code;
      return { ...old, key };
    }
  }
  return { key, kind: block.kind, node: drawBlock(block, 0, partial) };
}

/** @param {Block} block @param {number} depth @param {boolean} partial @returns {HTMLElement} */
function drawBlock({ kind, lines }, depth, partial) {
  // Each outer block finds its own direction; a block within would be left out of the search.
  const dir = depth === 0 && "auto";
  if (kind === "code") return drawCode(readFence(lines));
  if (kind === "rule") return h("hr");
  if (kind === "heading") return h("p", { class: "heading", dir }, h("strong", {}, inline(readHeading(lines[0]), partial)));
  if (kind === "table") return drawTable(readTable(lines), partial);
  if (kind === "list" && depth < MAX_DEPTH) return drawList(readList(lines), depth, partial);
  if (kind === "quote" && depth < MAX_DEPTH) {
    return h("blockquote", { dir }, ...drawBlocks(readQuote(lines), depth + 1, partial));
  }
  return h("p", { dir }, inline(lines.map((line) => line.trim()).join("\n"), partial));
}

/** @param {string[]} lines @param {number} depth @param {boolean} partial */
function drawBlocks(lines, depth, partial) {
  const blocks = splitBlocks(lines);
  return blocks.map((block, i) => drawBlock(block, depth, partial && i === blocks.length - 1));
}

/** @param {{language: string, code: string}} fence */
function drawCode({ language, code }) {
  const label = h("span", {}, language || phrase("code"));
  const body = h("pre", { tabindex: 0 }, h("code", {}, code));
  const box = h("div", { class: "code", dir: "ltr", "data-language": language }, label, body);
  label.after(copyButton(() => codeOf(box).textContent ?? "", phrase("copyCode")));
  return box;
}

/** @param {Element} box */
function codeOf(box) {
  return /** @type {Element} */ (box.querySelector("code"));
}

/** @param {{ordered: boolean, start: number, items: string[][]}} list @param {number} depth @param {boolean} partial */
function drawList({ ordered, start, items }, depth, partial) {
  const rows = items.map((lines, i) => {
    const task = /^\[([ xX])\] +/.exec(lines[0]);
    if (task) lines[0] = (task[1] === " " ? "☐ " : "☑ ") + lines[0].slice(task[0].length);
    return h("li", { class: task && "task" }, ...drawBlocks(lines, depth + 1, partial && i === items.length - 1));
  });
  const first = ordered && start !== 1 ? start : null;
  return h(ordered ? "ol" : "ul", { dir: depth === 0 && "auto", start: first }, ...rows);
}

/** @param {{head: string[], aligns: string[], rows: string[][]}} table @param {boolean} partial */
function drawTable({ head, aligns, rows }, partial) {
  /** @param {"th" | "td"} tag */
  const cell = (tag) => (/** @type {string} */ text, /** @type {number} */ i) =>
    h(tag, { class: aligns[i], scope: tag === "th" && "col" }, inline(text, partial));
  const body = rows.map((cells) => h("tr", {}, ...cells.slice(0, head.length).map(cell("td"))));
  const table = h("table", { dir: "auto" }, h("thead", {}, h("tr", {}, ...head.map(cell("th")))), h("tbody", {}, ...body));
  return h("div", { class: "table", role: "region", tabindex: 0, "aria-label": phrase("table") }, table);
}
