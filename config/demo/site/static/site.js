// @ts-check
// The site's own script: it speaks to the chat as the documentation says, also before the chat is there.

/** @type {{push(call: unknown[]): void}} */
const chat = {
  push(call) {
    const page = /** @type {any} */ (window);
    page.Chatdock = page.Chatdock || [];
    page.Chatdock.push(call);
  },
};

for (const button of document.querySelectorAll("[data-open]")) {
  button.addEventListener("click", () => chat.push(["open"]));
}

for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", () => {
    chat.push(["prefill", button.getAttribute("data-ask")]);
    chat.push(["open"]);
  });
}
