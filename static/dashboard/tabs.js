// @ts-check
// <tab-set data-remember="name">: a list of links to the sections behind it becomes tabs. Without scripts it stays a list
// of links to sections. The browser remembers which one was used last.

class TabSet extends HTMLElement {
  /** @type {HTMLAnchorElement[]} */
  tabs = [];

  connectedCallback() {
    const list = /** @type {HTMLElement} */ (this.querySelector("ul"));
    this.tabs = [...list.querySelectorAll("a")];
    list.setAttribute("role", "tablist");
    for (const tab of this.tabs) this.prepare(tab);
    list.addEventListener("keydown", (event) => this.move(event));
    this.choose(this.named(location.hash) ?? this.named(this.remembered()) ?? this.tabs[0]);
    this.dataset.ready = "";
  }

  /** @param {HTMLAnchorElement} tab */
  prepare(tab) {
    const panel = this.panel(tab);
    tab.id = `${panel.id}-tab`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    /** @type {HTMLElement} */ (tab.parentElement).setAttribute("role", "presentation");
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      this.choose(tab);
      this.remember(tab.hash);
    });
  }

  /** @param {HTMLAnchorElement} chosen */
  choose(chosen) {
    for (const tab of this.tabs) {
      const selected = tab === chosen;
      tab.setAttribute("aria-selected", String(selected));
      tab.tabIndex = selected ? 0 : -1;
      this.panel(tab).hidden = !selected;
    }
  }

  /** @param {KeyboardEvent} event */
  move(event) {
    const here = this.tabs.indexOf(/** @type {HTMLAnchorElement} */ (event.target));
    const last = this.tabs.length - 1;
    /** @type {Record<string, number>} */
    const places = {
      ArrowRight: here === last ? 0 : here + 1,
      ArrowLeft: here === 0 ? last : here - 1,
      Home: 0,
      End: last,
    };
    if (here < 0 || !(event.key in places)) return;
    event.preventDefault();
    const tab = this.tabs[places[event.key]];
    tab.focus();
    tab.click();
  }

  /** @param {HTMLAnchorElement} tab */
  panel(tab) {
    return /** @type {HTMLElement} */ (document.getElementById(tab.hash.slice(1)));
  }

  /** @param {string} hash */
  named(hash) {
    return this.tabs.find((tab) => tab.hash === hash);
  }

  remembered() {
    try {
      return localStorage.getItem(this.dataset.remember ?? "") ?? "";
    } catch {
      return ""; // storage is switched off
    }
  }

  /** @param {string} hash */
  remember(hash) {
    try {
      localStorage.setItem(this.dataset.remember ?? "", hash);
    } catch {
      // then the first one is shown next time
    }
  }
}

customElements.define("tab-set", TabSet);
