// @ts-check
import { activate, ApiError, keepVisitor, post, reloadOnce, tokenHeaders } from "../api.js";
import { boot } from "../boot.js";

/**
 * Starts a session with OpenAI through our server.
 * @returns {Promise<string>} its client secret
 * @throws {ApiError}
 */
export async function mint() {
  const response = await post(/** @type {string} */ (boot.api.session), {});
  return (await response.json()).client_secret;
}

/**
 * `api` of the hosted backend. ChatKit asks with null at its start, later when a secret is about to expire, and
 * swallows what goes wrong then.
 * @param {string} first the secret that was fetched before there was an element
 * @param {{minted: () => void, failed: (error: ApiError) => void}} on later ones
 */
export function hostedApi(first, on) {
  let unused = first;
  return {
    /** @param {string | null} current */
    async getClientSecret(current) {
      if (current === null && unused) {
        const secret = unused;
        unused = "";
        return secret;
      }
      try {
        const secret = await mint();
        on.minted();
        return secret;
      } catch (error) {
        on.failed(/** @type {ApiError} */ (error));
        throw error;
      }
    },
  };
}

/**
 * `api` of a ChatKit server of the owner's own, behind our relay.
 * @param {string} domainKey
 */
export function customApi(domainKey) {
  return { url: boot.api.backend, domainKey, fetch: relay, uploadStrategy: { type: "two_phase" } };
}

/** @param {RequestInfo | URL} input @param {RequestInit} [init] */
async function relay(input, init = {}) {
  activate();
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(tokenHeaders())) headers.set(name, value);
  const response = await fetch(input, { ...init, headers });
  keepVisitor(response);
  const expired = response.headers.get("X-Chatdock-Error") === "token_expired";
  return expired && reloadOnce() ? new Promise(() => {}) : response; // ChatKit shows nothing of it meanwhile
}
