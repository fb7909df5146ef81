// @ts-check
// The page that stands in for a site. In the configurator it runs the real loader with the configuration that the
// dashboard tells, and passes the dashboard's port on to the chat's frame; under a shared link it has its configuration.

const boot = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("boot")).textContent || "{}");
const nonce = /** @type {HTMLScriptElement} */ (document.getElementById("boot")).nonce;
const site = /** @type {any} */ (window);

/** @type {Record<string, any> | null} what the loader was started with or has been given since */
let shown = null;
/** @type {Record<string, any> | null} waits for the window to be closed */
let later = null;
let opened = false;
let wanted = false; // to be open: a loader that is replaced may not have come to it yet
/** @type {Window | null} */
let chat = null;

const tell = (/** @type {object} */ message) => {
  if (boot.dashboard) parent.postMessage({ chatdock: 1, ...message }, boot.dashboard);
};
const root = () => document.querySelector("chat-dock")?.shadowRoot;

/** What the loader reads once, when it starts. @param {Record<string, any>} config */
const lasting = ({ image, t, at, s, open }) => JSON.stringify([image, t, at, s, open]);

/** @param {Record<string, any>} config baked, see embed/loader.py */
function start(config) {
  const early = Array.isArray(site.Chatdock) ? site.Chatdock : wanted ? [["open"]] : [];
  const isWanted = wanted;
  site.Chatdock?.destroy?.();
  wanted = isWanted;
  site.Chatdock = [["on", "open", () => told(true)], ["on", "close", () => told(false)], ...early];
  shown = config;
  later = null;
  site.chatdockPreview = { ...config, f: `${config.f}&${boot.frame}` };
  const script = document.createElement("script");
  script.src = boot.loader;
  script.nonce = nonce;
  script.dataset.mode = boot.mode;
  script.dataset.target = "#chat";
  document.head.append(script);
}

/** @param {boolean} open */
function told(open) {
  opened = wanted = open;
  tell({ type: "preview-open", open });
  if (open) return;
  if (later) start(later);
  else drawIcon(); // the loader puts back the one that it began with
}

function drawIcon() {
  root()?.querySelector("button[aria-haspopup] path")?.setAttribute("d", shown?.icon);
}

/** @param {Record<string, any>} config */
function update(config) {
  if (!shown) return start(config);
  reword(config);
  if (lasting(config) !== lasting(shown)) {
    if (!opened) return start(config);
    later = config; // a new loader would take the open chat away
  }
  patch(config);
}

/** The teaser's words, whether it stands there already or is still to come. @param {Record<string, any>} config */
function reword({ t }) {
  if (!t || !shown || shown.t?.delay !== t.delay) return;
  const message = root()?.querySelector(".t .m");
  if (message) message.textContent = t.text;
  site.chatdockPreview.t = shown.t = t;
}

/** Changes the launcher that stands there. @param {Record<string, any>} config */
function patch(config) {
  const shadow = root();
  const button = shadow?.querySelector("button[aria-haspopup]");
  if (!shadow || !shown) return;
  restyle(shadow.adoptedStyleSheets[0], shown.css, config.css);
  if (button) {
    button.ariaLabel = config.label;
    const last = button.lastChild;
    if (last?.nodeType === Node.TEXT_NODE) last.nodeValue = config.text;
  }
  shown = { ...shown, css: config.css, label: config.label, text: config.text, icon: config.icon };
  if (!opened) drawIcon();
}

/** The first rules of stage 1's sheet are the configuration's. @param {CSSStyleSheet} sheet @param {string} before @param {string} now */
function restyle(sheet, before, now) {
  if (before === now) return;
  for (let count = rulesOf(before).length; count > 0; count--) sheet.deleteRule(0);
  for (const rule of rulesOf(now).reverse()) sheet.insertRule(rule, 0);
}

/** @param {string} css @returns {string[]} */
function rulesOf(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return [...sheet.cssRules].map((rule) => rule.cssText);
}

/** Colours and sizes, at once. @param {Record<string, string>} variables */
function setVariables(variables) {
  const rule = /** @type {CSSStyleRule | undefined} */ (root()?.adoptedStyleSheets[0]?.cssRules[0]);
  for (const [name, value] of Object.entries(variables)) rule?.style.setProperty(`--${name}`, String(value));
}

/** The site as its owner knows it: a picture, in place of what stands for any. @param {ImageBitmap | null} picture */
function showPicture(picture) {
  document.querySelector("body > canvas")?.remove();
  document.documentElement.toggleAttribute("data-picture", Boolean(picture));
  if (!picture) return;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: picture.width, height: picture.height, ariaLabel: "Your website" });
  canvas.setAttribute("role", "img");
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
  document.body.prepend(canvas);
}

// Opened or closed by the dashboard, the chat leaves the focus where the admin types.
const { focus } = HTMLElement.prototype;
HTMLElement.prototype.focus = function (options) {
  if (document.hasFocus()) focus.call(this, options);
};

/** @param {[string, ...any]} asked of window.Chatdock */
function call(asked) {
  if (asked[0] === "open" || asked[0] === "close") wanted = asked[0] === "open";
  (site.Chatdock ??= []).push(asked);
}

addEventListener("message", ({ source, origin, data, ports }) => {
  if (data?.chatdock !== 1) return;
  if (origin === location.origin && data.type === "preview-hello") {
    chat = /** @type {Window} */ (source);
    return tell(data);
  }
  if (source !== parent || origin !== boot.dashboard) return;
  if (data.type === "preview-loader") update(data.config);
  else if (data.type === "preview-picture") showPicture(data.picture);
  else if (data.type === "preview-variables") setVariables(data.variables);
  else if (data.type === "preview-port") chat?.postMessage({ chatdock: 1, type: "preview-port" }, location.origin, [...ports]);
  else if (data.type === "preview-call") call(data.call);
});
if (boot.config) start(boot.config);
else tell({ type: "preview-host" });
