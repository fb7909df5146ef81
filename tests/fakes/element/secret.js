// @ts-check
/** Client secrets: their format, and when ChatKit asks for a new one. */

const MARGIN = 30; // seconds before its end, a secret counts as expired

/**
 * Text up to the last "_", a version (00 or 01), then base64 of JSON claims.
 * @param {unknown} text
 * @returns {{value: string, expiresAt: number} | null} expiresAt in Unix seconds; null for any other format
 */
export function parseSecret(text) {
  const found = typeof text === "string" && /^.*_(?:00|01)([A-Za-z0-9+/=]+)$/s.exec(text);
  if (!found) return null;
  try {
    const { expires_at: expiresAt } = JSON.parse(atob(found[1]));
    return typeof expiresAt === "number" ? { value: found[0], expiresAt } : null;
  } catch {
    return null;
  }
}

/** The secret of one element. There is no timer: it is looked at before each request. */
export class ClientSecret {
  #ask;
  #onInvalid;
  /** @type {ReturnType<typeof parseSecret>} */
  #current = null;
  /** @type {Promise<void> | null} */
  #asking = null;

  /**
   * @param {() => (current: string | null) => Promise<string>} ask gives the page's function as it is now
   * @param {() => void} onInvalid
   */
  constructor(ask, onInvalid) {
    this.#ask = ask;
    this.#onInvalid = onInvalid;
  }

  /** "" while there is none. */
  get value() {
    return this.#current?.value ?? "";
  }

  /** A secret with some time left, if the page has one to give. */
  async fresh() {
    if (!this.#current || this.#current.expiresAt - MARGIN <= Date.now() / 1000) await this.renew();
    return this.value;
  }

  /** Ask the page; calls at the same time share one question. What fails is swallowed, the old secret stays. */
  renew() {
    this.#asking ??= this.#renew().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #renew() {
    let given;
    try {
      given = await this.#ask()(this.#current?.value ?? null);
    } catch {
      return;
    }
    const parsed = parseSecret(given);
    if (parsed) this.#current = parsed;
    else this.#onInvalid();
  }
}
