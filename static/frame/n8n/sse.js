// @ts-check

/**
 * Reads a `text/event-stream` (WHATWG HTML, "Server-sent events") as far as our server uses it.
 * @param {ReadableStream<BufferSource>} body
 * @param {() => void} heard called for whatever arrives, comments included
 * @returns {AsyncGenerator<{event: string, data: any}>} `data` is the parsed JSON
 */
export async function* readEvents(body, heard) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let event = "message";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    heard();
    const lines = value.split("\n");
    lines[0] = rest + lines[0];
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("event:")) event = line.slice(6).trim();
      else if (line.startsWith("data:")) yield { event, data: JSON.parse(line.slice(5)) };
      else if (!line.trim()) event = "message";
    }
  }
}
