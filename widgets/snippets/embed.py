"""What every snippet is made of: the address, the options that differ from the default, and two ways to escape."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from accounts.brands import embed_url
from widgets.models import Widget

_JS_SAFE = str.maketrans({"<": "\\u003c", "{": "\\u007b", "\u2028": "\\u2028", "\u2029": "\\u2029"})


class Mode(StrEnum):
    """`data-mode` of the tag; the popup is what the loader does unasked."""

    POPUP = "popup"
    INLINE = "inline"
    API = "none"

    @property
    def label(self) -> str:
        return {"popup": "Button in the corner", "inline": "In the page", "none": "Your own button"}[self.value]


@dataclass(frozen=True, slots=True)
class Options:
    """What the owner chose. `target`: id of the element that an inline chat fills; `height` in pixels, None: the
    height of the widget's window."""

    mode: Mode = Mode.POPUP
    target: str = "chat"
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Embed:
    source: str  # of the loader
    link: str  # the full-page chat
    label: str  # of the launcher: what a button or a frame is called
    window: int  # height of the chat in pixels
    options: Options

    @property
    def mode(self) -> Mode:
        return self.options.mode

    @property
    def data(self) -> Mapping[str, str]:
        """The tag's data attributes: only what is not the default."""
        if self.mode is Mode.INLINE:
            return {"mode": "inline", "target": f"#{self.options.target}"}
        return {"mode": "none"} if self.mode is Mode.API else {}


def make_embed(widget: Widget, chat_url: str, options: Options) -> Embed:
    return Embed(
        f"{embed_url(widget.license.organization)}/api/widget/{widget.license.public_id}/chat-widget.js?widget={widget.public_id}",
        chat_url,
        widget.draft.get("launcher", {}).get("label") or "Chat",
        options.height or widget.draft.get("window", {}).get("height") or 640,
        options,
    )


def html(text: str) -> str:
    """For text and quoted attributes in HTML, also where PHP, Liquid or a framework's template reads it first."""
    return escape(text).replace("{", "&#123;")


def js(text: str) -> str:
    """A JavaScript string that ends no script block and opens no template."""
    return json.dumps(text, ensure_ascii=False).translate(_JS_SAFE)


def tag(embed: Embed) -> str:
    data = "".join(f' data-{name}="{html(value)}"' for name, value in embed.data.items())
    return f'<script async fetchpriority="low" referrerpolicy="origin" src="{html(embed.source)}"{data}></script>'


def place(embed: Embed) -> str:
    """The element that an inline chat fills. Empty, it takes the height of the chat's window."""
    height = f' style="height: {embed.options.height}px"' if embed.options.height else ""
    return f'<div id="{html(embed.options.target)}"{height}></div>'


def start(embed: Embed, script: str = "const script", api: str = "window.Chatdock") -> list[str]:
    """Lines of JavaScript that load the chat, where no tag can be written. `script`: what the element is assigned to;
    `script` must be in scope behind it. `api`: how the language writes the global."""
    queue = [f"{api} = {api} || [];"] if embed.mode is Mode.API else []
    return [
        *queue,
        f'{script} = document.createElement("script");',
        f"script.src = {js(embed.source)};",
        "script.async = true;",
        'script.referrerPolicy = "origin";',
        *(f"script.dataset.{name} = {js(value)};" for name, value in embed.data.items()),
        "document.head.appendChild(script);",
    ]


# The end of a component: without it, the next page would find the chat "already there" and nowhere to be seen.
STOP = ["script.remove();", "window.Chatdock?.destroy?.();"]
OPEN = '.push(["open"])'  # behind window.Chatdock: works before the script has loaded, and after


def lines(*parts: str) -> str:
    return "\n".join(parts)


def indent(spaces: int, text: list[str]) -> str:
    return "\n".join(" " * spaces + line for line in text)
