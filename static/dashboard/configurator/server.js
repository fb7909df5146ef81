// @ts-check

/** @typedef {{status: number, data: any}} Answer status 0: nobody answered; 401: logged out; 403: not allowed */

/**
 * POSTs JSON to the dashboard. Never throws.
 * @param {string} url
 * @param {object} body
 * @param {Record<string, string>} [headers]
 * @returns {Promise<Answer>}
 */
export async function post(url, body, headers = {}) {
  try {
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual", // to the login page
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), ...headers },
      body: JSON.stringify(body),
    });
    if (response.type === "opaqueredirect") return { status: 401, data: {} };
    if (response.status === 403 && !csrfToken()) return { status: 401, data: {} }; // the cookies are gone
    return { status: response.status, data: await response.json().catch(() => ({})) };
  } catch {
    return { status: 0, data: {} };
  }
}

/** From the cookie: a login in another tab makes a new one. */
function csrfToken() {
  return document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]+)/)?.[1] ?? "";
}
