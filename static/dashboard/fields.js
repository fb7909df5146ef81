// @ts-check
// A swatch beside a colour's text, a slider beside a number. The text is the field; these only follow and lead it.

class Companion extends HTMLElement {
  /** @type {"color" | "range"} */
  kind = "color";

  connectedCallback() {
    const field = this.querySelector("input");
    if (!field || this.querySelector(`[type=${this.kind}]`)) return;
    const companion = document.createElement("input");
    companion.type = this.kind;
    companion.min = field.min;
    companion.max = field.max;
    companion.value = field.value;
    companion.tabIndex = this.kind === "range" ? -1 : 0; // the number itself has arrow keys
    const name = field.labels?.[0]?.textContent ?? "";
    companion.setAttribute("aria-label", this.kind === "color" ? `${name}: pick` : `${name}: slide`);
    companion.addEventListener("input", () => {
      field.value = companion.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    field.addEventListener("input", () => {
      companion.value = field.value;
    });
    if (this.kind === "color") this.prepend(companion);
    else this.append(companion);
  }
}

customElements.define("color-field", class extends Companion {});
customElements.define(
  "range-field",
  class extends Companion {
    /** @type {"range"} */
    kind = "range";
  },
);
