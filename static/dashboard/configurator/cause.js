// @ts-check

/**
 * Tells the admin why the preview's chat fails; visitors read a plain sentence in the chat.
 * @param {HTMLElement} note
 * @param {{meanings: Record<string, string>, announce: (text: string) => void}} parts meanings: by code, see core/codes.py
 * @returns {(code: string, reason?: string) => void} code "": nothing fails
 */
export function causeIn(note, { meanings, announce }) {
  const text = /** @type {HTMLElement} */ (note.querySelector("span"));
  return (code, reason) => {
    if (code === "credential_missing") code = ""; // stands beside the settings already
    note.hidden = !code;
    if (!code) return;
    text.textContent = `Only you read this: ${meanings[code] ?? reason ?? ""} (${code})`;
    announce(text.textContent);
  };
}
