// @ts-check
// A list of entries that can be added, moved and removed. The server reads them in the order of the page.
import { wireGrips } from "./drag.js";

const INDEX = "__index__";
const announcer = /** @type {HTMLElement} */ (document.getElementById("announcer"));

class RowsField extends HTMLElement {
  /** The index of the next new row; indexes of removed rows are not used again. */
  next = 0;

  get list() {
    return /** @type {HTMLElement} */ (this.querySelector(".rows-list"));
  }

  get add() {
    return /** @type {HTMLButtonElement} */ (this.querySelector(".rows-add"));
  }

  connectedCallback() {
    this.next = this.list.children.length;
    for (const row of this.list.children) row.querySelector(".row-actions")?.removeAttribute("hidden");
    this.add.addEventListener("click", () => this.addRow());
    this.list.addEventListener("click", (event) => this.act(/** @type {Element} */ (event.target)));
    this.list.addEventListener("input", () => this.refresh(), { capture: true });
    wireGrips(this.list, (row) => this.moved(row));
    this.refresh();
  }

  addRow() {
    const row = this.appendRow();
    /** @type {HTMLElement | null} */ (row.querySelector("input:not([type=hidden]), textarea, select"))?.focus();
    this.changed("Added");
  }

  /** For whoever fills the rows afterwards. @param {number} count */
  setCount(count) {
    while (this.list.children.length > count) this.list.lastElementChild?.remove();
    while (this.list.children.length < count) this.appendRow();
    this.refresh();
  }

  appendRow() {
    const template = /** @type {HTMLTemplateElement} */ (this.querySelector("template"));
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    number(copy, String(this.next));
    this.next += 1;
    copy.querySelector(".row-actions")?.removeAttribute("hidden");
    this.list.append(copy);
    return /** @type {HTMLElement} */ (this.list.lastElementChild);
  }

  /** @param {Element} target */
  act(target) {
    const button = target.closest("button");
    const row = button?.closest(".row");
    if (!button || !row) return;
    if (button.dataset.move) this.move(row, button);
    else if ("remove" in button.dataset) this.removeRow(row);
  }

  /** @param {Element} row @param {HTMLButtonElement} button */
  move(row, button) {
    if (button.dataset.move === "1") row.nextElementSibling?.after(row);
    else row.previousElementSibling?.before(row);
    button.focus(); // moving a node takes the focus away
    this.moved(row);
  }

  /** @param {Element} row */
  moved(row) {
    this.changed(`Moved to place ${[...this.list.children].indexOf(row) + 1}`);
  }

  /** @param {Element} row */
  removeRow(row) {
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    this.changed("Removed");
    const next = neighbour?.querySelector("[data-remove]") ?? this.add;
    /** @type {HTMLElement} */ (next).focus();
  }

  /** @param {string} what */
  changed(what) {
    announcer.textContent = what;
    this.refresh();
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  refresh() {
    this.add.hidden = this.list.children.length >= Number(this.dataset.most);
    [...this.list.children].forEach((row, index) => this.name(row, `${index + 1}`));
  }

  /** What tells the rows and their buttons apart. @param {Element} row @param {string} place */
  name(row, place) {
    const first = /** @type {HTMLInputElement | HTMLSelectElement} */ (row.querySelector("[data-type]"));
    const text = first instanceof HTMLSelectElement ? first.selectedOptions[0]?.text : first.value;
    const called = text?.trim() || place;
    for (const button of row.querySelectorAll(".row-actions button")) {
      button.ariaLabel = `${button.ariaLabel?.split(":")[0]}: ${called}`;
    }
    const legend = /** @type {HTMLElement} */ (row.querySelector("legend"));
    legend.textContent = `${this.querySelector("h3")?.textContent}: ${called}`;
  }
}

/**
 * @param {DocumentFragment} copy
 * @param {string} index
 */
function number(copy, index) {
  for (const element of copy.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (value.includes(INDEX)) element.setAttribute(name, value.replace(INDEX, index));
    }
  }
}

customElements.define("rows-field", RowsField);
