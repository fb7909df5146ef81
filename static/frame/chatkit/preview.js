// @ts-check
// Only in the configurator: a sketch stands in where ChatKit cannot, without a session or for a state that nobody can
// bring about at will.
import "../preview.js";
import { english } from "../pseudo.js";
import { drawSketch } from "./sketch.js";
import { sketchSheet } from "./sketch-style.js";

const CONVERSATIONS = ["conversation", "typing", "long", "code", "file"];
const told = {
  key: "A sketch: ChatKit itself draws this once a key is stored",
  conversation: "A sketch: ChatKit draws its conversations itself",
};

let { config } = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("boot")).textContent || "{}");
let state = "live";
/** @type {{code: string, reason: string} | null} why there is no ChatKit */
let failure = null;
/** @type {HTMLElement | null} */
let sketch = null;

function redraw() {
  sketch?.remove();
  const isConversation = CONVERSATIONS.includes(state);
  sketch = isConversation || failure ? drawSketch(config, isConversation ? state : "", badge(isConversation)) : null;
  if (!sketch) return;
  document.querySelector(".stage")?.append(sketch);
  sketch.querySelector(".sketch-turns")?.scrollTo(0, 9999);
}

/** @param {boolean} isConversation */
function badge(isConversation) {
  if (failure?.code === "credential_missing") return told.key;
  if (failure) return `A sketch: ChatKit did not start (${failure.code}). “Test connection” says why.`;
  return isConversation ? told.conversation : "";
}

Object.assign(english, { close: "Close", dismiss: "OK", loading: "Loading", retry: "Try again", start: "Start chat" });
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sketchSheet()];
document.addEventListener("chatdock:preview", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  if (detail.type === "config") config = detail.config;
  else if (detail.type === "state") state = detail.state;
  else return;
  redraw();
});
document.addEventListener("chatdock:failed", (event) => {
  failure = /** @type {CustomEvent} */ (event).detail;
  redraw();
});
