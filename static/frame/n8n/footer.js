// @ts-check
import { boot } from "../boot.js";
import { h } from "./dom.js";
import { showMarkdown } from "./markdown.js";
import { phrase } from "./strings.js";

/** The owner's disclaimer and our own name, below the composer. */
export class Footer {
  #disclaimer = h("div", { class: "disclaimer" });
  #brand = boot.brand && h("a", { href: boot.brand, target: "_blank", rel: "noopener" }, phrase("poweredBy"));
  element = h("footer", {}, this.#disclaimer, this.#brand);

  /** @param {Record<string, any>} config */
  update({ disclaimer }) {
    showMarkdown(this.#disclaimer, disclaimer || "");
    this.element.hidden = !disclaimer && !this.#brand;
  }
}
