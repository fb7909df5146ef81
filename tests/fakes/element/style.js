// @ts-check
/** The style sheet, in the shadow root like the real one's: a page without style-src 'unsafe-inline' shows neither. */

export const STYLE = `
:host { display: block; width: 100%; height: 100%; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.ck-wrapper {
  position: relative; width: 100%; height: 100%; overflow: hidden;
  background: var(--background); color: var(--ink); font: var(--size)/1.5 var(--font);
}
.ck-wrapper[data-color-scheme="dark"] { color-scheme: dark; }
.main { display: flex; flex-direction: column; height: 100%; max-width: 48rem; margin: 0 auto; }
button, textarea, select, input { font: inherit; color: inherit; }
button { cursor: pointer; }
button:disabled { cursor: default; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
svg { width: 1.25em; height: 1.25em; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round;
  stroke-linejoin: round; flex: none; }
.space { flex: 1; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.header { display: flex; align-items: center; gap: 4px; padding: 10px var(--gap); min-height: 56px; }
.header h2 { margin: 0 6px; font-size: 1em; font-weight: 600; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
.icon { display: inline-grid; place-items: center; width: 36px; height: 36px; padding: 0; border: 0;
  background: none; color: var(--muted); border-radius: var(--radius-control); }
.icon:hover { background: var(--soft); color: var(--ink); }

.start { flex: 1; display: flex; flex-direction: column; justify-content: center; gap: var(--gap); min-height: 0;
  overflow: auto; padding: var(--gap); }
.start h2 { margin: 0; font-size: 1.6em; line-height: 1.25; letter-spacing: -0.01em; text-align: center;
  text-wrap: balance; }
.prompts { display: flex; flex-direction: column; gap: 4px; width: 100%; max-width: 26rem; margin: 0 auto; padding: 0;
  list-style: none; }
.prompts li + li { border-top: 1px solid var(--line); padding-top: 4px; }
.prompts button { display: flex; gap: 12px; align-items: center; width: 100%; padding: 11px 14px; border: 0;
  background: none; text-align: start; border-radius: var(--radius-control); }
.prompts button:hover { background: var(--soft); }
.prompts svg { color: var(--link); }

.thread { flex: 1; min-height: 0; overflow: auto; padding: var(--gap); display: flex; flex-direction: column;
  gap: var(--gap); overflow-wrap: anywhere; }
.message { max-width: 100%; animation: appear 0.2s ease-out; }
.message[data-role="user"] { align-self: flex-end; max-width: 82%; }
.message[data-role="user"] .body { padding: 0.55em 1em; background: var(--bubble); color: var(--bubble-ink);
  border-radius: var(--radius-message); white-space: pre-wrap; }
.body > :first-child { margin-top: 0; }
.body > :last-child { margin-bottom: 0; }
.body p, .body ul, .body ol, .body pre, .body table { margin: 0.6em 0; }
.body ul, .body ol { padding-inline-start: 1.4em; }
.body h3 { font-size: 1.1em; margin: 1em 0 0.4em; }
a { color: var(--link); text-underline-offset: 2px; }
code { font: 0.9em var(--mono); background: var(--soft); padding: 0.1em 0.3em; border-radius: 4px; }
pre { overflow: auto; padding: 0.8em 1em; background: var(--soft);
  border-radius: min(var(--radius-message), 12px); }
pre code { padding: 0; background: none; }
table { border-collapse: collapse; display: block; overflow: auto; max-width: 100%; }
th, td { padding: 0.4em 0.8em; border-bottom: 1px solid var(--line); text-align: start; }
.actions { display: flex; gap: 2px; margin-top: 4px; margin-inline-start: -8px; }
.actions [aria-pressed="true"] { color: var(--link); background: var(--soft); }
.progress { margin: 0; color: var(--muted); }
.notice { padding: 0.7em 1em; border: 1px solid var(--line); border-radius: min(var(--radius-message), 12px);
  background: var(--soft); }
.notice p { margin: 0.2em 0; }
.text { padding: 4px 10px; border: 1px solid var(--line); background: none; border-radius: var(--radius-control); }

.composer { margin: 0 var(--gap); padding: 8px; border: 1px solid var(--line);
  border-radius: calc(var(--radius-message) + 4px); background: var(--raised); color: var(--raised-ink);
  box-shadow: 0 2px 10px rgb(0 0 0 / 6%); }
.composer:focus-within { border-color: var(--raised-muted); }
.composer textarea { display: block; width: 100%; padding: 6px 10px; border: 0; background: none; resize: none;
  outline: none; max-height: 160px; }
.composer textarea::placeholder { color: var(--raised-muted); opacity: 1; }
.composer .row { display: flex; align-items: center; gap: 4px; min-height: 36px; }
.composer .icon { color: var(--raised-muted); }
.composer select, .chip { border: 1px solid var(--line); background: none; padding: 4px 10px;
  border-radius: var(--radius-control); font-size: 0.875em; max-width: 12rem; }
.composer select { background: var(--raised); }
.chip { display: inline-flex; gap: 6px; align-items: center; }
.chip[aria-pressed="true"] { background: var(--accent); color: var(--accent-ink); border-color: var(--accent); }
.composer .send { display: inline-grid; place-items: center; width: 36px; height: 36px; padding: 0; border: 0;
  background: var(--accent); color: var(--accent-ink); border-radius: var(--radius-control); }
.composer .send:disabled { opacity: 0.35; }
.closed, .disclaimer, .note { margin: 0; padding: 8px var(--gap) 0; text-align: center; font-size: 0.8125em;
  color: var(--muted); }
.disclaimer[data-high-contrast="true"] { color: var(--ink); }
.note { padding: 6px var(--gap) 10px; }
.toast { margin: 0 auto 8px; padding: 6px 14px; border-radius: var(--radius-control); background: var(--ink);
  color: var(--background); font-size: 0.875em; }

.history { position: absolute; inset: 0; overflow: auto; background: var(--background); }
.history ul { margin: 0; padding: 0 var(--gap) var(--gap); list-style: none; }
.history li { display: flex; align-items: center; gap: 4px; border-radius: var(--radius-control); }
.history li:hover { background: var(--soft); }
.history .pick { flex: 1; min-width: 0; padding: 11px 12px; border: 0; background: none; text-align: start;
  overflow: hidden; text-overflow: ellipsis; white-space: nowrap; border-radius: var(--radius-control); }
.history .empty { padding: 11px 12px; color: var(--muted); }
.history form { display: flex; flex: 1; gap: 8px; padding: 4px; }
.history input { flex: 1; min-width: 0; padding: 6px 10px; border: 1px solid var(--line); background: none;
  border-radius: var(--radius-control); }

@keyframes appear { from { opacity: 0; transform: translateY(4px); } }
@media (prefers-reduced-motion: reduce) { .message { animation: none; } }
@media (forced-colors: active) { .composer, .message .body, .send { border: 1px solid; } }
`;
