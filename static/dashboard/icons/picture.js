// @ts-check

const SVG = "http://www.w3.org/2000/svg";
const sprite = document.getElementById("icons")?.dataset.sprite;

/** @param {string} drawing a name in the sprite, and how else it is drawn: "star filled" */
export function picture(drawing) {
  const [name, ...ways] = drawing.split(" ");
  const svg = document.createElementNS(SVG, "svg");
  svg.classList.add("picture", ...ways.map((way) => `picture--${way}`));
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
