// @ts-check

/** @typedef {"right" | "bottom" | "corner"} Edge */

const LEAST = { width: 280, height: 320 };
const MOST = { width: 2560, height: 2560 };
const DESKTOP = { width: 1280, height: 800 };
const TOO_NARROW = 720; // CSS pixels, for a page as most visitors have it
const beside = matchMedia("(width >= 64rem)"); // the settings; else the page is shown on a telephone itself

/**
 * Holds the preview's iframe at a device's size in CSS pixels, made smaller or larger to fit. The handles work with a
 * pointer and with arrow keys; a double click or Home fills the room there is.
 */
class DeviceFrame extends HTMLElement {
  width = 0; // 0: as wide as there is room
  height = 0;
  /** @type {number | "fit"} */
  zoom = "fit";

  connectedCallback() {
    for (const edge of /** @type {Edge[]} */ (["right", "bottom", "corner"])) this.#wire(edge);
    new ResizeObserver(() => this.layout()).observe(this);
    this.layout();
  }

  get #box() {
    return /** @type {HTMLElement} */ (this.querySelector(".device-box"));
  }

  get #iframe() {
    return /** @type {HTMLIFrameElement} */ (this.querySelector("iframe"));
  }

  get room() {
    const { marginTop, marginRight, marginBottom, marginLeft } = getComputedStyle(this.#box);
    const left = (/** @type {number} */ all, /** @type {string[]} */ ...margins) => margins.reduce((rest, it) => rest - parseFloat(it), all);
    return {
      width: Math.max(LEAST.width, left(this.clientWidth, marginLeft, marginRight)),
      height: Math.max(LEAST.height, left(this.clientHeight, marginTop, marginBottom)),
    };
  }

  /** Of a picture that is too low for anything but a page made smaller; NaN: there is room. */
  get #forced() {
    return parseFloat(getComputedStyle(this).getPropertyValue("--zoom"));
  }

  /** What is shown where no size is chosen. */
  get #free() {
    const zoom = this.#forced;
    if (zoom) return { width: Math.round(this.clientWidth / zoom), height: Math.round(this.clientHeight / zoom) };
    return this.zoom === "fit" && beside.matches && this.room.width < TOO_NARROW ? DESKTOP : this.room;
  }

  get size() {
    const free = this.#free;
    return this.#forced ? free : { width: this.width || free.width, height: this.height || free.height };
  }

  /** @param {number} width CSS pixels, 0 for all there is @param {number} height */
  resize(width, height) {
    this.width = width && clamp(width, LEAST.width, MOST.width);
    this.height = height && clamp(height, LEAST.height, MOST.height);
    this.#box.classList.toggle("device-box--chosen", this.width > 0);
    this.layout();
    this.dispatchEvent(new CustomEvent("resized", { bubbles: true }));
  }

  /** As `resize`, and made smaller where not all of it could be seen. @param {number} width @param {number} height */
  show(width, height) {
    const { room } = this;
    if (width * this.scale > room.width || height * this.scale > room.height) this.zoom = "fit";
    this.resize(width, height);
  }

  rotate() {
    const { width, height } = this.size;
    this.show(height, width);
  }

  /** @param {number | "fit"} zoom */
  setZoom(zoom) {
    this.zoom = zoom;
    this.layout();
  }

  get scale() {
    if (this.#forced) return this.#forced;
    if (this.zoom !== "fit") return this.zoom;
    const { width, height } = this.size;
    return Math.min(1, this.room.width / width, this.room.height / height);
  }

  layout() {
    const { width, height } = this.size;
    const scale = this.scale;
    const { style } = this.#iframe;
    style.width = `${width}px`;
    style.height = `${height}px`;
    style.transform = `scale(${scale})`;
    this.#box.style.width = `${width * scale}px`;
    this.#box.style.height = `${height * scale}px`;
    this.#describe(width, height, scale);
  }

  /** @param {number} width @param {number} height @param {number} scale */
  #describe(width, height, scale) {
    const text = `${Math.round(width)} × ${Math.round(height)}`;
    const readout = this.parentElement?.querySelector(".device-size");
    if (readout) readout.textContent = `${text} · ${Math.round(scale * 100)} %`;
    for (const [edge, value] of Object.entries({ right: width, bottom: height, corner: width })) {
      const handle = this.querySelector(`[data-edge=${edge}]`);
      handle?.setAttribute("aria-valuenow", String(Math.round(value)));
      handle?.setAttribute("aria-valuetext", edge === "corner" ? `${text} pixels` : `${Math.round(value)} pixels`);
    }
  }

  /** @param {Edge} edge */
  #wire(edge) {
    const handle = /** @type {HTMLElement} */ (this.querySelector(`[data-edge=${edge}]`));
    handle.addEventListener("pointerdown", (event) => this.#drag(handle, edge, event));
    handle.addEventListener("dblclick", () => this.#fill(edge));
    handle.addEventListener("keydown", (event) => this.#key(edge, event));
  }

  /** @param {HTMLElement} handle @param {Edge} edge @param {PointerEvent} start */
  #drag(handle, edge, start) {
    if (start.button !== 0) return;
    const { width, height } = this.size;
    const scale = this.scale;
    handle.setPointerCapture(start.pointerId);
    this.classList.add("dragging"); // the iframe must not swallow the pointer
    /** @param {PointerEvent} event */
    const move = (event) => {
      const across = (event.clientX - start.clientX) / scale;
      const down = (event.clientY - start.clientY) / scale;
      this.resize(edge === "bottom" ? this.width : width + across, edge === "right" ? this.height : height + down);
    };
    const end = () => {
      this.classList.remove("dragging");
      handle.removeEventListener("pointermove", move);
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", end, { once: true });
  }

  /** @param {Edge} edge */
  #fill(edge) {
    this.resize(edge === "bottom" ? this.width : 0, edge === "right" ? this.height : 0);
  }

  /** @param {Edge} edge @param {KeyboardEvent} event */
  #key(edge, event) {
    const step = event.shiftKey ? 50 : 10;
    const across = { ArrowRight: step, ArrowLeft: -step }[event.key] ?? 0;
    const down = { ArrowDown: step, ArrowUp: -step }[event.key] ?? 0;
    if (event.key === "Home") this.#fill(edge);
    else if (across && edge !== "bottom") this.resize(this.size.width + across, this.height);
    else if (down && edge !== "right") this.resize(this.width, this.size.height + down);
    else return;
    event.preventDefault();
  }
}

/** @param {number} value @param {number} least @param {number} most */
function clamp(value, least, most) {
  return Math.round(Math.min(most, Math.max(least, value)));
}

customElements.define("device-frame", DeviceFrame);
export { DeviceFrame };
