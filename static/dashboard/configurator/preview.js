// @ts-check
import { Link } from "./link.js";

/** @typedef {import("./live.js").Live} Live */
/** @typedef {import("./live.js").Shown} Shown */

const FOLLOWED_MS = 1500;

/** The preview: keeps its iframe in step with the configuration and the toolbar. */
export class Preview {
  options = { mode: "popup", host: "plain", scheme: "", state: "live", open: true, identified: false };
  #live;
  #link;
  #restart;
  #failed;
  #key = ""; // of the page that is loaded
  #wanted = ""; // of the page as it would be loaded now
  /** @type {{host: string, page: string} | null} */
  #urls = null;
  /** @type {string | null} */
  #identity = null;
  /** @type {import("./secrets.js").Typed | null} what stands for secrets that are not stored */
  #typed = null;
  /** @type {Shown | null} */
  #shown = null;
  /** @type {ImageBitmap | null} of the admin's site; it does not leave the browser */
  #picture = null;
  #view = ""; // what is shown for the section that is edited
  #followed = -Infinity; // when that was asked for

  /**
   * @param {Live} live
   * @param {{iframe: HTMLIFrameElement, origin: string, restart: HTMLElement,
   *   failed: (code: string, reason?: string) => void}} parts restart: shown where a change needs the page anew;
   *   failed: hears why the chat does not work, and "" when it is begun anew or goes on
   */
  constructor(live, { iframe, origin, restart, failed }) {
    this.#live = live;
    this.#link = new Link(iframe, origin);
    this.#restart = restart;
    this.#failed = failed;
    live.addEventListener("answer", (event) => this.#answered(/** @type {CustomEvent} */ (event).detail));
    live.addEventListener("shown", (event) => this.#show(/** @type {CustomEvent} */ (event).detail.shown));
    this.#link.addEventListener("host", () => this.#startHost());
    this.#link.addEventListener("loaded", (event) => this.#loaded(/** @type {CustomEvent} */ (event).detail.key));
    this.#link.addEventListener("open", (event) => this.#turned(/** @type {CustomEvent} */ (event).detail.open));
    this.#link.addEventListener("failed", (event) => {
      const { code, reason } = /** @type {CustomEvent} */ (event).detail;
      this.#failed(code, reason);
    });
    this.#link.addEventListener("applied", (event) => {
      iframe.dataset.applied = String(/** @type {CustomEvent} */ (event).detail.revision);
    });
  }

  /** @param {any} answer */
  #answered({ urls, key, identity }) {
    this.#urls = urls;
    this.#identity = identity ?? null;
    if (!key) return;
    const first = !this.#wanted;
    this.#wanted = key;
    if (first) this.load();
    this.#judge();
  }

  #judge() {
    this.#restart.hidden = !this.#key || this.#key === this.#wanted;
  }

  /** Loads the page anew, as it is stored. */
  load() {
    if (!this.#urls) return;
    const { mode, host } = this.options;
    const { language, direction } = this.#live.look;
    const query = new URLSearchParams({ ...(language && { lang: language }), ...(direction && { dir: direction }) });
    if (mode !== "page") for (const [name, value] of Object.entries({ mode, host })) query.set(name, value);
    this.#key = "";
    this.#judge();
    this.#failed("");
    this.#link.load(`${mode === "page" ? this.#urls.page : this.#urls.host}&${query}`);
  }

  /** @param {Shown} shown */
  #show(shown) {
    this.#shown = structuredClone(shown);
    this.#link.configure(this.#withScheme(this.#shown.frame));
    this.#tellLoader();
  }

  #tellLoader() {
    if (!this.#shown || this.options.mode === "page") return;
    const { variables, ...config } = this.#shown.loader;
    const isTeaser = [this.options.state, this.#view].includes("teaser");
    const teaser = isTeaser && config.t ? { t: { ...config.t, delay: 1 } } : {};
    this.#link.tellHost({ type: "preview-loader", config: { ...config, ...teaser } });
    this.#link.tellHost({ type: "preview-variables", variables });
  }

  /** @param {any} frame */
  #withScheme(frame) {
    const { scheme } = this.options;
    if (!scheme) return frame;
    if ("colorScheme" in frame) return { ...frame, colorScheme: scheme };
    return { ...frame, theme: { ...frame.theme, scheme } };
  }

  #startHost() {
    this.#tellLoader();
    if (this.#picture) this.setPicture(this.#picture);
    if (this.options.identified && this.identity) this.#call("identify", this.identity);
    if (this.options.open && this.options.state !== "teaser") this.#call("open");
  }

  /** @param {string} key */
  #loaded(key) {
    this.#key = key;
    this.#judge();
    this.#link.tellFrame({ type: "begin", ...(this.#typed && { pageToken: this.#typed.page }) });
    if (this.#shown) this.#link.configure(this.#withScheme(this.#shown.frame));
    const { mode, identified } = this.options;
    if (mode === "page" && identified) this.#link.tellFrame({ type: "identify", token: this.identity });
    if (this.options.state !== "live") this.#link.tellFrame({ type: "state", state: this.options.state });
  }

  /** @param {...any} call of window.Chatdock */
  #call(...call) {
    this.#link.tellHost({ type: "preview-call", call });
  }

  /** @param {string} scheme "": as configured */
  setScheme(scheme) {
    this.options.scheme = scheme;
    if (this.#shown) this.#link.configure(this.#withScheme(this.#shown.frame));
  }

  /**
   * Shows what is being edited, as long as nothing else was chosen above the preview.
   * @param {string} view "launcher", "teaser", or "" for the open chat; a type's sections declare it
   */
  follow(view) {
    const { state, mode } = this.options;
    if (view === this.#view || state !== "live" || mode !== "popup") return;
    this.#view = view;
    this.#followed = performance.now();
    this.#call(view ? "close" : "open");
    this.#tellLoader();
  }

  /** What was asked for may have met a loader that was about to be replaced by another one. @param {boolean} open */
  #turned(open) {
    this.options.open = open;
    const isMeant = performance.now() - this.#followed < FOLLOWED_MS;
    if (isMeant && open === Boolean(this.#view)) this.#call(this.#view ? "close" : "open");
  }

  /** @param {ImageBitmap | null} picture what the stand-in page looks like; null: as our own */
  setPicture(picture) {
    this.#picture = picture;
    this.#link.tellHost({ type: "preview-picture", picture });
  }

  /** @param {string} state */
  setState(state) {
    const before = this.options.state;
    this.#view = "";
    this.options.state = state;
    if (state === "teaser" || before === "teaser" || state === "live") {
      this.options.open = state !== "teaser";
      return this.load();
    }
    this.#call("open");
    this.#link.tellFrame({ type: "state", state });
  }

  /** @param {boolean} identified */
  async setIdentified(identified) {
    this.options.identified = this.#live.identified = identified;
    await this.#live.ask();
    this.load();
    return !identified || Boolean(this.identity);
  }

  /** @param {Partial<import("./live.js").Look>} look */
  async setLook(look) {
    Object.assign(this.#live.look, look);
    await this.#live.ask();
    this.load();
  }

  /** The visitor as the site's server would sign it. */
  get identity() {
    return this.#typed?.identity ?? this.#identity;
  }

  /** @param {import("./secrets.js").Typed | null} typed null: the stored ones again */
  useSecrets(typed) {
    this.#typed = typed;
    this.load();
  }

  /** A conversation that was tried is forgotten. */
  reset() {
    this.#failed("");
    this.#link.tellFrame({ type: "reset" });
  }
}
