"""Stage 1 of the loader: one script per widget, its launcher baked in."""

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Literal, NotRequired, TypedDict

from core.codes import MEANINGS, Code
from embed.assets import ROOT, Asset, make_asset, minify_js, stage_2
from embed.languages import pattern

# Filled paths in a box of 28 by 28; where they overlap is a hole.
_DOT = "a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3"
ICONS = {
    "chat": f"M5.5 20.5A12 10 0 1 1 10 23L5 25ZM8.5 12{_DOT}M14 12{_DOT}M19.5 12{_DOT}",
    "help": "M14 2a12 12 0 1 0 0 24 12 12 0 0 0 0-24ZM9.7 11.3a4.3 4.3 0 1 1 6.7 3.6c-.9.6-1.2 1-1.2 1.9h-2.4"
    f"c0-1.9.8-2.8 2.2-3.7a1.9 1.9 0 1 0-2.9-1.8ZM14 18.5{_DOT}",
    "spark": "M12 4c1 6.6 3.9 9.5 10.5 10.5C15.9 15.5 13 18.4 12 25c-1-6.6-3.9-9.5-10.5-10.5C8.1 13.5 11 10.6 12 4Z"
    "M22 2c.4 2.8 1.7 4.1 4.5 4.5-2.8.4-4.1 1.7-4.5 4.5-.4-2.8-1.7-4.1-4.5-4.5 2.8-.4 4.1-1.7 4.5-4.5Z",
}


class Launcher(TypedDict):
    label: str  # accessible name of the button, title of the frame
    text: str  # shown beside the icon; "": a round button
    icon: str  # a key of ICONS or the https address of an image
    color: str
    ink: str  # of icon and text
    size: int  # px
    side: Literal["right", "left"]  # in a left-to-right page; a right-to-left one mirrors it
    x: int
    y: int
    z: int
    radius: int


class Window(TypedDict):
    w: int
    h: int


class Teaser(TypedDict):
    text: str
    delay: float  # s


class Triggers(TypedDict, total=False):
    """When the chat opens by itself, never on a phone. `urls` says where, the others when; `urls` alone: at once."""

    delay: float  # s
    scroll: int  # percent of the page
    exit: bool  # the pointer leaves through the top of the window
    urls: list[str]  # "/pricing", "/docs/*" or "https://shop.example/*"; * stands for anything


class LoaderConfig(TypedDict):
    o: str  # origin of the frame, e.g. "https://embed.example"
    f: str  # path of the frame
    l: Launcher  # noqa: E741 (the key travels to every site)
    win: Window
    t: Teaser | None
    open: Triggers
    lang: str
    dir: str  # "ltr", "rtl" or "": as the site
    languages: NotRequired[Sequence[str]]  # all that the chat speaks, `lang` among them


# Instead of a launcher's image until it is there, and where the site's policy forbids it.
IN_RESERVE = "M3 5h22v15H13l-6 6v-6H3Z"

# Margin between text and edge of a launcher with text; one without is as wide as it is high.
_TEXT_STYLE = "button{padding:0 20px}svg,img{margin-inline-end:8px}"


_OPTIONAL = re.compile(r"/\* if (\w+) \*/(.*?)/\* end \*/", re.DOTALL)


@cache
def _stage1(has: frozenset[str]) -> str:
    """Only with the parts for what a configuration has: every byte travels to every visitor of every site."""
    source = (ROOT / "loader/stage1.js").read_text()
    wanted = _OPTIONAL.sub(lambda part: part[2] if part[1] in has else "", source)
    # Less by a word and the brackets of a cast.
    return minify_js(wanted).replace("const ", "let ").replace("=(window).", "=window.")


def render_loader(config: LoaderConfig) -> Asset:
    """The script at a widget's address: stage 1 with this configuration and the path of the present stage 2."""
    baked = bake(config)
    source = _stage1(frozenset({"image", "g"} & baked.keys()))
    return make_asset(source.replace('("__CONFIG__")', _literal(baked)), ".js")


def render_words(config: LoaderConfig) -> Asset:
    """A module with what differs in another language; stage 1 takes it over its own configuration."""
    return make_asset(f"export default {_script(bake(config))};\n", ".js")


def bake(config: LoaderConfig) -> dict[str, object]:
    """The configuration as stage 1 reads it."""
    launcher, window = config["l"], config["win"]
    icon, languages = launcher["icon"], config.get("languages", ())
    optional = {
        "image": "" if icon in ICONS else icon,
        "t": config["t"],
        "open": _triggers(config["open"]),
        "g": pattern(languages) if len(languages) > 1 else "",
    }
    return {
        "o": config["o"],
        "f": config["f"],
        "s": stage_2(config["lang"]).path,
        "label": launcher["label"],
        "text": launcher["text"],
        "icon": ICONS.get(icon, IN_RESERVE),
        "css": _style(launcher, window),
        "at": {name: config[name] for name in ("lang", "dir") if config[name]},
        **{name: value for name, value in optional.items() if value},
    }


def style_variables(launcher: Launcher, window: Window) -> dict[str, object]:
    """The CSS variables of both stages, without their dashes."""
    x = launcher["x"]
    return {
        "c": launcher["color"],
        "i": launcher["ink"],
        "s": f"{launcher['size']}px",
        "r": f"{launcher['radius']}px",
        "z": launcher["z"],
        "x": f"{x}px",
        "y": f"{launcher['y']}px",
        "at": f"{x}px auto" if launcher["side"] == "left" else f"auto {x}px",
        "w": f"{window['w']}px",
        "h": f"{window['h']}px",
    }


def _style(launcher: Launcher, window: Window) -> str:
    """An important `all` shuts out the site's own rules."""
    host = "".join(f";--{name}:{value}" for name, value in style_variables(launcher, window).items())
    return f":host{{all:initial!important{host}}}{_TEXT_STYLE if launcher['text'] else ''}"


def render_refusal(code: Code) -> Asset:
    """A script that only logs why there is no chat: a site must never break over it."""
    return make_asset(f"console.warn({_script(f'[Chatdock] {code.value}: {MEANINGS[code].mean}')});\n", ".js")


def _literal(value: object) -> str:
    """A quote less on either side of each key. In what JSON quotes no quote follows a brace or a comma."""
    return re.sub(r'(?<=[{,])"(\w+)":', r"\1:", _script(value))


def _script(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _triggers(triggers: Triggers) -> dict[str, object] | None:
    """Triggers as stage 1 reads them: one regular expression for all addresses, and nothing where nothing triggers."""
    if not triggers:
        return None
    baked: dict[str, object] = {name: value for name, value in triggers.items() if value and name != "urls"}
    if not {"scroll", "exit"} & baked.keys():
        baked.setdefault("delay", 0)
    return {**baked, "urls": "|".join(map(_address, triggers.get("urls", [])))}


def _address(pattern: str) -> str:
    """A regular expression, for JavaScript, of whole addresses; a query or fragment beyond the pattern is no matter."""
    text = re.sub(r"[^\w*/:-]", lambda match: "\\" + match[0], pattern).replace("*", ".*")
    origin = "https?://[^/]+" if pattern.startswith("/") else "" if "://" in pattern else "https?://"
    return f"^{origin}{text}(?:[?#].*)?$"
