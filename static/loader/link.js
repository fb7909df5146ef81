// @ts-check
/**
 * Speaks handshake version 1 with the frame: it says hello until it gets a port.
 * @param {any} c configuration
 * @param {string} mode what the frame is told of it
 * @param {Record<string, (message: any) => void>} on what to do with the frame's messages, and with `connected`,
 *   `refused` (the page that explains why there is no chat) and `silent` (no word within 8 s)
 * @param {AbortSignal} signal
 */
export const makeLink = (c, mode, on, signal) => {
  /** @type {HTMLIFrameElement | null} */
  let frame = null;
  /** @type {MessagePort | null} */
  let port = null;
  /** @type {[string, object?][]} */
  let waiting = [];
  let id, timer, refused; // of the page in the frame

  const now = (/** @type {string} */ type, /** @type {object} */ more = {}) => port?.postMessage({ type, ...more });
  const tell = (/** @type {string} */ type, /** @type {object} */ more) =>
    port ? now(type, more) : waiting.push([type, more]);

  const heard = (/** @type {MessageEvent} */ { source, origin, data }) => {
    if (!frame || source != frame.contentWindow || origin != c.o || data?.chatdock != 1) return;
    clearTimeout(timer);
    if (data.type == "refused") refused ||= (on.refused(data), 1);
    // A second hello of the same page crossed our answer; one of another page means that the frame was reloaded.
    if (data.type != "hello" || (port && data.id == id)) return;
    const { port1, port2 } = new MessageChannel();
    id = data.id;
    port = port1;
    port.onmessage = (e) => on[e.data?.type]?.(e.data);
    /** @type {Window} */ (source).postMessage({ chatdock: 1, type: "connect", mode }, c.o, [port2]);
    on.connected(data);
    waiting.splice(0).map((message) => tell(...message));
  };
  addEventListener("message", heard, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));

  return {
    /** Tells the frame, at once or when it is there. */
    tell,
    /** Tells the frame if it is there. */
    now,
    /** @param {HTMLIFrameElement} element whose hello is to come */
    expect: (element) => {
      frame = element;
      port = refused = null;
      clearTimeout(timer);
      timer = setTimeout(on.silent, 8000);
    },
  };
};
