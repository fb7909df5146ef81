// @ts-check
// Rows that can be picked: a box for all of them, and how many are. Without scripts each is picked by itself.

const all = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-pick-all]"));
const note = document.querySelector("[data-picked]");
const boxes = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll('[name="pick"]')]);

if (all && note && boxes.length) {
  const box = all;
  const line = note;
  const ordinary = note.textContent;

  const tell = () => {
    const count = boxes.filter((each) => each.checked).length;
    box.checked = count === boxes.length;
    box.indeterminate = count > 0 && count < boxes.length;
    line.textContent = count ? `${count} selected:` : ordinary;
    for (const each of boxes) each.closest("tr")?.classList.toggle("picked", each.checked);
  };

  box.hidden = false;
  box.addEventListener("change", () => {
    for (const each of boxes) each.checked = box.checked;
    tell();
  });
  document.addEventListener("change", tell);
  addEventListener("pageshow", tell); // the browser may have kept what was picked
}
