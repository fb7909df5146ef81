// @ts-check
import { h } from "./dom.js";
import { phrase } from "./strings.js";

/**
 * Takes files that are dropped anywhere on the page. Without this a browser would leave the chat and open the file.
 * @param {(files: FileList) => void} take
 * @param {() => boolean} isEnabled
 */
export function createDropZone(take, isEnabled) {
  const veil = h("div", { class: "veil", hidden: true, "aria-hidden": "true" }, phrase("dropFiles"));
  /** @param {DragEvent} event */
  const over = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = isEnabled() ? "copy" : "none";
    veil.hidden = !isEnabled();
  };
  addEventListener("dragover", over);
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) veil.hidden = true;
  });
  addEventListener("drop", (event) => {
    over(event);
    veil.hidden = true;
    if (event.dataTransfer && isEnabled()) take(event.dataTransfer.files);
  });
  return veil;
}
