// @ts-check
// The command palette: Control or Command and K, or the button. A combobox over what the server finds.

/** @typedef {{label: string, note?: string, path?: string, press?: string, value?: string}} Item */
/** @typedef {{label: string, items: Item[]}} Group */

const byId = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
/** @type {HTMLDialogElement} */
const dialog = byId("palette");
/** @type {HTMLInputElement} */
const input = byId("palette-input");
/** @type {HTMLElement} */
const list = byId("palette-list");
/** @type {HTMLElement} */
const note = byId("palette-note");
const PAUSE = 120; // ms between the last key and asking
const AWAY = "No answer. Check your connection, or log in again in another tab.";

/** @type {Map<Element, Item>} */
const items = new Map();
let asked = 0;
let timer = 0;

byId("palette-open").hidden = false;
byId("palette-open").addEventListener("click", open);
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (dialog.open) dialog.close();
  else open();
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close(); // beside it
});
input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
});
input.addEventListener("keydown", (event) => {
  const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1 });
  if (event.key in steps) step(steps[event.key]);
  else if (event.key === "Enter") choose(current());
  else return;
  event.preventDefault();
});
list.addEventListener("mousemove", (event) => point(optionAt(event)));
list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the input
list.addEventListener("click", (event) => choose(optionAt(event)));

function open() {
  if (document.querySelector("dialog[open]")) return; // one at a time
  input.value = "";
  dialog.showModal();
  ask();
}

async function ask() {
  clearTimeout(timer);
  const mine = ++asked;
  const url = new URL(dialog.dataset.url ?? "", location.href);
  url.searchParams.set("q", input.value);
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    const { groups } = await answer.json();
    if (mine === asked) show(groups);
  } catch {
    if (mine !== asked) return;
    show([]);
    note.textContent = AWAY;
  }
}

/** @param {Group[]} groups */
function show(groups) {
  items.clear();
  list.replaceChildren(...groups.map(drawGroup));
  note.textContent = items.size ? `${items.size} found` : "Nothing is called that.";
  point([...items.keys()][0]);
}

/** @param {Group} group */
function drawGroup(group) {
  const box = element("div", "palette-group");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", group.label);
  const heading = element("div", "palette-heading", group.label);
  heading.setAttribute("role", "presentation");
  heading.setAttribute("aria-hidden", "true");
  box.append(heading, ...group.items.map(drawItem));
  return box;
}

/** @param {Item} item */
function drawItem(item) {
  const option = element("div", "palette-option", item.label);
  option.id = `palette-${items.size}`;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  if (item.note) option.append(" ", element("span", "soft", item.note));
  items.set(option, item);
  return option;
}

/** @param {string} tag @param {string} className @param {string} [text] */
function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** @param {Event} event */
function optionAt(event) {
  return /** @type {Element} */ (event.target).closest('[role="option"]') ?? undefined;
}

function current() {
  return list.querySelector('[aria-selected="true"]') ?? undefined;
}

/** @param {number} by */
function step(by) {
  const options = [...items.keys()];
  const here = options.indexOf(/** @type {Element} */ (current()));
  point(options.at((here + by) % options.length));
}

/** @param {Element | undefined} option */
function point(option) {
  const before = current();
  if (option && option === before) return;
  before?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

/** @param {Element | undefined} option */
function choose(option) {
  const item = option && items.get(option);
  if (!item) return;
  dialog.close();
  if (item.path) location.assign(item.path);
  else if (item.value) themeButton(item.value)?.click();
  else byId(item.press ?? "")?.requestSubmit();
}

/** @param {string} theme @returns {HTMLButtonElement | null} */
function themeButton(theme) {
  return document.querySelector(`[data-theme-form] button[value="${CSS.escape(theme)}"]`);
}
