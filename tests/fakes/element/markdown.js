// @ts-check
/** The Markdown that answers use: paragraphs, headings, lists, tables, code, links, bold, italic. */

import { h } from "./dom.js";

/** @param {string} text @returns {Node[]} */
export function markdown(text) {
  const lines = text.split("\n");
  const blocks = [];
  while (lines.length) {
    if (lines[0].trim()) blocks.push(takeBlock(lines));
    else lines.shift();
  }
  return blocks;
}

/** Takes the lines of one block off the front. @param {string[]} lines */
function takeBlock(lines) {
  if (lines[0].startsWith("```")) return takeCode(lines);
  if (/^\|.*\|/.test(lines[0]) && /^\|[\s:|-]+\|$/.test(lines[1] ?? "")) return takeTable(lines);
  if (/^\d+\. /.test(lines[0])) return h("ol", {}, ...takeItems(lines, /^\d+\. /));
  if (/^[-*] /.test(lines[0])) return h("ul", {}, ...takeItems(lines, /^[-*] /));
  if (/^#+ /.test(lines[0])) return h("h3", {}, ...inline(/** @type {string} */ (lines.shift()).replace(/^#+ /, "")));
  const paragraph = takeWhile(lines, (line) => line.trim() !== "" && !line.startsWith("```"));
  return h("p", {}, ...inline(paragraph.join("\n")));
}

/** @param {string[]} lines @param {(line: string) => boolean} test */
function takeWhile(lines, test) {
  const end = lines.findIndex((line) => !test(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

/** @param {string[]} lines */
function takeCode(lines) {
  lines.shift();
  const code = takeWhile(lines, (line) => !line.startsWith("```"));
  lines.shift();
  return h("pre", { tabindex: "0", role: "group", "aria-label": "Code" }, h("code", {}, code.join("\n")));
}

/** @param {string[]} lines @param {RegExp} marker */
function takeItems(lines, marker) {
  return takeWhile(lines, (line) => marker.test(line)).map((line) => h("li", {}, ...inline(line.replace(marker, ""))));
}

/** @param {string[]} lines */
function takeTable(lines) {
  const [head, , ...rows] = takeWhile(lines, (line) => line.startsWith("|")).map(cells);
  const headings = head.map((cell) => h("th", { scope: "col" }, ...inline(cell)));
  const body = rows.map((row) => h("tr", {}, ...row.map((cell) => h("td", {}, ...inline(cell)))));
  return h("table", {}, h("thead", {}, h("tr", {}, ...headings)), h("tbody", {}, ...body));
}

/** @param {string} line */
function cells(line) {
  return line
    .replace(/^\||\|\s*$/g, "")
    .split("|")
    .map((cell) => cell.trim());
}

const INLINE = /`([^`]+)`|\*\*(.+?)\*\*|\*(.+?)\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/gs;

/** @param {string} text @returns {(Node | string)[]} */
export function inline(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    parts.push(text.slice(end, found.index));
    const [whole, code, bold, italic, label, address] = found;
    if (code) parts.push(h("code", {}, code));
    else if (bold) parts.push(h("strong", {}, ...inline(bold)));
    else if (italic) parts.push(h("em", {}, ...inline(italic)));
    else parts.push(h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label));
    end = found.index + whole.length;
  }
  return [...parts, text.slice(end)];
}
