// @ts-check
// Finding one's way in a long form: search, jump, open and close all, and two tabs on a telephone.

/**
 * @param {HTMLFormElement} form
 * @param {{search: HTMLInputElement, count: HTMLElement, toggle: HTMLButtonElement, toc: HTMLElement}} parts
 */
export function wireSections(form, { search, count, toggle, toc }) {
  const sections = [.../** @type {NodeListOf<HTMLDetailsElement>} */ (form.querySelectorAll("details.section"))];
  const find = () => {
    const text = search.value.trim().toLowerCase();
    let found = 0;
    for (const section of sections) {
      const whole = matches(section.querySelector("summary"), text);
      let any = whole;
      for (const field of section.querySelectorAll(".field, rows-field")) {
        const hit = (whole || matches(field, text)) && !field.closest("[data-unmet]");
        /** @type {HTMLElement} */ (field).classList.toggle("not-found", !hit && !field.closest("rows-field .field"));
        if (hit) found++;
        any ||= hit;
      }
      section.hidden = !any;
      if (text && any) section.open = true;
      const link = /** @type {HTMLElement | null} */ (toc.querySelector(`[href="#${section.id}"]`)?.parentElement);
      if (link) link.hidden = !any;
    }
    count.textContent = text ? `${found} ${found === 1 ? "field" : "fields"} found` : "";
  };
  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      search.value = "";
      find();
    } else if (event.key === "Enter") {
      event.preventDefault();
      const first = ".section:not([hidden]) .field:not(.not-found) :is(input, select, textarea)";
      /** @type {HTMLElement | null} */ (form.querySelector(first))?.focus();
    }
  });
  toggle.addEventListener("click", () => {
    const open = sections.some((section) => !section.open);
    for (const section of sections) section.open = open;
  });
  const name = () => void (toggle.textContent = sections.some((section) => !section.open) ? "Open all" : "Close all");
  form.addEventListener("toggle", name, { capture: true });
  toc.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a");
    const section = sections.find(({ id }) => `#${id}` === link?.getAttribute("href"));
    if (!section) return;
    section.open = true;
    event.preventDefault();
    section.scrollIntoView({ block: "start" });
    section.querySelector("summary")?.focus({ preventScroll: true });
  });
}

/** @param {Element | null} element @param {string} text */
function matches(element, text) {
  return !text || (element?.textContent ?? "").toLowerCase().includes(text);
}

/** @param {HTMLElement} list role=tablist; its tabs' aria-controls name the panes */
export function wireTabs(list) {
  const tabs = [.../** @type {NodeListOf<HTMLButtonElement>} */ (list.querySelectorAll("[role=tab]"))];
  /** @param {HTMLButtonElement} chosen */
  const choose = (chosen) => {
    for (const tab of tabs) {
      const pane = document.getElementById(tab.getAttribute("aria-controls") ?? "");
      tab.ariaSelected = String(tab === chosen);
      tab.tabIndex = tab === chosen ? 0 : -1;
      pane?.classList.toggle("pane--behind", tab !== chosen);
    }
  };
  list.addEventListener("click", (event) => {
    const tab = tabs.find((one) => one === /** @type {Element} */ (event.target).closest("[role=tab]"));
    if (tab) choose(tab);
  });
  list.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    const next = tabs.find((tab) => tab.ariaSelected !== "true") ?? tabs[0];
    choose(next);
    next.focus();
  });
  choose(tabs[0]);
}
