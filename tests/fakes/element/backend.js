// @ts-check
/** The wire: POST {type, params} to one URL; the answer is JSON or a stream of events. */

const ATTEMPTS = 6; // of a streamed call; the real one waits 1 to 10 s between them
const PAUSE = 150; // ms

/** A call that failed. The real element shows nothing for most of them. */
export class CallFailed extends Error {
  /** @param {number} status 0 without an answer */
  constructor(status) {
    super(status === 404 ? "Not Found" : `The request failed (${status}).`);
    this.status = status;
  }
}

/** @typedef {(body: string, accept: string, signal?: AbortSignal) => Promise<Response>} Post */

/**
 * OpenAI: every call carries the client secret; a 401 asks the page for a new one, once.
 * @param {string} base @param {import("./secret.js").ClientSecret} secret @param {() => string} locale
 * @returns {Post}
 */
export function hostedPost(base, secret, locale) {
  const call = (/** @type {string} */ body, /** @type {string} */ accept, /** @type {AbortSignal=} */ signal) =>
    fetch(`${base}chatkit/conversation`, {
      method: "POST",
      headers: { ...headersOf(accept, locale()), Authorization: `Bearer ${secret.value}` },
      body,
      signal,
    });
  return async (body, accept, signal) => {
    await secret.fresh();
    const response = await call(body, accept, signal);
    if (response.status !== 401) return response;
    await secret.renew();
    return call(body, accept, signal);
  };
}

/**
 * A server of the page's own: called by the page's `fetch`, without any authentication of ChatKit's.
 * @param {() => {url: string, fetch?: typeof fetch}} api @param {() => string} locale
 * @returns {Post}
 */
export function customPost(api, locale) {
  return (body, accept, signal) =>
    (api().fetch ?? fetch)(api().url, { method: "POST", headers: headersOf(accept, locale()), body, signal });
}

const INSTANCE = crypto.randomUUID();

/** @param {string} accept @param {string} locale @returns {Record<string, string>} */
function headersOf(accept, locale) {
  return {
    "Content-Type": "application/json",
    "chatkit-frame-instance-id": INSTANCE,
    "Accept-Language": locale,
    accept,
  };
}

/** @param {Post} post @param {string} type @param {object} params @returns {Promise<any>} Throws CallFailed. */
export async function callJson(post, type, params) {
  const response = await post(JSON.stringify({ type, params }), "application/json").catch(() => null);
  if (!response?.ok) throw new CallFailed(response?.status ?? 0);
  return response.json();
}

/**
 * The events of a streamed call. Like the real one it repeats the POST, message and all, after a 5xx, a broken
 * connection, or a 200 that is no event stream.
 * @param {Post} post @param {string} type @param {object} params @param {AbortSignal} signal
 * @returns {AsyncGenerator<any>} Throws CallFailed, or AbortError.
 */
export async function* streamEvents(post, type, params, signal) {
  const body = JSON.stringify({ type, params });
  let status = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt) await new Promise((resolve) => setTimeout(resolve, PAUSE * (0.5 + Math.random())));
    const response = await post(body, "text/event-stream", signal).catch(() => null);
    signal.throwIfAborted();
    status = response?.status ?? 0;
    if (response?.ok && response.headers.get("content-type")?.startsWith("text/event-stream")) {
      yield* readEvents(response);
      return;
    }
    if (status >= 400 && status < 500) break;
  }
  throw new CallFailed(status);
}

/** @param {Response} response */
async function* readEvents(response) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
    rest = /** @type {string} */ (blocks.pop());
    for (const block of blocks) {
      const data = block.split(/\r?\n/).filter((line) => line.startsWith("data:"));
      if (data.length) yield JSON.parse(data.map((line) => line.slice(5)).join("\n"));
    }
  }
}
