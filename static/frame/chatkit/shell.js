// @ts-check
import { boot, say } from "../boot.js";

/**
 * Makes an element.
 * @param {string} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * What surrounds ChatKit: a bar with the close button (ChatKit has none), room for the element, the demo's note.
 * @param {HTMLElement} root
 * @param {() => void} close
 */
export function buildShell(root, close) {
  const button = element("button", { type: "button", "aria-label": say("close", "Close") }, cross());
  button.addEventListener("click", close);
  button.hidden = true;
  // Without a button nobody needs to see the bar; its heading is there for those who listen.
  const bar = element("header", { class: "bar unseen" }, element("h1", {}, boot.config.title ?? ""), button);
  const stage = element("div", { class: "stage" });
  const waiting = { class: "spinner", role: "status", "aria-label": say("loading", "Loading"), hidden: "" };
  const spinner = element("div", waiting);
  root.className = "chatkit";
  stage.append(spinner);
  root.append(bar, stage);
  if (boot.config.demo) root.append(demoNote());
  return {
    stage,
    /** @param {boolean} closable */
    setClosable: (closable) => {
      bar.classList.toggle("unseen", !closable);
      button.hidden = !closable;
    },
    /** @param {boolean} busy */
    setBusy: (busy) => (spinner.hidden = !busy),
    banner: makeBanner(stage),
  };
}

function demoNote() {
  return element("p", { class: "note" }, say("demo", "Demo: a stand-in answers here, not OpenAI."));
}

/** @param {HTMLElement} stage */
function makeBanner(stage) {
  const sentence = element("p");
  const dismiss = element("button", { type: "button" }, say("dismiss", "OK"));
  const banner = element("div", { class: "banner", role: "alert" }, sentence, dismiss);
  dismiss.addEventListener("click", () => banner.remove());
  return {
    /** @param {string} message */
    show: (message) => {
      sentence.textContent = message;
      stage.append(banner);
    },
    hide: () => banner.remove(),
  };
}

function cross() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M6 6l12 12M18 6L6 18");
  svg.append(path);
  return svg;
}
