// @ts-check
// The theme changes at once and without a reload, so that nothing that was typed is lost; the server keeps it.

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const button = event.submitter;
  if (!("themeForm" in form.dataset) || !(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  show(button.value);
  fetch(form.action, { method: "POST", body: new FormData(form, button), keepalive: true, redirect: "manual" }).catch(() => {
    // then it holds for this page
  });
});

/** @param {string} theme */
function show(theme) {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  document.querySelector('meta[name="color-scheme"]')?.setAttribute("content", theme === "system" ? "light dark" : theme);
  for (const button of document.querySelectorAll("[data-theme-form] button")) {
    button.setAttribute("aria-pressed", String(/** @type {HTMLButtonElement} */ (button).value === theme));
  }
}
