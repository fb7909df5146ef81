// @ts-check
// The one dialog in which all icon fields choose.
import { iconsOf, isLoaded, load, matching, takesLucide } from "./catalogue.js";
import { step } from "./grid.js";
import { picture } from "./picture.js";
import { place } from "./place.js";

/** @typedef {import("./catalogue.js").Icon} Icon */
/**
 * @typedef {{names: string[], none: boolean, value: string, beside: Element}} Asked names: those to choose from; none: or
 *   no icon
 */

const byId = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
/** @type {HTMLDialogElement} */
const dialog = byId("icons");
/** @type {HTMLInputElement} */
const search = byId("icons-search");
/** @type {HTMLElement} */
const list = byId("icons-list");
/** @type {HTMLButtonElement} */
const more = byId("icons-more");
const AT_ONCE = 120;
const AWAY = "Lucide’s icons could not be loaded. Check your connection, and open this again.";

/** @type {Asked} */
let asked = { names: [], none: false, value: "", beside: dialog };
/** @type {string | null} */
let chosen = null;
/** @type {(name: string | null) => void} */
let answer = () => {};
let most = AT_ONCE;
let away = false;

/** @param {Asked} question @returns {Promise<string | null>} the name of an icon, "" for none, null: it stays as it is */
export function pick(question) {
  answer(chosen); // to the question before, if nobody has been told of its end yet
  [asked, chosen, search.value] = [question, null, ""];
  dialog.showModal();
  place(dialog, asked.beside);
  begin();
  if (!isLoaded()) complete();
  return new Promise((resolve) => {
    answer = resolve;
  });
}

// The browser tells of a closing a moment later: the next question may be open by then.
dialog.addEventListener("close", () => dialog.open || answer(chosen));

async function complete() {
  away = await load().then(() => false, () => takesLucide(asked.names));
  const held = optionOf(document.activeElement);
  draw();
  if (held) options().find(({ dataset }) => dataset.value === held.dataset.value)?.focus();
}

function begin() {
  most = AT_ONCE;
  draw();
  /** @type {HTMLElement} */ (list.parentElement).scrollTop = 0;
}

function draw() {
  const { own, lucide } = iconsOf(asked.names);
  const found = [own, lucide].map((icons) => matching(icons, search.value));
  let room = most;
  for (const [index, group] of [...list.children].entries()) {
    const drawn = found[index].slice(0, room).map(({ value, drawing }) => option(value, picture(drawing)));
    room -= drawn.length;
    if (index === 0 && asked.none && !search.value) drawn.unshift(option("", "None"));
    group.replaceChildren(/** @type {Element} */ (group.firstElementChild), ...drawn);
    /** @type {HTMLElement} */ (group).hidden = !drawn.length;
  }
  const total = found.flat().length;
  list.hidden = !options().length;
  byId("icons-none").hidden = !list.hidden;
  more.hidden = total <= most;
  byId("icons-count").textContent = away ? AWAY : told(total, Math.min(total, most));
  point(options().find((one) => one.ariaSelected === "true") ?? options()[0]);
}

/** @param {number} total @param {number} drawn */
function told(total, drawn) {
  const all = `${total.toLocaleString("en")} ${total === 1 ? "icon" : "icons"}`;
  return drawn < total ? `${drawn} of ${all}: narrow the search` : all;
}

/** @param {string} value @param {Node | string} content */
function option(value, content) {
  const made = document.createElement("div");
  made.role = "option";
  made.dataset.value = value;
  if (value) made.title = value;
  made.tabIndex = -1;
  made.ariaSelected = String(value === asked.value);
  made.append(content);
  return made;
}

/** @returns {HTMLElement[]} */
function options() {
  return [...list.querySelectorAll("[role=option]")].map((one) => /** @type {HTMLElement} */ (one));
}

/** The one that Tab goes to, and whose name is told. @param {HTMLElement | undefined} one */
function point(one) {
  for (const other of options()) other.tabIndex = other === one ? 0 : -1;
  tell(one);
}

/** @param {HTMLElement | undefined} one */
function tell(one) {
  byId("icons-name").textContent = one ? one.title || one.textContent : "";
}

function pointed() {
  return options().find((one) => one.tabIndex === 0);
}

/** @param {HTMLElement | undefined} one */
function choose(one) {
  if (!one) return;
  chosen = one.dataset.value ?? "";
  dialog.close();
}

/** @param {Event} event @returns {HTMLElement | undefined} */
function optionAt(event) {
  return optionOf(/** @type {Element} */ (event.target));
}

/** @param {Element | null} element @returns {HTMLElement | undefined} */
function optionOf(element) {
  return /** @type {HTMLElement | null | undefined} */ (element?.closest("[role=option]")) ?? undefined;
}

addEventListener("resize", () => dialog.open && place(dialog, asked.beside));
search.addEventListener("input", begin);
search.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") pointed()?.focus();
  else if (event.key !== "Enter") return;
  else if (search.value) choose(pointed()); // the first that was found
  event.preventDefault();
});
list.addEventListener("focusin", (event) => point(optionAt(event)));
list.addEventListener("mouseover", (event) => tell(optionAt(event) ?? pointed()));
list.addEventListener("mouseleave", () => tell(pointed()));
list.addEventListener("click", (event) => choose(optionAt(event)));
list.addEventListener("keydown", (event) => {
  const from = optionAt(event);
  if (!from) return;
  if (event.key === "Enter" || event.key === " ") choose(from);
  else if (isTyped(event)) return search.focus(); // what is typed goes there
  else if (!step(options(), from, event.key, search)) return;
  event.preventDefault();
});
more.addEventListener("click", () => {
  const before = options().length;
  most += AT_ONCE;
  draw();
  options()[before]?.focus();
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close(); // beside it
});

/** @param {KeyboardEvent} event */
function isTyped({ key, ctrlKey, metaKey, altKey }) {
  return key.length === 1 && !ctrlKey && !metaKey && !altKey;
}
