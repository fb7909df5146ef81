// @ts-check
// Times are read in the zone of the person who types them: <time-zone> tells it and sends it along.

customElements.define(
  "time-zone",
  class extends HTMLElement {
    connectedCallback() {
      const field = /** @type {HTMLInputElement} */ (this.querySelector("input"));
      const name = /** @type {HTMLElement} */ (this.querySelector("[data-zone]"));
      field.value = name.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
    }
  },
);
