// @ts-check
// The preview beside the branding form follows what is typed. Colours come as a stylesheet, in which they are already
// such that they can be read.

const form = /** @type {HTMLFormElement} */ (document.getElementById("brand-form"));
const preview = /** @type {HTMLElement} */ (document.getElementById("brand-preview"));
const { product = "", colours = "", logo = "", wide = "" } = preview.dataset;
const COLOUR = /^#?([0-9a-f]{6})$/i;
const sheet = document.createElement("link");
sheet.rel = "stylesheet";
let picture = { url: logo, wide: Boolean(wide) };

/** @param {string} name */
const value = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name))?.value.trim() ?? "";

/** @param {string} name */
const ticked = (name) => /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name))?.checked ?? false;

/** @param {string} what @returns {NodeListOf<HTMLElement>} */
const shown = (what) => preview.querySelectorAll(`[data-show=${what}]`);

function follow() {
  const name = value("name") || product;
  const { url, wide } = ticked("remove_logo") ? { url: "", wide: false } : picture;
  for (const element of shown("name")) {
    element.textContent = name;
    element.hidden = wide;
  }
  for (const element of shown("logo")) {
    const image = /** @type {HTMLImageElement} */ (element);
    if (url && image.src !== url) image.src = url;
    image.alt = wide ? name : "";
    image.hidden = !url;
  }
  for (const element of shown("sender")) element.textContent = value("mail_name") || name;
  for (const element of shown("powered")) element.hidden = ticked("hide_powered_by");
  paint();
}

function paint() {
  const light = COLOUR.exec(value("accent"))?.[1];
  const dark = COLOUR.exec(value("accent_dark"))?.[1] ?? light;
  if (!light || !dark) return sheet.remove();
  const href = colours.replace("/-.css", `/${light}-${dark}.preview.css`.toLowerCase());
  if (sheet.getAttribute("href") !== href) sheet.href = href;
  if (!sheet.isConnected) document.head.append(sheet);
}

/** The file that was chosen, before it is sent. @param {File} file */
async function pick(file) {
  const reader = new FileReader();
  const read = new Promise((resolve) => reader.addEventListener("load", resolve));
  reader.readAsDataURL(file);
  await read;
  const image = new Image();
  image.src = String(reader.result);
  await image.decode();
  picture = { url: image.src, wide: image.width > image.height * 1.8 };
  follow();
}

form.addEventListener("input", (event) => {
  const target = /** @type {HTMLInputElement} */ (event.target);
  if (target.files?.[0]) pick(target.files[0]).catch(() => {}); // the server says what is wrong with it
  else follow();
});
follow();
