// @ts-check

/**
 * @typedef {object} Theme
 * @property {"light" | "dark" | "auto"} [scheme]
 * @property {string} [accent]
 * @property {string} [accentInk]
 * @property {string} [background]
 * @property {string} [foreground]
 * @property {string} [bubble]
 * @property {number} [radius] px
 * @property {number} [fontSize] px
 * @property {string} [font]
 */

/**
 * Puts a theme into the custom properties that n8n.css reads; what it leaves out keeps the style sheet's own value.
 * @param {Theme} theme
 */
export function applyTheme(theme) {
  const root = document.documentElement;
  const values = {
    "--t-accent": theme.accent,
    "--t-ink": theme.accentInk,
    "--t-background": theme.background,
    "--t-foreground": theme.foreground,
    "--t-bubble": theme.bubble,
    "--t-radius": theme.radius == null ? null : `${theme.radius}px`,
    "--t-size": theme.fontSize ? `${theme.fontSize}px` : null,
    "--t-font": theme.font,
  };
  for (const [name, value] of Object.entries(values)) root.style.setProperty(name, value || null);
  root.dataset.scheme = theme.scheme || "auto";
}
