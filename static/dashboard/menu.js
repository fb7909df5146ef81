// @ts-check
// What the bars on every page need. A menu is a <details>: it closes with Escape, by a click elsewhere (in a frame too),
// and when the focus leaves it, to a dialog for one.

/** @type {NodeListOf<HTMLDetailsElement>} */
const menus = document.querySelectorAll("details:is(.menu, .more)");

/** @param {Node | null} place what lies in it stays open */
function closeAround(place) {
  for (const menu of menus) if (!menu.contains(place)) menu.open = false;
}

for (const event of ["click", "focusin"]) {
  document.addEventListener(event, ({ target }) => closeAround(/** @type {Node} */ (target)));
}
addEventListener("blur", () => {
  // A frame of ours has the focus then, which Firefox knows a moment later. Safari never makes it the active element.
  setTimeout(() => document.hasFocus() && closeAround(null));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  for (const menu of menus) {
    if (!menu.open) continue;
    menu.open = false;
    if (menu.contains(document.activeElement) || document.activeElement === document.body) menu.querySelector("summary")?.focus();
  }
});

// On a telephone the places and the tabs scroll: the current one must be seen.
for (const here of document.querySelectorAll(".sections-row [aria-current], .tabs [aria-current]")) {
  here.scrollIntoView({ block: "nearest", inline: "center" });
}
