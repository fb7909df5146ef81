// @ts-check
import { say } from "./gallery.js";
import { post } from "./server.js";
import { showValue } from "./value.js";

const LIMIT = 256 * 1024; // bytes, as the server has it

/**
 * Brings a configuration in from a file: the server checks it, the admin sees what changes, and undo takes it back.
 * @param {{dialog: HTMLDialogElement, opener: HTMLButtonElement, url: string, flush: () => Promise<boolean>,
 *   apply: (values: any, told: string) => void}} parts
 */
export function wireFile({ dialog, opener, url, flush, apply }) {
  const input = /** @type {HTMLInputElement} */ (dialog.querySelector("input[type=file]"));
  const error = /** @type {HTMLElement} */ (dialog.querySelector(".error"));
  const changes = /** @type {HTMLElement} */ (dialog.querySelector(".file-changes"));
  const take = /** @type {HTMLButtonElement} */ (changes.querySelector("button"));
  /** @type {any} */
  let configuration = null;

  const reset = () => {
    input.value = "";
    say(error, "");
    changes.hidden = true;
  };
  opener.addEventListener("click", async () => {
    reset();
    dialog.showModal();
    await flush(); // what is exported, and compared with, is what is stored
  });
  input.addEventListener("change", async () => {
    const [file] = input.files ?? [];
    changes.hidden = true;
    if (!file) return;
    if (file.size > LIMIT) return say(error, "The file is larger than 256 KB. No configuration that was exported here is.");
    const content = await file.text().then(JSON.parse).catch(() => null);
    if (!content) return say(error, "This is not a JSON file.");
    const { status, data } = await post(url, content);
    if (status !== 200) return say(error, problem(data));
    say(error, "");
    configuration = data.configuration;
    show(changes, data.changes);
    take.hidden = !data.changes.length;
  });
  take.addEventListener("click", () => {
    dialog.close();
    apply(configuration, "The file is taken over.");
  });
}

/** @param {{message?: string, errors?: Record<string, string>}} data */
function problem({ message = "The file could not be read. Try again.", errors = {} }) {
  const told = Object.entries(errors).slice(0, 5).map(([path, sentence]) => `${path}: ${sentence}`);
  return [message, ...told].join(" ");
}

/** @param {HTMLElement} element @param {{label: string, before: string, after: string}[]} changes */
function show(element, changes) {
  const body = /** @type {HTMLTableSectionElement} */ (element.querySelector("tbody"));
  const cells = (/** @type {any} */ { label, before, after }) =>
    [label, before, after].map((text, index) => {
      const cell = document.createElement(index ? "td" : "th");
      showValue(cell, text);
      return cell;
    });
  body.replaceChildren(
    ...changes.map((change) => {
      const row = document.createElement("tr");
      row.append(...cells(change));
      return row;
    }),
  );
  const count = `${changes.length} ${changes.length === 1 ? "setting changes" : "settings change"}`;
  /** @type {HTMLElement} */ (element.querySelector("p")).textContent = changes.length ? count : "Nothing changes.";
  /** @type {HTMLElement} */ (element.querySelector(".table-scroll")).hidden = !changes.length;
  element.hidden = false;
}
