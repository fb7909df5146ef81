// @ts-check
import { h, iconButton } from "./dom.js";
import { phrase } from "./strings.js";

/** Title, picture, the buttons to start over and to close. It asks before it starts over. */
export class Header {
  #title = h("h1", { dir: "auto" });
  #subtitle = h("p", { dir: "auto" });
  #avatar = h("div", { class: "avatar", "aria-hidden": "true" });
  #restart = iconButton("restart", phrase("restart"), () => this.#ask(true));
  #yes = h("button", { type: "button", class: "text" }, phrase("restart"));
  #no = h("button", { type: "button", class: "text quiet", click: () => this.#ask(false) }, phrase("cancel"));
  #question = h(
    "div",
    { class: "ask", role: "group", "aria-labelledby": "ask", hidden: true },
    h("p", { id: "ask" }, phrase("restartAsk")),
    h("div", {}, this.#no, this.#yes),
  );
  #close;
  #bar;

  /** @param {{restart: () => void, close: () => void}} actions */
  constructor({ restart, close }) {
    this.#close = iconButton("close", phrase("close"), close);
    this.#close.hidden = true;
    this.#yes.addEventListener("click", () => {
      this.#question.hidden = true;
      restart();
    });
    const titles = h("div", { class: "titles" }, this.#title, this.#subtitle);
    this.#bar = h("header", {}, this.#avatar, titles, this.#restart, this.#close);
    this.element = h("div", { class: "top" }, this.#bar, this.#question);
  }

  /** @param {boolean} asking */
  #ask(asking) {
    this.#question.hidden = !asking;
    (asking ? this.#yes : this.#restart).focus();
  }

  /** @param {Record<string, any>} config */
  update({ title, subtitle, header }) {
    const name = title || phrase("assistant");
    this.#title.textContent = name;
    this.#subtitle.textContent = subtitle || "";
    this.#subtitle.hidden = !subtitle;
    this.#bar.classList.toggle("bare", header?.enabled === false);
    const initial = [...name][0].toLocaleUpperCase();
    const error = () => this.#avatar.replaceChildren(initial);
    this.#avatar.replaceChildren(header?.avatar ? h("img", { src: header.avatar, alt: "", error }) : initial);
  }

  /** @param {boolean} closable */
  setClosable(closable) {
    this.#close.hidden = !closable;
  }

  /** @param {boolean} restartable */
  setRestartable(restartable) {
    this.#restart.hidden = !restartable;
  }

  /** Takes the question back. @returns {boolean} whether there was one */
  cancel() {
    const asking = !this.#question.hidden;
    if (asking) this.#ask(false);
    return asking;
  }
}
