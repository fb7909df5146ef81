// @ts-check
// Only in the configurator: takes a port from the dashboard and hands what comes over it to the chat.

/** @type {{configurator: {dashboard: string, key: string}, page: boolean, type: string}} */
const page = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("boot")).textContent || "{}");
const { dashboard, key } = page.configurator;
// As a full-page chat it stands in the dashboard itself, else in a page of our own that passes the port on.
const above = page.page ? dashboard : location.origin;

/** @param {boolean} offline */
function pretendOffline(offline) {
  if (offline === !navigator.onLine) return;
  if (offline) Object.defineProperty(navigator, "onLine", { value: false, configurable: true });
  else Reflect.deleteProperty(navigator, "onLine");
  dispatchEvent(new Event(offline ? "offline" : "online"));
}

/** @param {MessagePort} port */
function listen(port) {
  port.onmessage = ({ data }) => {
    if (data.type === "state") pretendOffline(data.state === "offline");
    document.dispatchEvent(new CustomEvent("chatdock:preview", { detail: data }));
    if (data.type === "config") port.postMessage({ type: "applied", revision: data.revision });
  };
  port.postMessage({ type: "listening" });
}

addEventListener("message", ({ source, origin, data, ports }) => {
  if (source === parent && origin === above && data?.type === "preview-port" && ports.length === 1) listen(ports[0]);
});
parent.postMessage({ chatdock: 1, type: "preview-hello", key, kind: page.type }, above);
