// @ts-check
import { h, icon, iconButton } from "./dom.js";
import { phrase, phraseBytes } from "./strings.js";

/** @typedef {{enabled: boolean, maxCount: number, maxBytes: number, accept: string[]}} Rules  maxBytes: of each file */

/** The files that go with the next message. The server checks them again, by their content. */
export class Attachments {
  /** @type {Rules} */
  #rules = { enabled: false, maxCount: 0, maxBytes: 0, accept: [] };
  /** @type {File[]} */
  #files = [];
  #changed;

  list = h("ul", { class: "chips", hidden: true, "aria-label": phrase("fileAttached") });
  input = h("input", { type: "file", multiple: true, hidden: true, tabindex: -1 });
  button = iconButton("clip", phrase("fileAttach"), () => this.input.click(), "icon attach");

  /** @param {(problem: string) => void} changed told what is wrong with a file, or "" */
  constructor(changed) {
    this.#changed = changed;
    this.input.addEventListener("change", () => {
      this.add(this.input.files ?? []);
      this.input.value = ""; // the same file may be chosen again
    });
  }

  get enabled() {
    return this.#rules.enabled;
  }

  get count() {
    return this.#files.length;
  }

  /** @param {Iterable<File>} added */
  add(added) {
    let problem = "";
    for (const file of added) {
      const fault = findFault(file, this.count, this.#rules);
      if (!fault) this.#files.push(file);
      problem ||= fault;
    }
    this.#draw();
    this.#changed(problem);
  }

  /** @param {File} file */
  #remove(file) {
    this.#files = this.#files.filter((other) => other !== file);
    this.#draw();
    this.#changed("");
    (this.list.querySelector("button") ?? this.button).focus();
  }

  /** @returns {File[]} all of them; none are left */
  take() {
    const files = this.#files;
    this.#files = [];
    this.#draw();
    return files;
  }

  #draw() {
    this.list.replaceChildren(...this.#files.map((file) => createChip(file, () => this.#remove(file))));
    this.list.hidden = !this.count;
  }

  /** @param {Rules} rules */
  update(rules) {
    this.#rules = rules;
    this.button.hidden = !rules.enabled;
    this.input.accept = rules.accept.join(",");
  }
}

/** @param {File} file @param {() => void} remove */
function createChip(file, remove) {
  return h(
    "li",
    {},
    icon("file"),
    h("bdi", { title: file.name }, file.name),
    h("small", {}, phraseBytes(file.size)),
    iconButton("close", phrase("fileRemove", { name: file.name }), remove, "icon small"),
  );
}

/** @param {File} file @param {number} count @param {Rules} rules @returns {string} why it cannot be attached, or "" */
function findFault(file, count, { maxCount, maxBytes, accept }) {
  if (count >= maxCount) return phrase("fileCount", { count: maxCount });
  if (file.size > maxBytes) return phrase("fileSize", { name: file.name, size: phraseBytes(maxBytes) });
  return isAccepted(file, accept) ? "" : phrase("fileKind", { name: file.name });
}

/** @param {File} file @param {string[]} accept media types, also `image/*`; none: all */
function isAccepted({ name, type }, accept) {
  // Where the type says nothing the server decides; Windows calls a CSV file an Excel sheet.
  if (!accept.length || !type || type === "application/octet-stream") return true;
  const kind = /\.csv$/i.test(name) ? "text/csv" : type;
  return accept.some((wanted) => wanted === "*/*" || wanted === kind || wanted === kind.replace(/\/.*/, "/*"));
}
