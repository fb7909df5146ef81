// @ts-check

/**
 * Rows are drawn to their place by a grip. The buttons beside it do the same for a keyboard, so that it has no name.
 * @param {HTMLElement} list
 * @param {(row: Element) => void} moved a row was let go elsewhere
 */
export function wireGrips(list, moved) {
  list.addEventListener("pointerdown", (event) => {
    const row = /** @type {Element} */ (event.target).closest(".grip")?.closest(".row");
    if (!row || event.button) return;
    event.preventDefault(); // else it selects text
    draw(list, row, event.pointerId, moved);
  });
}

/** @param {HTMLElement} list @param {Element} row @param {number} pointer @param {(row: Element) => void} moved */
function draw(list, row, pointer, moved) {
  const before = [...list.children];
  const over = new AbortController();
  const { signal } = over;
  const end = () => {
    over.abort();
    row.classList.remove("row--held");
    if (list.children[before.indexOf(row)] !== row) moved(row);
  };
  const giveUp = () => {
    list.append(...before);
    end();
  };
  row.classList.add("row--held");
  list.setPointerCapture(pointer); // not the grip: what is taken out of the page loses it
  list.addEventListener("pointermove", ({ clientY }) => follow(row, clientY), { signal });
  list.addEventListener("pointerup", end, { signal });
  list.addEventListener("pointercancel", giveUp, { signal });
  addEventListener("keydown", ({ key }) => key === "Escape" && giveUp(), { signal });
}

/** The neighbours move, so that the row keeps what is in it as it is. @param {Element} row @param {number} y */
function follow(row, y) {
  const { previousElementSibling: above, nextElementSibling: below } = row;
  if (above && y < middle(above)) row.after(above);
  else if (below && y > middle(below)) row.before(below);
  else return;
  row.scrollIntoView({ block: "nearest" });
  follow(row, y); // a quick hand passes several
}

/** @param {Element} row */
function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}
