// @ts-check
// Buttons with data-copy="id" put that element's text on the clipboard; without leave to, they select it.

const announcer = /** @type {HTMLElement} */ (document.getElementById("announcer"));
const SHOWN = 2000; // ms
let timer = 0;

for (const button of document.querySelectorAll("[data-copy]")) button.removeAttribute("hidden");

// Also for buttons that come later.
document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-copy]");
  if (button instanceof HTMLButtonElement) copy(button);
});

/** @param {HTMLButtonElement} button */
async function copy(button) {
  const source = /** @type {HTMLElement} */ (document.getElementById(button.dataset.copy ?? ""));
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
  } catch {
    getSelection()?.selectAllChildren(source);
    announcer.textContent = "Selected. Press Control and C to copy.";
    return;
  }
  announcer.textContent = "Copied";
  const label = /** @type {Text} */ (button.firstChild);
  label.data = "Copied";
  setTimeout(() => (label.data = "Copy"), SHOWN);
  clearTimeout(timer); // of the button before
  timer = setTimeout(() => {
    if (announcer.textContent === "Copied") announcer.textContent = "";
  }, SHOWN);
}
