// @ts-check
// The variables come with stage 1, see embed/loader.py. Classes: p panel, o open, b without a launcher below, i inline,
// s settled, r reached the chat, f failed, x close, t teaser, m its message, n number of unread messages.
export const INLINE_STYLE = /* css */ `
  :host { display: block !important; width: 100% !important; height: 100% !important }
`;

export const PANEL_STYLE = /* css */ `
  .p, .t { position: fixed; z-index: var(--z); inset-inline: var(--at); bottom: calc(var(--y) + var(--s) + 12px);
    box-sizing: border-box; overflow: hidden; border: 1px solid #0002; border-radius: 16px; background: #fff;
    color: #222; font: 15px/1.5 system-ui, sans-serif; box-shadow: 0 8px 40px #0003 }
  .p { visibility: hidden; opacity: 0; width: min(var(--w), 100vw - 2 * var(--x));
    height: min(var(--h), 100dvh - var(--y) - var(--s) - 28px) }
  .o { visibility: visible; opacity: 1 }
  .b { --s: -12px }
  .i { position: relative; height: 100%; font: 15px/1.5 system-ui, sans-serif; color: #222 }
  .i .x { display: none }
  iframe, .f { position: absolute; inset: 0; width: 100%; height: 100%; border: 0 }
  .p:not(.s)::before, .i:not(.s)::before { content: ""; position: absolute; inset: 0; margin: auto; width: 24px;
    height: 24px; border: 3px solid #8884; border-top-color: var(--c); border-radius: 50% }
  .f { display: grid; place-content: center; box-sizing: border-box; margin: 0; padding: 48px; background: #fff;
    text-align: center }
  .x { all: unset; box-sizing: border-box; width: 44px; height: 44px; font: 24px/44px system-ui; text-align: center;
    cursor: pointer }
  .p .x { position: absolute; top: 4px; inset-inline-end: 4px; border-radius: 50%; background: #fff }
  .r .x { display: none }
  .n { position: absolute; top: -4px; inset-inline-end: -4px; min-width: 20px; box-sizing: border-box; padding: 0 5px;
    border: 1px solid #fff; border-radius: 11px; background: #c8102e; color: #fff; font: 600 12px/20px system-ui }
  .t { display: flex; align-items: start; max-width: 280px }
  .m { all: unset; padding: 12px 0 12px 16px; cursor: pointer }
  .m:focus-visible { outline-offset: -4px }
  @media (prefers-reduced-motion: no-preference) {
    [aria-haspopup] { transition: scale .2s }
    [aria-haspopup]:hover { scale: 1.06 }
    .p { translate: 0 12px; transition: opacity .2s, translate .2s, visibility .2s }
    .o { translate: none; transition: opacity .2s, translate .2s }
    .t { transition: opacity .3s, translate .3s }
    @starting-style { .t { opacity: 0; translate: 0 8px } }
    ::before { animation: spin .8s linear infinite }
    @keyframes spin { to { rotate: 1turn } }
  }
  @media (max-width: 480px), (max-height: 480px) {
    .p { inset: 0; bottom: auto; width: 100%; height: 100dvh; border: 0; border-radius: 0 }
    .o ~ button { visibility: hidden }
  }
  @media print { .p, .t { display: none } }
`;
