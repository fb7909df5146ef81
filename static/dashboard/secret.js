// @ts-check
// <secret-field data-shape="basic" data-follows="auth"> asks for a secret by its parts: user and password, or headers.
// The text field inside it is what is sent, and without scripts all there is. `data-follows`: the field of the same form
// whose value is the shape. What is typed is only ever the value of a field, and goes when the form is reset.

const announcer = /** @type {HTMLElement} */ (document.getElementById("announcer"));
const MIRRORED = ["aria-invalid", "aria-describedby"];

class SecretField extends HTMLElement {
  shape = "";
  parts = document.createElement("div");
  note = document.createElement("p");
  made = 0;
  /** @type {Map<string, Element[]>} what was typed into another shape stays for its return */
  kept = new Map();

  get source() {
    return /** @type {HTMLInputElement} */ (this.querySelector("[data-kind]"));
  }

  get inputs() {
    return [...this.parts.querySelectorAll("input")];
  }

  connectedCallback() {
    const label = /** @type {HTMLLabelElement} */ (this.querySelector("label"));
    label.id = `${this.source.id}-label`;
    this.parts.className = "parts";
    this.parts.role = "group";
    this.parts.setAttribute("aria-labelledby", label.id);
    this.parts.addEventListener("input", (event) => this.fill(/** @type {HTMLInputElement} */ (event.target)));
    this.source.addEventListener("focus", () => this.inputs[0]?.focus());
    new MutationObserver(() => this.mirror()).observe(this.source, { attributeFilter: MIRRORED });
    this.note.className = "error";
    this.note.role = "alert";
    this.source.form?.addEventListener("submit", (event) => this.judge(event), { capture: true });
    this.source.form?.addEventListener("reset", () => {
      this.kept.clear();
      this.build();
    });
    const leader = this.source.form?.elements.namedItem(this.dataset.follows ?? "");
    if (leader instanceof HTMLSelectElement) {
      leader.addEventListener("input", () => this.take(leader.value));
      this.take(leader.value);
    } else this.take(this.dataset.shape ?? "");
  }

  /** @param {string} shape */
  take(shape) {
    if (shape === this.shape || !(shape in SHAPES)) return;
    this.kept.set(this.shape, [...this.parts.children]);
    this.shape = shape;
    this.source.after(this.parts, this.note);
    this.source.tabIndex = -1;
    this.source.ariaHidden = "true";
    this.source.classList.add("visually-hidden");
    for (const help of this.querySelectorAll("[data-text-only]")) help.setAttribute("hidden", "");
    this.build(this.kept.get(shape));
    this.source.value = SHAPES[shape].join(this.inputs);
  }

  /** @param {Element[]} [parts] as they were left */
  build(parts) {
    if (this.shape) this.parts.replaceChildren(...(parts ?? SHAPES[this.shape].make(this)));
    this.mirror();
  }

  /** @param {HTMLInputElement} [typed] */
  fill(typed) {
    this.source.value = SHAPES[this.shape].join(this.inputs, typed);
    this.source.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** What is wrong with the parts is told before they are sent: sent, they would not come back. @param {Event} event */
  judge(event) {
    const wrong = this.shape && this.checkVisibility() ? SHAPES[this.shape].problem(this.inputs) : null;
    this.note.textContent = wrong?.told ?? "";
    for (const input of this.inputs) input.ariaInvalid = String(input === wrong?.at);
    if (!wrong) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    wrong.at.focus();
  }

  /** What is said of the text field is said of its parts. */
  mirror() {
    for (const input of this.inputs) {
      for (const name of MIRRORED) {
        const value = this.source.getAttribute(name);
        if (value === null) input.removeAttribute(name);
        else input.setAttribute(name, value);
      }
    }
  }

  addHeader() {
    const rows = this.parts.querySelectorAll(".parts-row");
    const row = headerRow(this);
    if (rows.length) rows[rows.length - 1].after(row);
    else this.parts.prepend(row);
    this.mirror();
    row.querySelector("input")?.focus();
    announcer.textContent = "Added";
  }

  /** @param {Element} row */
  removeHeader(row) {
    const next = row.nextElementSibling?.querySelector("button") ?? this.parts.querySelector(":scope > button");
    row.remove();
    this.fill();
    /** @type {HTMLElement} */ (next ?? this).focus();
    announcer.textContent = "Removed";
  }
}

/** What no header is named: RFC 9110, section 5.1. */
const NO_NAME = /[^\w!#$%&'*+.^`|~-]/;

/** @typedef {{told: string, at: HTMLInputElement} | null} Problem */
/** @typedef {(inputs: HTMLInputElement[], typed?: HTMLInputElement) => string} Join */
/** @type {Record<string, {make: (field: SecretField) => HTMLElement[], join: Join, problem: (inputs: HTMLInputElement[]) => Problem}>} */
const SHAPES = {
  basic: {
    make: () => {
      const row = document.createElement("div");
      row.className = "parts-row";
      row.append(part("User", "text"), part("Password", "password"));
      return [row];
    },
    join: ([user, password], typed) => {
      if (typed === user && user.value.includes(":")) {
        // Typed or pasted as one: a user has no colon.
        const [name, ...rest] = user.value.split(":");
        user.value = name;
        password.value = rest.join(":") + password.value;
        password.focus();
      }
      return user.value || password.value ? `${user.value}:${password.value}` : "";
    },
    problem: ([user, password]) => {
      if (Boolean(user.value) === Boolean(password.value)) return null;
      return user.value ? { told: "Enter the password, too.", at: password } : { told: "Enter the user, too.", at: user };
    },
  },
  headers: {
    make: (field) => [headerRow(field), button("Add a header", () => field.addHeader())],
    join: (inputs) => {
      const names = inputs.filter((_, index) => index % 2 === 0);
      const pairs = names.map((name, index) => [name.value.trim(), inputs[2 * index + 1].value]);
      const typed = pairs.filter(([name, value]) => name || value);
      return typed.length ? JSON.stringify(Object.fromEntries(typed)) : "";
    },
    problem: (inputs) => {
      const seen = new Set();
      for (let index = 0; index < inputs.length; index += 2) {
        const at = inputs[index];
        const name = at.value.trim();
        if (!name && inputs[index + 1].value) return { told: "This value has no header. Name it, or remove it.", at };
        if (NO_NAME.test(name)) return { told: `“${name}” cannot be the name of a header.`, at };
        if (name && seen.has(name.toLowerCase())) return { told: `“${name}” is there twice. Keep one.`, at };
        seen.add(name.toLowerCase());
      }
      return null;
    },
  },
};

/** @param {SecretField} field */
function headerRow(field) {
  const row = document.createElement("div");
  row.className = "parts-row";
  row.role = "group";
  row.ariaLabel = `Header ${(field.made += 1)}`;
  row.append(part("Header", "text"), part("Value", "password"), button("Remove", () => field.removeHeader(row)));
  return row;
}

/** @param {string} name @param {"text" | "password"} type */
function part(name, type) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { type, autocomplete: type === "password" ? "new-password" : "off", spellcheck: false });
  label.append(name, input);
  return label;
}

/** @param {string} name @param {() => void} act */
function button(name, act) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "button button--quiet button--small", textContent: name });
  made.addEventListener("click", act);
  return made;
}

customElements.define("secret-field", SecretField);
