// @ts-check
// Stage 1: draws the launcher and keeps calls until stage 2 is there. Every site downloads it and nothing shortens its
// names, hence the one-letter ones: c configuration, d document, h host element, r shadow root, b launcher, q queued
// calls, p promise of stage 2, l language, i image. What stands between "if" and "end" is left out where the configuration has no such thing.
(() => {
  const c = /** @type {any} */ ("__CONFIG__"), d = document, old = /** @type {any} */ (window).Chatdock;
  if (old?.open) return console.info("[Chatdock] runs already");
  const { mode, target, lang } = d.currentScript?.dataset ?? {};

  // Only what Trusted Types and a strict style-src leave alone: no markup from text, a constructed stylesheet.
  const svg = (/** @type {"svg" | "path"} */ t) => d.createElementNS("http://www.w3.org/2000/svg", t),
    icon = svg("svg"), path = svg("path"), b = d.createElement("button"), h = d.createElement("chat-dock"),
    r = h.attachShadow({ mode: "open" }), s = new CSSStyleSheet();
  r.adoptedStyleSheets = [s];
  path.setAttribute("d", c.icon);
  icon.append(path);

  let p, /** @type {any[][]} */ q = [], retry = "";
  const load = () => p ||= import(c.o + c.s + retry).then(
    (m) => {
      run = m.default({ c, mode, target, h, r, b, path, seen, api });
      q.map((a) => run(...a));
    },
    (e) => {
      console.warn("[Chatdock]", e);
      retry += "?"; // a browser remembers the failed module by its address
      p = 0;
    },
  );
  let run = (/** @type {any[]} */ ...a) => {
    q.push(a);
    /^(on|off|hide|show)$/.test(a[0]) || load();
  };

  /** @type {any} */ const api = /** @type {any} */ (window).Chatdock = { push: (/** @type {any[]} */ ...q) => q.map(([n, ...a]) => api[n]?.(...a)) };
  for (const n of "open close toggle hide show send prefill identify on off destroy".split(" "))
    api[n] = (...a) => {
      if (/hide|show/.test(n)) b.hidden = n == "hide";
      run(n, ...a);
    };
  const warm = () => run("warm");
  Object.assign(b, {
    ariaHasPopup: "dialog", ariaExpanded: false, hidden: mode == "none",
    onclick: () => api.open(), onpointerenter: warm, onfocus: warm, ontouchstart: warm,
  });
  /* if image */
  if (c.image) {
    const i = new Image();
    i.onload = () => icon.replaceWith(i); // where the site's policy forbids it, the icon stays
    i.src = c.image;
  }
  /* end */

  // A framework that empties or replaces the body takes the launcher along.
  const seen = new MutationObserver(() => place());
  const place = () => {
    h.isConnected || d.body.append(h);
    for (const e of [d.documentElement, d.body]) seen.observe(e, { childList: true });
  };
  const start = () => {
    Object.assign(h, c.at);
    s.replaceSync(c.css + /* css */ `
      button {
        position: fixed; z-index: var(--z); inset-inline: var(--at); bottom: var(--y); min-width: var(--s);
        height: var(--s); border: 1px solid #0000; border-radius: var(--r); color: var(--i); background: var(--c);
        font: 500 15px system-ui; box-shadow: 0 4px 16px #0004; cursor: pointer
      }
      button:focus-visible { outline: 3px solid var(--c); outline-offset: 2px; box-shadow: 0 0 0 2px #fff }
      svg, img { width: 28px; height: 28px; vertical-align: middle; fill: currentColor; fill-rule: evenodd }
      @media print { button { display: none } }
    `);
    b.ariaLabel = c.label;
    b.append(icon, c.text);
    if (mode == "inline") return load();
    r.append(b);
    place();
    if (c.t || c.open) setTimeout(load, 1e3); // what they do belongs to stage 2
  };
  const go = () => d.body ? start() : addEventListener("DOMContentLoaded", start);
  /* if g */
  // The page's language goes before the browser's. The default one is found as "": its words are here.
  const l = ("," + [lang || d.documentElement.lang, navigator.languages]).match(c.g)?.[1];
  if (l) p = import(c.o + c.f + "&words=" + l).then((m) => Object.assign(c, m.default), Object).then(() => {
    p = 0; // until now it kept calls from loading stage 2
    go();
    q[0] && load();
  }); else
  /* end */
  go();
  if (old?.map) api.push(...old);
})();
