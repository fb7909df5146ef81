// @ts-check
import { ApiError } from "../api.js";
import { say } from "../boot.js";

/**
 * Why there is no ChatKit. `message` is the visitor's, `reason` the owner's and goes to the site's console.
 * @typedef {{code: string, message: string, reason: string}} Failure
 */

/** @param {string} code @param {string} reason @returns {Failure} */
function failure(code, reason) {
  const sentence = "The assistant cannot be reached right now. Please try again in a moment.";
  return { code, reason, message: say(sentence) };
}

/** @param {any} error whatever kept ChatKit from starting @returns {Failure} */
export function toFailure(error) {
  if (error instanceof ApiError) return { code: error.code, message: error.message, reason: error.message };
  return error.reason ? error : failure("upstream_malformed", String(error));
}

export const scriptFailed = () =>
  failure("upstream_unreachable", "chatkit.js did not load: OpenAI's host, the network or a content blocker.");

export const tooSlow = () => failure("upstream_timeout", "ChatKit did not come up within 15 seconds.");

export const frameGone = () => failure("upstream_error", "ChatKit removed its own frame, as it does after a refusal.");

/**
 * Only some of ChatKit's errors end it; the rest it shows or survives.
 * @param {{name?: string, message?: string}} error of a `chatkit.error` event
 * @param {boolean} ready the composer was there: a refused later `setOptions` leaves the old one standing
 * @returns {Failure | null}
 */
export function fatal({ name = "", message = "" }, ready) {
  if (name === "DomainVerificationRequestError" || message.includes("Domain verification failed")) {
    return failure(
      "openai_forbidden",
      `OpenAI does not accept ${location.origin}. Add it to the domain allowlist of the key's organization.`,
    );
  }
  if (!ready && message.includes("ChatKit.create()")) {
    return failure("openai_bad_request", `ChatKit refused its options: ${message}`);
  }
  return null;
}
