// @ts-check

// Splits Markdown into blocks of lines. Each line is looked at a fixed number of times: linear time per nesting level.

/** @typedef {{kind: string, lines: string[]}} Block */
/** @typedef {{indent: number, content: number, ordered: boolean, number: number, text: string}} Marker */

const FENCE = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const QUOTE = /^ {0,3}> ?(.*)$/;
const MARKER = /^([ \t]*)([-*+]|(\d{1,9})[.)])(?:([ \t]+)(.*))?$/;
const DELIMITER = /^:?-+:?$/;

/**
 * The kinds in the order in which they are tried: does one begin at line `i`, and before which line does it end?
 * @type {[string, (lines: string[], i: number) => boolean, (lines: string[], i: number) => number][]}
 */
const KINDS = [
  ["code", (lines, i) => FENCE.test(lines[i]), fenceEnd],
  ["heading", (lines, i) => HEADING.test(lines[i]), (_, i) => i + 1],
  ["rule", (lines, i) => RULE.test(lines[i]), (_, i) => i + 1],
  ["quote", (lines, i) => QUOTE.test(lines[i]), quoteEnd],
  ["list", (lines, i) => MARKER.test(lines[i]), listEnd],
  ["table", tableStarts, tableEnd],
];

/**
 * @param {string[]} lines
 * @returns {Block[]}
 */
export function splitBlocks(lines) {
  const blocks = [];
  for (let i = 0; i < lines.length; ) {
    if (!lines[i].trim()) {
      i += 1;
      continue;
    }
    const [kind, , ends] = KINDS.find(([, starts]) => starts(lines, i)) ?? ["text", null, textEnd];
    const end = ends(lines, i);
    blocks.push({ kind, lines: lines.slice(i, end) });
    i = end;
  }
  return blocks;
}

/** @param {string[]} lines @param {number} i */
function fenceEnd(lines, i) {
  const fence = /** @type {RegExpExecArray} */ (FENCE.exec(lines[i]))[1];
  for (let j = i + 1; j < lines.length; j += 1) if (closesFence(lines[j], fence)) return j + 1;
  return lines.length;
}

/** @param {string} line @param {string} fence */
function closesFence(line, fence) {
  const found = FENCE.exec(line);
  return !!found && found[1].startsWith(fence) && !found[2].trim();
}

/** @param {string[]} lines @returns {{language: string, code: string}} */
export function readFence(lines) {
  const [, fence, info] = /** @type {RegExpExecArray} */ (FENCE.exec(lines[0]));
  const closed = lines.length > 1 && closesFence(lines[lines.length - 1], fence);
  return { language: info.trim().split(/\s/)[0], code: lines.slice(1, closed ? -1 : undefined).join("\n") };
}

/** @param {string} line @returns its text without the hashes around it */
export function readHeading(line) {
  return (HEADING.exec(line)?.[2] ?? "").trim().replace(/ #{1,6}$/, "");
}

/** @param {string[]} lines @param {number} i */
function quoteEnd(lines, i) {
  while (i < lines.length && QUOTE.test(lines[i])) i += 1;
  return i;
}

/** @param {string[]} lines */
export function readQuote(lines) {
  return lines.map((line) => /** @type {RegExpExecArray} */ (QUOTE.exec(line))[1]);
}

/** @param {string} line @returns {Marker | null} */
function readMarker(line) {
  const found = MARKER.exec(line);
  if (!found) return null;
  const indent = width(found[1]);
  const content = indent + found[2].length + Math.min(width(found[4] ?? " "), 4);
  return { indent, content, ordered: !!found[3], number: Number(found[3] ?? 0), text: found[5] ?? "" };
}

/** @param {string} blank spaces and tabs @returns {number} columns, a tab being four */
function width(blank) {
  return blank.length + 3 * (blank.split("\t").length - 1);
}

/** @param {string} line */
function indentOf(line) {
  return width(/** @type {RegExpExecArray} */ (/^[ \t]*/.exec(line))[0]);
}

/**
 * A list goes on with items of its kind, with indented lines and with lines that follow without a gap.
 * @param {string[]} lines
 * @param {number} i
 */
function listEnd(lines, i) {
  const first = /** @type {Marker} */ (readMarker(lines[i]));
  let end = i + 1;
  for (let j = end; j < lines.length; j += 1) {
    if (!lines[j].trim()) continue;
    if (indentOf(lines[j]) < first.indent + 2 && !continuesList(lines, j, first, j > end)) break;
    end = j + 1;
  }
  return end;
}

/** @param {string[]} lines @param {number} j @param {Marker} first @param {boolean} gap is the line before blank? */
function continuesList(lines, j, first, gap) {
  if (RULE.test(lines[j])) return false;
  const marker = readMarker(lines[j]);
  if (marker) return marker.ordered === first.ordered;
  return !gap && !startsBlock(lines, j);
}

/**
 * @param {string[]} lines of one list
 * @returns {{ordered: boolean, start: number, items: string[][]}} each item as lines without their indentation
 */
export function readList(lines) {
  const first = /** @type {Marker} */ (readMarker(lines[0]));
  /** @type {string[][]} */
  const items = [];
  let content = 0;
  for (const line of lines) {
    const marker = readMarker(line);
    if (marker && (marker.indent < first.indent + 2 || !items.length)) {
      content = marker.content;
      items.push([marker.text]);
    } else items[items.length - 1].push(unindent(line, content));
  }
  return { ordered: first.ordered, start: first.number, items };
}

/** @param {string} line @param {number} columns at most so many are removed */
function unindent(line, columns) {
  let i = 0;
  for (let seen = 0; seen < columns && (line[i] === " " || line[i] === "\t"); i += 1) seen += line[i] === "\t" ? 4 : 1;
  return line.slice(i);
}

/** @param {string[]} lines @param {number} i */
function tableStarts(lines, i) {
  if (!lines[i].includes("|") || !lines[i + 1]?.includes("-")) return false;
  const delimiters = readRow(lines[i + 1]);
  return delimiters.every((cell) => DELIMITER.test(cell)) && readRow(lines[i]).length === delimiters.length;
}

/** @param {string[]} lines @param {number} i */
function tableEnd(lines, i) {
  let end = i + 2;
  while (end < lines.length && lines[end].includes("|")) end += 1;
  return end;
}

/** @param {string} line @returns {string[]} its cells; `\|` is a character of a cell */
function readRow(line) {
  const cells = line.trim().replace(/\\\|/g, "\0").replace(/^\|/, "").split("|");
  if (cells.length > 1 && !cells[cells.length - 1].trim()) cells.pop();
  return cells.map((cell) => cell.trim().replace(/\0/g, "|"));
}

/** @param {string[]} lines @returns {{head: string[], aligns: string[], rows: string[][]}} */
export function readTable(lines) {
  const aligns = readRow(lines[1]).map((cell) => {
    if (!cell.endsWith(":")) return "";
    return cell.startsWith(":") ? "center" : "end";
  });
  return { head: readRow(lines[0]), aligns, rows: lines.slice(2).map(readRow) };
}

/** @param {string[]} lines @param {number} i */
function textEnd(lines, i) {
  i += 1;
  while (i < lines.length && lines[i].trim() && !startsBlock(lines, i)) i += 1;
  return i;
}

/** May this line interrupt a paragraph? A number in running text ("in\n2024.") may not. @param {string[]} lines @param {number} i */
function startsBlock(lines, i) {
  const marker = readMarker(lines[i]);
  if (marker) return !!marker.text && (!marker.ordered || marker.number === 1);
  return KINDS.some(([, starts]) => starts(lines, i));
}
