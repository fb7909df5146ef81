// @ts-check
// WCAG 2.2 contrast of colours, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio

/** @param {string} color "#rrggbb" @returns {number[]} 0–255 */
function channels(color) {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
}

/** @param {string} color */
function luminance(color) {
  const [r, g, b] = channels(color).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {string} one @param {string} other @returns {number} 1–21 */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/**
 * The shade of `color` nearest to it that stands out from `ground`: mixed with black or with white, whichever needs less.
 * @param {string} color @param {string} ground @param {number} least ratio
 * @returns {string}
 */
export function nearestPassing(color, ground, least) {
  for (let share = 1; share <= 100; share++) {
    for (const end of [0, 255]) {
      const mixed = channels(color).map((value) => Math.round(value + ((end - value) * share) / 100));
      const shade = `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
      if (contrast(shade, ground) >= least) return shade;
    }
  }
  return contrast("#000000", ground) > contrast("#ffffff", ground) ? "#000000" : "#ffffff";
}
