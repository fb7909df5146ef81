// @ts-check
// A value in a table; a colour with what it looks like, as templates/widgets/_value.html has it.

/** @param {Element} place @param {string} text */
export function showValue(place, text) {
  place.replaceChildren(text);
  if (!/^#[0-9a-f]{6}$/i.test(text)) return;
  const swatch = document.createElement("span");
  swatch.className = "swatch";
  swatch.style.background = text;
  place.classList.add("colour");
  place.prepend(swatch);
}
