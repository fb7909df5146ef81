// @ts-check

/** Counts the answers that came while the visitor did not see the chat. */
export class Unread {
  #visible = false;
  #count = 0;
  #changed;

  /** @param {(count: number) => void} changed */
  constructor(changed) {
    this.#changed = changed;
  }

  add() {
    if (!this.#visible) this.#changed(++this.#count);
  }

  /** @param {boolean} visible */
  setVisible(visible) {
    this.#visible = visible;
    if (visible && this.#count) this.#changed((this.#count = 0));
  }
}
