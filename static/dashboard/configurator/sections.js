// @ts-check
// Finding one's way in a long form: search, jump, open and close all, and on a telephone two tabs.

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
    if (!tab) return;
    choose(tab);
    if (tab !== tabs[0]) list.scrollIntoView({ block: "start" }); // what it shows takes all the screen
  });
  list.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    const next = tabs.find((tab) => tab.ariaSelected !== "true") ?? tabs[0];
    choose(next);
    next.focus();
  });
  choose(tabs[0]);
}

/** The picture above the settings on a telephone is put away or taken out again, which this tab remembers. @param {HTMLElement} pane @param {HTMLButtonElement} button */
export function wireFold(pane, button) {
  const KEY = "chatdock:preview-folded";
  const show = (/** @type {boolean} */ folded) => {
    pane.classList.toggle("pane--folded", folded);
    button.ariaExpanded = String(!folded);
    button.textContent = folded ? "Show the preview" : "Hide the preview";
  };
  button.addEventListener("click", () => {
    const folded = !pane.classList.contains("pane--folded");
    show(folded);
    remember(KEY, folded ? "yes" : "");
  });
  show(Boolean(remember(KEY)));
}

/** @param {string} key @param {string} [value] to be kept @returns {string | null} what is kept; a browser may refuse */
function remember(key, value) {
  try {
    if (value !== undefined) sessionStorage.setItem(key, value);
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}
