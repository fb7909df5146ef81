// @ts-check
// Speaks with what stands in the preview's iframe: the page that stands in for a site, and the chat's frame in it.

/**
 * Events: "loaded" (a chat's frame is there; detail.key), "applied" (detail.revision), "open" (detail.open),
 * "failed" (the chat has; detail.code, "" once it goes on, detail.reason), "host" (the stand-in page is there).
 */
export class Link extends EventTarget {
  #iframe;
  #origin;
  /** @type {MessagePort | null} */
  #port = null;
  /** @type {object | null} the latest configuration that is not sent yet */
  #next = null;
  #revision = 0;
  #hasHost = false;

  /** @param {HTMLIFrameElement} iframe @param {string} origin of the visitors' host */
  constructor(iframe, origin) {
    super();
    this.#iframe = iframe;
    this.#origin = origin;
    addEventListener("message", (event) => this.#heard(event));
  }

  /** @param {string} url */
  load(url) {
    this.#port = null;
    this.#hasHost = false;
    this.#iframe.contentWindow?.location.replace(url); // `src` would make a step for the browser's Back
  }

  /** @param {object} config of the frame; sent with the next picture, the latest one wins */
  configure(config) {
    if (!this.#next) requestAnimationFrame(() => this.#send());
    this.#next = config;
    return ++this.#revision;
  }

  #send() {
    const config = this.#next;
    this.#next = null;
    this.#port?.postMessage({ type: "config", config, revision: this.#revision });
  }

  /** To the chat's frame. @param {object} message */
  tellFrame(message) {
    this.#port?.postMessage(message);
  }

  /** To the stand-in page, if it is there. @param {object} message */
  tellHost(message) {
    if (this.#hasHost) this.#post(message, []);
  }

  /** @param {object} message @param {Transferable[]} ports */
  #post(message, ports) {
    this.#iframe.contentWindow?.postMessage({ chatdock: 1, ...message }, this.#origin, ports);
  }

  /** @param {MessageEvent} event */
  #heard({ source, origin, data }) {
    if (source !== this.#iframe.contentWindow || origin !== this.#origin || data?.chatdock !== 1) return;
    if (data.type === "preview-hello") this.#connect(data);
    else if (data.type === "preview-host") this.#greet();
    else if (data.type === "preview-open") this.#tell("open", { open: data.open });
  }

  #greet() {
    this.#hasHost = true;
    this.#tell("host");
  }

  /** @param {{key: string}} hello */
  #connect({ key }) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }) => {
      if (data.type === "listening") this.#tell("loaded", { key });
      else if (data.type === "applied") this.#tell("applied", { revision: data.revision });
      else if (data.type === "failed") this.#tell("failed", { code: data.code, reason: data.reason });
    };
    this.#post({ type: "preview-port" }, [port2]);
  }

  /** @param {string} name @param {object} [detail] */
  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
