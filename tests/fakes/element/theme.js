// @ts-check
/** A ChatKit theme as CSS custom properties. Text is dark or light as its background asks, whatever colours are set. */

/** @typedef {[number, number, number]} Rgb */

const RADII = { pill: [22, 999], round: [14, 12], soft: [8, 7], sharp: [1, 1] }; // px: of messages, of controls
const GAPS = { compact: 10, normal: 16, spacious: 24 }; // px
const TINTED = [0, 0.1, 0.2, 0.35]; // how much accent a visitor's message takes, by accent level
const WHITE = /** @type {Rgb} */ ([255, 255, 255]);
const BLACK = /** @type {Rgb} */ ([13, 13, 13]);

/** @param {HTMLElement} wrapper @param {any} theme a name, an object, or undefined */
export function applyTheme(wrapper, theme) {
  const given = typeof theme === "string" ? { colorScheme: theme } : (theme ?? {});
  wrapper.dataset.colorScheme = given.colorScheme ?? "light";
  for (const [name, value] of Object.entries({ ...shapes(given), ...colors(given) })) {
    wrapper.style.setProperty(`--${name}`, value);
  }
}

/** @param {any} theme @returns {Record<string, string>} */
function shapes(theme) {
  const [message, control] = RADII[/** @type {keyof RADII} */ (theme.radius ?? "pill")];
  const type = theme.typography ?? {};
  return {
    "radius-message": `${message}px`,
    "radius-control": `${control}px`,
    gap: `${GAPS[/** @type {keyof GAPS} */ (theme.density ?? "normal")]}px`,
    size: `${type.baseSize ?? 16}px`,
    font: type.fontFamily || "system-ui, sans-serif",
    mono: type.fontFamilyMono || "ui-monospace, monospace",
  };
}

/** @param {any} theme @returns {Record<string, string>} */
function colors(theme) {
  const { grayscale, accent, surface } = theme.color ?? {};
  const dark = theme.colorScheme === "dark";
  const gray = (/** @type {number} */ lightness) => rgb(grayOf(grayscale, lightness));
  const background = surface ? rgb(surface.background) : gray(dark ? 11 : 100);
  const raised = surface ? rgb(surface.foreground) : gray(dark ? 17 : 100);
  const ink = inkOn(background);
  const main = accent ? rgb(accent.primary) : ink;
  const bubble = mix(mix(background, ink, 0.07), main, accent ? TINTED[accent.level] : 0);
  return {
    background: css(background),
    ink: css(ink),
    muted: css(legible(mix(ink, background, 0.4), background, ink)),
    line: css(mix(background, ink, 0.14)),
    soft: css(mix(background, ink, 0.06)),
    raised: css(raised),
    "raised-ink": css(inkOn(raised)),
    "raised-muted": css(legible(mix(inkOn(raised), raised, 0.4), raised, inkOn(raised))),
    bubble: css(bubble),
    "bubble-ink": css(inkOn(bubble)),
    accent: css(main),
    "accent-ink": css(inkOn(main)),
    link: css(legible(main, background, ink)),
  };
}

/** @param {any} grayscale @param {number} lightness */
function grayOf(grayscale, lightness) {
  if (!grayscale) return `hsl(0 0% ${lightness}%)`;
  const { hue, tint, shade = 0 } = grayscale;
  return `hsl(${hue} ${tint * 3}% ${lightness - shade * 1.5 - tint * 0.3}%)`;
}

/** Any CSS colour in numbers. @param {string} color @returns {Rgb} */
function rgb(color) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/** @param {Rgb} from @param {Rgb} to @param {number} part of `to`, 0 to 1 @returns {Rgb} */
function mix(from, to, part) {
  const [red, green, blue] = from.map((value, i) => Math.round(value + (to[i] - value) * part));
  return [red, green, blue];
}

/**
 * `color`, or as much of `ink` mixed in as makes it readable on `background`.
 * @param {Rgb} color @param {Rgb} background @param {Rgb} ink
 */
function legible(color, background, ink) {
  for (let part = 0; part < 1; part += 0.1) {
    const mixed = mix(color, ink, part);
    if (contrast(mixed, background) >= 4.6) return mixed;
  }
  return ink;
}

/** @param {Rgb} background */
function inkOn(background) {
  return contrast(BLACK, background) >= contrast(WHITE, background) ? BLACK : WHITE;
}

/** WCAG contrast ratio. @param {Rgb} one @param {Rgb} other */
function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

/** @param {Rgb} color */
function luminance(color) {
  const [red, green, blue] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {Rgb} color */
function css(color) {
  return `rgb(${color.join(" ")})`;
}
