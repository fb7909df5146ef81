// @ts-check
/** @type {Promise<void> | null} */
let loading = null;

/**
 * Loads chatkit.js and waits for its element. A failed load may be tried again.
 * @param {string} url
 * @returns {Promise<void>} rejects when the script does not load
 */
export function loadScript(url) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => customElements.whenDefined("openai-chatkit").then(() => resolve());
    script.onerror = () => {
      loading = null;
      script.remove();
      reject(new Error("chatkit.js"));
    };
    document.head.append(script);
  });
  return loading;
}
