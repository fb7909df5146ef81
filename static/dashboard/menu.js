// @ts-check
// What the bars on every page need. A menu is a <details>: it closes with Escape, by a click elsewhere, and when the focus leaves it.

/** @type {NodeListOf<HTMLDetailsElement>} */
const menus = document.querySelectorAll("details.menu");

document.addEventListener("click", (event) => {
  for (const menu of menus) {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  }
});

for (const menu of menus) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(/** @type {Node} */ (event.relatedTarget))) menu.open = false;
  });
}

// On a telephone the places and the tabs scroll: the current one must be seen.
for (const here of document.querySelectorAll(".sections-row [aria-current], .tabs [aria-current]")) {
  here.scrollIntoView({ block: "nearest", inline: "center" });
}
