// @ts-check
// Forms with data-passkey: sending one asks the browser for a passkey and puts what it says into the field `credential`.
// "create" and "get" find the server's options in the script block #passkey; "login" fetches them from the form's action.
// Web Authentication Level 3, https://www.w3.org/TR/webauthn-3/: JSON has base64url where the browser wants bytes.

const NOT_DONE = "That did not work. Try again, or use another way.";

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (form instanceof HTMLFormElement && "PublicKeyCredential" in window) {
    form.hidden = false;
    form.addEventListener("submit", (event) => ask(event, form));
  }
}

/** @param {SubmitEvent} event @param {HTMLFormElement} form */
async function ask(event, form) {
  event.preventDefault();
  const error = /** @type {HTMLElement} */ (form.querySelector("[role=alert]"));
  error.textContent = "";
  try {
    const credential = await (form.dataset.passkey === "create" ? create(form) : get(form));
    /** @type {HTMLInputElement} */ (form.elements.namedItem("credential")).value = JSON.stringify(credential);
  } catch (reason) {
    console.warn("Passkey:", reason);
    error.textContent = NOT_DONE;
    return;
  }
  form.submit(); // not requestSubmit: that would ask again
}

/** @param {HTMLFormElement} form */
async function create(form) {
  const options = (await optionsOf(form)).creation_options.publicKey;
  const alone = form.querySelector("[name=passwordless]:checked") !== null;
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: (options.excludeCredentials ?? []).map(withBytes),
    authenticatorSelection: {
      ...options.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      userVerification: alone ? "required" : "preferred",
    },
    extensions: { credProps: true },
  };
  const made = /** @type {any} */ (await navigator.credentials.create({ publicKey }));
  const transports = made.response.getTransports?.() ?? [];
  return plain(made, { transports, ...texts(made.response, ["clientDataJSON", "attestationObject"]) });
}

/** @param {HTMLFormElement} form */
async function get(form) {
  const options = (await optionsOf(form)).request_options.publicKey;
  const allowCredentials = (options.allowCredentials ?? []).map(withBytes);
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials };
  const found = /** @type {any} */ (await navigator.credentials.get({ publicKey }));
  return plain(found, texts(found.response, ["clientDataJSON", "authenticatorData", "signature", "userHandle"]));
}

/** @param {HTMLFormElement} form @returns {Promise<any>} */
async function optionsOf(form) {
  const given = document.getElementById("passkey");
  if (given) return JSON.parse(given.textContent ?? "");
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

/** @param {any} credential @param {object} response */
function plain(credential, response) {
  const { id, type, authenticatorAttachment } = credential;
  const clientExtensionResults = credential.getClientExtensionResults();
  return { id, rawId: text(credential.rawId), type, authenticatorAttachment, clientExtensionResults, response };
}

/** @param {any} response @param {string[]} names */
function texts(response, names) {
  return Object.fromEntries(names.filter((name) => response[name]).map((name) => [name, text(response[name])]));
}

/** @param {{id: string}} entry */
function withBytes(entry) {
  return { ...entry, id: bytes(entry.id) };
}

/** @param {string} encoded base64url */
function bytes(encoded) {
  return Uint8Array.from(atob(encoded.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer */
function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
