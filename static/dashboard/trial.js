// @ts-check
// <trial-chat data-url data-preview data-trial> loads the chat into the iframe inside it. By a form: what stands in an
// address is logged, and these tokens stand for what was typed.

customElements.define(
  "trial-chat",
  class extends HTMLElement {
    connectedCallback() {
      const { url, ...tokens } = this.dataset;
      const form = document.createElement("form");
      const target = this.querySelector("iframe")?.name;
      Object.assign(form, { method: "post", action: url, target, hidden: true });
      for (const [name, value] of Object.entries(tokens)) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name, value });
        form.append(field);
      }
      document.body.append(form);
      form.submit();
      form.remove();
    }
  },
);
