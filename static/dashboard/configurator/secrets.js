// @ts-check
import { toast } from "../toasts.js";
import { say } from "./gallery.js";
import { post } from "./server.js";

/** @typedef {{page: string, identity: string | null, seconds: number}} Typed see embed/views/preview_secrets.py */

/**
 * Secrets that the preview uses without their being stored. They leave this page once, and come back as a token.
 * @param {HTMLDialogElement} dialog
 * @param {{opener: HTMLElement, note: HTMLElement, url: string, use: (typed: Typed | null) => void,
 *   announce: (text: string) => void}} parts note: says that they are in use, with a button that ends it
 */
export function wireSecrets(dialog, { opener, note, url, use, announce }) {
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  const fields = [.../** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[data-kind]"))];
  const error = /** @type {HTMLElement} */ (dialog.querySelector(".error"));
  const again = /** @type {HTMLElement} */ (dialog.querySelector(".again"));
  let timer = 0;
  let asking = false;

  /** @param {string} told */
  const end = (told) => {
    clearTimeout(timer);
    note.hidden = true;
    use(null);
    toast(told);
  };
  /** @param {Typed} typed */
  const begin = (typed) => {
    clearTimeout(timer);
    timer = setTimeout(() => end("The typed secrets are no longer used. The preview has the stored ones."), typed.seconds * 1000);
    const until = new Date(Date.now() + typed.seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    const told = `The preview uses secrets that are not stored, until ${until}.`;
    /** @type {HTMLElement} */ (note.querySelector("p")).textContent = told;
    note.hidden = false;
    use(typed);
    announce(told);
  };
  /** @param {number} status @param {any} data */
  const refuse = (status, { login_url: login = "", errors = {}, message = "That did not work. Try again." }) => {
    /** @type {HTMLAnchorElement} */ (again.querySelector("a")).href = login;
    again.hidden = !login;
    for (const field of fields) field.ariaInvalid = String((field.dataset.label ?? "") in errors);
    const told = Object.entries(errors).map(([label, sentence]) => `${label}: ${sentence}`);
    const loggedOut = status === 401 ? "You are logged out. Log in again in another tab, then try again." : "";
    say(error, login ? "" : loggedOut || told.join(" ") || message);
    (fields.find((field) => field.ariaInvalid === "true") ?? fields[0]).focus();
  };
  const clear = () => {
    form.reset();
    again.hidden = true;
    say(error, "");
    for (const field of fields) field.ariaInvalid = null;
  };

  opener.addEventListener("click", () => dialog.showModal());
  dialog.addEventListener("close", clear);
  dialog.querySelector("[value=cancel]")?.addEventListener("click", () => dialog.close());
  note.querySelector("button")?.addEventListener("click", () => end("The preview has the stored secrets again."));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = fields.filter((field) => field.value.trim()).map((field) => [field.dataset.kind, field.value]);
    if (!typed.length) return refuse(0, { message: "Nothing is typed yet." });
    if (asking) return;
    asking = true;
    const { status, data } = await post(url, { secrets: Object.fromEntries(typed) });
    asking = false;
    if (!dialog.open) return; // cancelled in the meantime
    if (status !== 200) return refuse(status, data);
    dialog.close();
    begin(data);
  });
}
