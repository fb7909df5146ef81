// @ts-check

const darkNow = matchMedia("(prefers-color-scheme: dark)");
const RADIUS = { pill: 24, round: 16, soft: 8, sharp: 0 }; // px
const ROOM = { compact: 0.75, normal: 1, spacious: 1.35 };

/**
 * A theme of ChatKit's options as the sketch's custom properties.
 * @param {Record<string, any>} theme
 * @param {string} scheme "light", "dark" or "auto"
 * @returns {Record<string, string>}
 */
export function lookOf({ radius = "pill", density = "normal", color = {}, typography = {} }, scheme) {
  const isDark = scheme === "auto" ? darkNow.matches : scheme === "dark";
  const { hue = 0, tint = 0, shade = 0 } = color.grayscale ?? {};
  const grey = (/** @type {number} */ light) => `hsl(${hue} ${tint * 2}% ${light + shade}%)`;
  const ink = isDark ? grey(93) : grey(10);
  return {
    "color-scheme": isDark ? "dark" : "light",
    "--k-ground": color.surface?.background ?? (isDark ? grey(13) : color.grayscale ? grey(98) : "#fff"),
    "--k-raised": color.surface?.foreground ?? (isDark ? grey(19) : grey(95)),
    "--k-ink": ink,
    "--k-accent": color.accent?.primary ?? ink,
    "--k-on": isBright(color.accent?.primary ?? (isDark ? "#ffffff" : "#000000")) ? "#000" : "#fff",
    "--k-radius": `${RADIUS[/** @type {keyof typeof RADIUS} */ (radius)] ?? RADIUS.pill}px`,
    "--k-room": String(ROOM[/** @type {keyof typeof ROOM} */ (density)] ?? 1),
    "--k-size": `${typography.baseSize ?? 16}px`,
    "--k-font": typography.fontFamily || "system-ui, sans-serif",
    "--k-mono": typography.fontFamilyMono || "ui-monospace, monospace",
  };
}

/** @param {string} color "#rrggbb" @returns {boolean} is black read better on it than white? */
function isBright(color) {
  const [red, green, blue] = [1, 3, 5].map((at) => (parseInt(color.slice(at, at + 2), 16) / 255) ** 2.2);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18;
}

export function sketchSheet() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(/* css */ `
    .stage:has(> .sketch) > openai-chatkit { visibility: hidden }
    .sketch + .banner { margin-block-start: 28px }
    .sketch { position: absolute; inset: 0; z-index: 1; display: flex; flex-direction: column; overflow: hidden; background: var(--k-ground); color: var(--k-ink); font: var(--k-size)/1.5 var(--k-font) }
    .sketch :is(p, ul, ol) { margin: 0 }
    .sketch p { overflow-wrap: anywhere; white-space: pre-line }
    .sketch svg { width: 20px; height: 20px; fill: none; stroke: currentcolor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round }
    .sketch a { color: inherit }
    .sketch-badge { flex: none; padding: 4px 12px; background: #fdf1d9; color: #5f3a00; font: 600 12px/1.5 system-ui, sans-serif; text-align: center }
    .sketch-bar { display: flex; gap: 8px; align-items: center; min-height: 52px; padding: calc(6px * var(--k-room)) 14px }
    .sketch .sketch-title { flex: 1; overflow: hidden; font-weight: 600; text-overflow: ellipsis; white-space: nowrap }
    .sketch-button { display: grid; flex: none; place-items: center; width: 32px; height: 32px; border-radius: min(var(--k-radius), 16px) }
    .sketch-bar .sketch-button:empty { border: 2px dotted color-mix(in srgb, var(--k-ink) 45%, transparent) }
    .sketch-start { display: grid; flex: 1; gap: calc(16px * var(--k-room)); align-content: end; padding: calc(20px * var(--k-room)); overflow: auto }
    .sketch-greeting { font-size: 1.5em; font-weight: 600; line-height: 1.3 }
    .sketch-start ul { display: grid; gap: calc(4px * var(--k-room)); padding: 0; list-style: none }
    .sketch-start li { display: flex; gap: 10px; align-items: center; padding: calc(8px * var(--k-room)) 10px; border-radius: min(var(--k-radius), 16px) }
    .sketch-start li + li { border-radius: 0; border-top: 1px solid color-mix(in srgb, var(--k-ink) 10%, transparent) }
    .sketch-start i { flex: none; width: 18px; height: 18px; border: 2px dotted currentcolor; border-radius: 5px; opacity: 0.6 }
    .sketch-turns { display: flex; flex: 1; flex-direction: column; gap: calc(14px * var(--k-room)); padding: calc(16px * var(--k-room)); overflow: auto }
    .sketch-asked { align-self: end; max-width: 80%; padding: calc(8px * var(--k-room)) 16px; border-radius: var(--k-radius); background: var(--k-raised) }
    [data-level="2"] .sketch-asked { background: color-mix(in srgb, var(--k-accent) 18%, var(--k-ground)) }
    [data-level="3"] .sketch-asked { background: var(--k-accent); color: var(--k-on) }
    .sketch-answer { display: grid; gap: calc(8px * var(--k-room)) }
    .sketch-answer pre { margin: 0; padding: 12px; overflow: auto; border-radius: min(var(--k-radius), 12px); background: var(--k-raised); font: 0.9em/1.5 var(--k-mono) }
    .sketch-answer code { font-family: var(--k-mono) }
    .sketch-dots { display: flex; gap: 5px; padding-block: 8px }
    .sketch-dots i { width: 8px; height: 8px; border-radius: 50%; background: currentcolor; opacity: 0.5 }
    .sketch-bottom { flex: none; padding: calc(8px * var(--k-room)) 14px calc(12px * var(--k-room)) }
    .sketch-composer { display: flex; flex-wrap: wrap; gap: 4px 6px; align-items: center; padding: calc(8px * var(--k-room)) 10px; border: 1px solid color-mix(in srgb, var(--k-ink) 14%, transparent); border-radius: var(--k-radius); background: var(--k-raised) }
    .sketch-composer p { flex: 1 0 100%; padding-inline: 6px; color: color-mix(in srgb, var(--k-ink) 68%, var(--k-raised)) }
    .sketch-gap { flex: 1 }
    .sketch-model { font-size: 0.875em }
    .sketch-dot::after { width: 12px; height: 12px; border: 2px solid currentcolor; border-radius: 50%; content: "" }
    .sketch-send { border-radius: var(--k-radius); background: var(--k-accent); color: var(--k-on) }
    .sketch-small { padding-block-start: 8px; color: color-mix(in srgb, var(--k-ink) 70%, var(--k-ground)); font-size: 0.75em; text-align: center }
    .sketch-plain { color: var(--k-ink) }
  `);
  return sheet;
}
