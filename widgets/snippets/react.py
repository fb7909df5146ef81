"""React, and Next.js with either router: one component."""

from collections.abc import Callable

from widgets.snippets.embed import OPEN, STOP, Embed, Mode, html, indent, js, lines, start
from widgets.snippets.platform import File, Guide, Platform


def _component(embed: Embed) -> str:
    return lines(
        'import { useEffect } from "react";',
        "",
        "export default function Chat() {",
        "  useEffect(() => {",
        indent(4, start(embed)),
        "    return () => {",
        indent(6, STOP),
        "    };",
        "  }, []);",
        "",
        f"  return {_element(embed)};",
        "}",
    )


def _element(embed: Embed) -> str:
    if embed.mode is Mode.POPUP:
        return "null"
    if embed.mode is Mode.INLINE:
        height = f" style={{{{ height: {embed.options.height} }}}}" if embed.options.height else ""
        return f'<div id="{html(embed.options.target)}"{height} />'
    return f'<button type="button" onClick={{() => window.Chatdock?{OPEN}}}>{{{js(embed.label)}}}</button>'


def _guide(path: str, first_line: str, root: str) -> Callable[[Embed], Guide]:
    def guide(embed: Embed) -> Guide:
        where = f"Render <Chat /> once, in {root}." if embed.mode is Mode.POPUP else "Render <Chat /> where it belongs."
        code = lines(*([first_line, ""] if first_line else []), _component(embed))
        return Guide((f"Save the component as {path}.", where), File(path, code))

    return guide


REACT = Platform("react", "React", _guide("src/Chat.jsx", "", "your root component"))
NEXT_APP = Platform("next-app", "Next.js App Router", _guide("app/chat.jsx", '"use client";', "app/layout.jsx"))
NEXT_PAGES = Platform("next-pages", "Next.js Pages Router", _guide("components/Chat.jsx", "", "pages/_app.jsx"))
