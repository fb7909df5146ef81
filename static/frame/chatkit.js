// @ts-check
import { beacon, claims } from "./api.js";
import { boot } from "./boot.js";
import { showCard, showOffer } from "./card.js";
import { customApi, hostedApi, mint } from "./chatkit/backend.js";
import { scriptFailed, toFailure } from "./chatkit/failures.js";
import { Kit } from "./chatkit/kit.js";
import { buildOptions, onSchemeChange } from "./chatkit/options.js";
import { loadScript } from "./chatkit/script.js";
import { buildShell } from "./chatkit/shell.js";
import { subjectOf } from "./identity.js";
import { connect, whenFocused } from "./port.js";
import { save } from "./store.js";

let config = boot.config;
let closable = false;
let visible = false;
let unread = 0;
/** @type {Kit | null} */
let kit = null;
/** @type {object | null} its backend */
let api = null;
/** @type {{remove: () => void} | null} */
let card = null;
let attempt = 0; // tells a start that was overtaken by another one
/** @type {[method: "focusComposer" | "sendUserMessage" | "setComposerValue", argument?: object][]} */
let waiting = [];
/** @type {string | undefined} */
let subject;

const shell = buildShell(/** @type {HTMLElement} */ (document.getElementById("root")), () => port.close());

/** First the session and the script, then the element: without a secret in hand ChatKit blanks itself. */
async function start() {
  const mine = ++attempt;
  kit?.destroy();
  kit = null;
  card?.remove();
  card = null;
  shell.banner.hide();
  shell.setBusy(true);
  standIn(null);
  try {
    const hosted = config.backend === "hosted";
    const script = loadScript(config.script).then(() => null, scriptFailed);
    const secret = hosted ? await mint() : "";
    const failure = await script; // told after what the server has to say
    if (failure) throw failure;
    if (mine !== attempt) return;
    if (hosted) port.emit("session");
    api = hosted ? hostedApi(secret, laterSessions) : customApi(config.domainKey);
    kit = new Kit(shell.stage, buildOptions(config, api, deeds), kitHandlers);
  } catch (error) {
    if (mine === attempt) fail(toFailure(error));
  }
}

function begin() {
  if (!attempt) start();
}

/** A chat that shows itself, inline or by a trigger, costs a session only once somebody wants it. */
function offer() {
  if (attempt || card) return;
  const { greeting } = config.options?.startScreen ?? {};
  card = showOffer(shell.stage, { message: greeting ?? config.title ?? "", start: beginAndFocus });
}

function beginAndFocus() {
  begin();
  ask("focusComposer");
}

/** @param {import("./chatkit/failures.js").Failure} failure */
function fail(failure) {
  const { code, message, reason } = failure;
  kit = null;
  shell.setBusy(false);
  if (!standIn(failure)) card = showCard(shell.stage, { message, retry: start });
  port.failed(code, reason);
  beacon("failed", code);
}

/** In the configurator a sketch stands there until there is a ChatKit. @param {import("./chatkit/failures.js").Failure | null} failure */
function standIn(failure) {
  return boot.configurator && document.dispatchEvent(new CustomEvent("chatdock:failed", { detail: failure }));
}

const laterSessions = {
  minted: () => shell.banner.hide(),
  failed: (/** @type {import("./api.js").ApiError} */ error) => {
    shell.banner.show(error.message);
    port.emit("error", { code: error.code });
    beacon("failed", error.code);
  },
};

/** @type {import("./chatkit/kit.js").KitHandlers} */
const kitHandlers = {
  ready: () => {
    shell.setBusy(false);
    port.ready();
    beacon("ready");
    for (const [method, argument] of waiting.splice(0)) kit?.call(method, argument);
  },
  failed: fail,
  thread: (id) => save({ thread: id ?? undefined }),
  message: (role) => {
    port.emit("message", { role });
    if (role === "assistant" && !visible) port.unread(++unread);
  },
  error: () => port.emit("error", { code: "upstream_error" }),
};

/** Of the buttons that the owner has put into ChatKit's header. @param {string} side */
const deeds = (side) => ({
  close: () => port.close(),
  newChat: () => void kit?.call("setThreadId", null),
  history: () => void kit?.call("showHistory"),
  event: () => port.emit("action", { side: side.replace("Action", "") }),
});

/**
 * @param {"focusComposer" | "sendUserMessage" | "setComposerValue"} method
 * @param {object} [argument]
 */
function ask(method, argument) {
  if (kit?.ready) kit.call(method, argument);
  else waiting.push([method, argument]);
}

/** The same person with a fresh token goes on; another one gets a session, a thread and an element of their own. */
function identify() {
  const before = subject;
  subject = subjectOf(claims.identity);
  if (!attempt || (subject === before && !card)) return;
  if (subject !== before) save({ thread: undefined });
  start();
}

/** @param {Record<string, any>} next */
function change(next) {
  config = next;
  document.documentElement.dataset.scheme = config.colorScheme;
  if (api) kit?.setOptions(buildOptions(config, api, deeds));
}

const port = connect({
  connected: (_, mode) => {
    closable = mode === "popup" || mode === "none";
    shell.setClosable(closable);
  },
  shown: () => {
    visible = true;
    unread = 0;
    port.unread(0);
    beacon("opened");
    if (boot.page) beginAndFocus();
    else if (boot.preview) begin();
    else offer();
  },
  hidden: () => (visible = false),
  focus: () => {
    begin();
    whenFocused(() => ask("focusComposer"));
  },
  send: (text) => {
    begin();
    ask("sendUserMessage", { text });
  },
  prefill: (text) => ask("setComposerValue", { text }),
  identify,
  config: change,
});

if (boot.configurator) {
  document.addEventListener("chatdock:preview", (event) => {
    const { type, state, config: next } = /** @type {CustomEvent} */ (event).detail;
    if (type === "config") change(next);
    else if (type === "state") pretend(state);
    else if (type === "reset") {
      save({ thread: undefined });
      start();
    }
  });
}

/** What the preview asks for; what happens inside ChatKit is ChatKit's to show. @param {string} state */
function pretend(state) {
  card?.remove();
  card = null;
  shell.banner.hide();
  const message = boot.configurator?.says[state];
  if (state === "limited") shell.banner.show(message ?? "");
  else if (message) card = showCard(shell.stage, { message, retry: start });
}

onSchemeChange(() => {
  if (api && config.colorScheme === "auto") kit?.setOptions(buildOptions(config, api, deeds));
});
addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && closable) port.close();
});
