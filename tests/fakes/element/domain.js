// @ts-check
/** OpenAI's check of the page's domain. It is skipped on local addresses, so that there nothing ever fails. */

/** @param {URL} url */
export function isLocal(url) {
  const { hostname, port } = url; // port is "" where it is the usual one of the protocol
  const named = ["localhost", "0.0.0.0", "[::1]"].includes(hostname) || hostname.endsWith(".local");
  return named || /^127(\.\d{1,3}){3}$/.test(hostname) || port !== "";
}

/**
 * @param {string} base of the REST API, with a trailing slash
 * @param {{domainKey?: string, url?: string}} api
 * @param {string} secret of a hosted chat, "" if there is none
 * @returns {Promise<{name: string, message: string} | null>} what ends the chat, if anything
 */
export async function domainProblem(base, api, secret) {
  const page = new URL(location.href);
  const server = api.url ? new URL(api.url, page) : page;
  if (isLocal(page) || isLocal(server) || server.protocol !== "https:") return null;
  const failed = { name: "DomainVerificationRequestError", message: "Domain verification request failed" };
  try {
    const response = await askOpenAI(base, api, secret, page.origin);
    if (response.status === 401) return { ...failed, message: `${failed.message} with Unauthorized` };
    if (response.ok && (await response.json()).verified === true) return null;
    return { name: "IntegrationError", message: `Domain verification failed for ${page.origin}` };
  } catch {
    return failed;
  }
}

/** @param {string} base @param {{domainKey?: string}} api @param {string} secret @param {string} origin */
function askOpenAI(base, api, secret, origin) {
  const hosted = api.domainKey === undefined;
  /** @type {Record<string, string>} */
  const headers = { "Content-Type": "application/json" };
  if (hosted) headers.Authorization = `Bearer ${secret}`;
  return fetch(`${base}chatkit/domain_keys/${hosted ? "verify_hosted" : "verify"}`, {
    method: "POST",
    headers,
    body: JSON.stringify({ referrer_origin: origin, ...(hosted ? {} : { domain_key: api.domainKey }) }),
  });
}
