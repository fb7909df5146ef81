// @ts-check
// The picture of an icon beside its name, and a button that opens all of them. The text is the field.
import { drawingOf } from "./catalogue.js";
import { pick } from "./picker.js";
import { picture } from "./picture.js";

class IconField extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    if (!input || this.querySelector("button")) return; // moved along with its row
    input.removeAttribute("list"); // the picker shows the same names
    const button = document.createElement("button");
    button.type = "button";
    button.ariaHasPopup = "dialog";
    button.ariaLabel = `${input.labels?.[0]?.textContent ?? ""}: choose`;
    button.addEventListener("click", () => this.#open(input, button));
    input.addEventListener("input", () => this.#show(input, button));
    this.prepend(button);
    this.#show(input, button);
  }

  get names() {
    return [...this.querySelectorAll("option")].map(({ value }) => value);
  }

  /** @param {HTMLInputElement} input @param {HTMLButtonElement} button */
  #show(input, button) {
    const value = input.value.trim();
    const drawing = drawingOf(value, this.names);
    const unknown = Boolean(value) && !drawing;
    button.replaceChildren(drawing ? picture(drawing) : unknown ? "?" : "");
    input.setCustomValidity(unknown ? "There is no such icon." : ""); // half a name is not sent to the preview
  }

  /** @param {HTMLInputElement} input @param {HTMLButtonElement} button */
  async #open(input, button) {
    const { names } = this;
    const value = await pick({ names, none: "none" in this.dataset, value: input.value.trim(), beside: this });
    button.focus();
    if (value === null) return;
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

customElements.define("icon-field", IconField);
