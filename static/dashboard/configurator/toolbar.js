// @ts-check
/** @typedef {import("./preview.js").Preview} Preview */
/** @typedef {import("./device.js").DeviceFrame} DeviceFrame */

/**
 * The controls above the preview. What is chosen is kept for this tab.
 * @param {HTMLElement} bar
 * @param {{preview: Preview, device: DeviceFrame, restart: () => void, secret: HTMLElement, alone: HTMLElement, announce: (text: string) => void}} parts
 *   secret: what is shown while one would be needed; alone: what is to be known of a full page
 */
export function wireToolbar(bar, { preview, device, restart, secret, alone, announce }) {
  const select = (/** @type {string} */ name) => /** @type {HTMLSelectElement} */ (bar.querySelector(`[data-tool=${name}]`));
  const on = (/** @type {string} */ name, /** @type {(value: string) => void} */ act) =>
    select(name).addEventListener("change", () => act(select(name).value));
  const press = (/** @type {string} */ name, /** @type {() => void} */ act) =>
    bar.querySelector(`[data-press=${name}]`)?.addEventListener("click", act);

  on("mode", (mode) => {
    preview.options.mode = mode;
    select("host").disabled = mode === "page";
    alone.hidden = mode !== "page";
    preview.load();
  });
  on("host", (host) => {
    preview.options.host = host;
    preview.load();
  });
  const help = /** @type {HTMLElement} */ (bar.querySelector("#picture-help"));
  const HELP = help.textContent ?? "";
  const picture = /** @type {HTMLInputElement} */ (bar.querySelector("[data-tool=picture]"));
  picture.addEventListener("change", async () => {
    const [file] = picture.files ?? [];
    const drawn = file && (await createImageBitmap(file).catch(() => null));
    const isNone = Boolean(file) && !drawn;
    help.textContent = isNone ? "This file is not a picture that the browser can show." : HELP;
    picture.ariaInvalid = String(isNone);
    if (isNone) announce(help.textContent);
    else preview.setPicture(drawn ?? null);
  });
  on("device", (size) => {
    const [width, height] = size.split("x").map(Number);
    if (size !== "custom") device.show(width, height);
  });
  on("zoom", (zoom) => device.setZoom(zoom === "fit" ? "fit" : Number(zoom) / 100));
  on("scheme", (scheme) => preview.setScheme(scheme));
  on("direction", (direction) => preview.setLook({ direction }));
  on("language", (language) => preview.setLook({ language }));
  on("state", (state) => preview.setState(state));
  on("visitor", async (visitor) => {
    secret.hidden = await preview.setIdentified(visitor === "identified");
    if (secret.hidden) return;
    select("visitor").value = "anonymous";
    announce(secret.textContent ?? "");
    await preview.setIdentified(false);
  });
  press("rotate", () => device.rotate());
  press("reset", () => preview.reset());
  press("reload", restart);

  for (const side of ["width", "height"]) {
    on(side, () => device.resize(Number(select("width").value), Number(select("height").value)));
  }
  device.addEventListener("resized", () => {
    for (const side of /** @type {const} */ (["width", "height"])) select(side).value = device[side] ? `${device[side]}` : "";
    select("zoom").value = device.zoom === "fit" ? "fit" : `${device.zoom * 100}`;
    const size = `${device.width}x${device.height}`;
    const known = [...select("device").options].some((option) => option.value === size);
    select("device").value = known ? size : "custom";
  });
  gather(bar);
}

/** On a telephone all tools are behind one button. @param {HTMLElement} bar */
function gather(bar) {
  const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (bar.querySelector(selector));
  const [main, panel, deeds, actions] = [".main-tools", ".more-tools", ".preview-deeds", ".actions"].map(part);
  const narrow = matchMedia("(width < 64rem)");
  const arrange = () => {
    part(".more summary").textContent = narrow.matches ? "View" : "More";
    (narrow.matches ? panel : bar).prepend(main);
    (narrow.matches ? panel : deeds).append(actions);
  };
  narrow.addEventListener("change", arrange);
  arrange();
}
