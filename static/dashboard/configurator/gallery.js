// @ts-check
import { post } from "./server.js";
import { sure } from "./sure.js";

/** @typedef {{name: string, values: Record<string, Record<string, any>>, id?: number}} Look */

/**
 * Looks to choose from: ready-made ones, the organization's own, those of its other widgets.
 * @param {import("./store.js").Store} store
 * @param {{dialog: HTMLDialogElement, opener: HTMLButtonElement, urls: {looksUrl: string, keepUrl: string},
 *   flush: () => Promise<boolean>, announce: (text: string) => void, apply: (values: any, told: string) => void}} parts
 */
export function wireGallery(store, { dialog, opener, urls, flush, announce, apply }) {
  const list = /** @type {HTMLElement} */ (dialog.querySelector(".looks"));
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector(".keep"));
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input"));
  const error = /** @type {HTMLElement} */ (dialog.querySelector(".error"));

  /** @type {string[]} */
  let taken = []; // names

  const take = (/** @type {Look} */ { name, values }) => {
    dialog.close();
    apply(merged(store.values, values), `The look is “${name}” now.`);
  };
  const remove = async (/** @type {Look} */ { id, name }) => {
    const told = "It is gone for everybody in the organization. Widgets that have this look keep it.";
    if (!(await sure({ question: `Delete “${name}”?`, told, deed: "Delete" }))) return;
    const { status, data } = await post(urls.keepUrl, { delete: id });
    if (status !== 200 && status !== 404) return say(error, problem(status, data));
    await draw();
    announce(`“${name}” is deleted.`);
  };
  const draw = async () => {
    const response = await fetch(urls.looksUrl, { redirect: "manual" }).catch(() => null);
    if (!response?.ok) return say(error, "The looks cannot be loaded. Reload the page.");
    const { ready, own, others } = await response.json();
    taken = own.map((/** @type {Look} */ { name }) => name);
    say(error, "");
    const held = list.contains(document.activeElement) ? document.activeElement?.textContent : null;
    list.replaceChildren(
      ...group("Ready-made", ready, take),
      ...group("Your own", own, take, remove),
      ...group("Of your other widgets", others, take),
    );
    const buttons = [...list.querySelectorAll("button")];
    if (held) (buttons.find((one) => one.textContent === held) ?? buttons[0])?.focus();
  };

  opener.addEventListener("click", async () => {
    list.replaceChildren(); // what stood there last time would change under the pointer
    dialog.showModal();
    await draw();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!(await flush())) return say(error, "The draft cannot be saved yet. Look at the marked fields first.");
    const name = input.value.trim();
    const told = "Widgets that have the look of now keep it.";
    if (taken.includes(name) && !(await sure({ question: `Replace “${name}”?`, told, deed: "Replace" }))) return;
    const { status, data } = await post(urls.keepUrl, { name });
    if (status !== 200) return say(error, problem(status, data));
    await draw();
    input.value = "";
    announce(`Kept as “${name}”`);
  });
}

/** @param {any} values @param {any} look parts of them @returns {any} what the configuration does not know is left out */
export function merged(values, look) {
  const result = structuredClone(values);
  for (const [name, value] of Object.entries(look)) {
    if (!(name in result)) continue;
    const branch = value && typeof value === "object" && !Array.isArray(value);
    result[name] = branch ? merged(result[name], value) : structuredClone(value);
  }
  return result;
}

/** @param {number} status @param {{message?: string}} data */
function problem(status, { message }) {
  if (status === 401) return "You are logged out. Log in again in another tab, then try again.";
  return message ?? "That did not work. Try again.";
}

/** @param {HTMLElement} element @param {string} text */
export function say(element, text) {
  element.textContent = text;
  element.hidden = !text;
}

/** @param {string} title @param {Look[]} looks @param {(look: Look) => void} apply @param {(look: Look) => void} [remove] */
function group(title, looks, apply, remove) {
  if (!looks.length) return [];
  const heading = document.createElement("h3");
  heading.append(title);
  const list = document.createElement("ul");
  list.className = "look-list";
  for (const look of looks) {
    const line = document.createElement("li");
    line.append(button(look.name, () => apply(look), swatches(look)));
    if (remove) line.append(button(`Delete ${look.name}`, () => remove(look)));
    list.append(line);
  }
  return [heading, list];
}

/** @param {string} text @param {() => void} act @param {...Node} before */
function button(text, act, ...before) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button--quiet button--small";
  made.append(...before, text);
  made.addEventListener("click", act);
  return made;
}

/** @param {Look} look */
function swatches({ values }) {
  const strip = document.createElement("span");
  strip.className = "look-swatches";
  strip.ariaHidden = "true";
  const { theme = {}, launcher = {} } = values;
  for (const color of [launcher.color, theme.accent?.primary ?? theme.accent, launcher.ink]) {
    if (typeof color !== "string") continue;
    const swatch = document.createElement("span");
    swatch.style.background = color;
    strip.append(swatch);
  }
  return strip;
}
