// @ts-check
// Parts of pages that other pages make: <lazy-fragment src="…"> shows one, a button with data-into="id" sends its form
// and shows the answer there. Without scripts, both are pages of their own. XMLHttpRequest parses HTML without a sink
// that Trusted Types forbid, and runs no script in it. The place tells of its new content by an event, "shown".

const announcer = /** @type {HTMLElement} */ (document.getElementById("announcer"));
const AWAY = "That did not work. Check your connection, or log in again in another tab, and try again.";

/**
 * @param {string} method
 * @param {string} url
 * @param {FormData} [body]
 * @returns {Promise<Element>} the part of the page that is meant
 */
function load(method, url, body) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.responseType = "document";
    request.onload = () => {
      const found = request.response?.querySelector("[data-fragment]");
      if (found) resolve(document.importNode(found, true));
      else reject(new Error(`HTTP ${request.status}`));
    };
    request.onerror = () => reject(new Error("no answer"));
    request.send(body);
  });
}

/** @param {Element} place @param {Element} fragment */
function show(place, fragment) {
  for (const button of fragment.querySelectorAll("[data-copy]")) button.removeAttribute("hidden");
  place.replaceChildren(fragment);
  place.dispatchEvent(new Event("shown", { bubbles: true }));
}

customElements.define(
  "lazy-fragment",
  class extends HTMLElement {
    async connectedCallback() {
      try {
        show(this, await load("GET", this.getAttribute("src") ?? ""));
      } catch {
        // What stands inside leads to the page itself.
      }
    }
  },
);

document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-into]");
  if (!(button instanceof HTMLButtonElement) || !button.form) return;
  event.preventDefault();
  if (button.ariaDisabled !== "true") send(button, button.form);
});

/** @param {HTMLButtonElement} button @param {HTMLFormElement} form */
async function send(button, form) {
  const place = /** @type {HTMLElement} */ (document.getElementById(button.dataset.into ?? ""));
  const data = new FormData(form, button); // before the button leaves with what it stands in
  const note = document.createElement("p");
  note.className = "soft";
  note.textContent = announcer.textContent = "Trying…";
  button.ariaDisabled = "true";
  const inside = place.contains(button);
  place.replaceChildren(note);
  try {
    const fragment = await load("POST", button.formAction, data);
    show(place, fragment);
    const heading = /** @type {HTMLElement | null} */ (fragment.querySelector("[data-announce]"));
    announcer.textContent = heading?.textContent ?? "";
    if (inside && heading) {
      heading.tabIndex = -1; // the button that had the focus is gone
      heading.focus();
    }
  } catch {
    note.textContent = announcer.textContent = AWAY;
  }
  button.ariaDisabled = null;
}
