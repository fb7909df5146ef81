"""Our own scripts and styles as the browser gets them: joined, minified, precompressed, named after their content.

Made once per process, on first use. Nothing here bundles foreign code, so the joiner may be as small as it is: modules
and style sheets under static/ import each other by relative path and by name, and no two modules declare the same
top-level name.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath

import brotli
import rjsmin
from django.conf import settings

from embed.strings import spoken_tag, translate_loader
from widgets.types import all_types

ROOT = Path(settings.BASE_DIR) / "static"
PREFIX = "/embed/"
ENTRIES = {
    "loader.js": "loader/stage2.js",
    "frame.css": "frame/frame.css",
    "frame-preview.js": "frame/preview.js",
    "preview-host.js": "preview/host.js",
    "preview-host.css": "preview/host.css",
    "preview-loader.js": "loader/stage1.js",
}
# On the preview's page stage 1 takes the configuration that the page has just been told.
_PREVIEW_CONFIG = {"preview-loader.js": ('"__CONFIG__"', "window.chatdockPreview")}
CONTENT_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}

_LONGEST_ACCEPT = 256  # characters; what is remembered must stay small
_OF_LANGUAGE = re.compile(r"loader-([a-z]+)\.js")
_OF_TYPE = re.compile(r"(frame|preview)-(\w+)(\.js|\.css)")
_IMPORT = re.compile(r"""^import\s(?:[^;"']*?\sfrom\s)?["']([^"']+)["'];[ \t]*\n?""", re.MULTILINE)
_EXPORT = re.compile(r"^export\s+(?=(?:async|function|class|const|let)\b)", re.MULTILINE)
_DECLARED = re.compile(r"^(?:export\s+)?(?:async\s+)?(?:function\*?|class|const|let)\s+([\w$]+)", re.MULTILINE)
_CSS_IMPORT = re.compile(r"""^@import "([^"]+)";\n""", re.MULTILINE)
_CSS_IN_JS = re.compile(r"/\* css \*/\s*`([^`]*)`")
_CSS_TOKEN = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|/\*.*?\*/|\s*([{};,])\s*|(:)\s+|(\s+)""", re.DOTALL)


class AssetError(Exception):
    """A source that cannot be joined: a mistake of ours, found by the tests."""


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    gzip: bytes
    br: bytes
    etag: str  # with its quotes
    content_type: str
    path: str  # "" for what is served at an address of its own

    def negotiate(self, accept_encoding: str) -> tuple[bytes, str | None]:
        """The smallest body the client takes, and its Content-Encoding."""
        accepted = _accepted(accept_encoding[:_LONGEST_ACCEPT])
        if "br" in accepted:
            return self.br, "br"
        return (self.gzip, "gzip") if "gzip" in accepted else (self.body, None)


@lru_cache(64)  # browsers send the same few
def _accepted(accept_encoding: str) -> set[str]:
    parts = (part.replace(" ", "").lower().partition(";q=") for part in accept_encoding.split(","))
    return {name for name, _, quality in parts if quality.strip("0.") or not quality}


def make_asset(text: str, suffix: str, name: str = "") -> Asset:
    """Compress `text`; with `name` ("loader.js") it gets a path that holds its hash."""
    body = text.encode()
    digest = hashlib.sha256(body).hexdigest()[:16]
    return Asset(
        body=body,
        gzip=gzip.compress(body, 9, mtime=0),
        br=brotli.compress(body, mode=brotli.MODE_TEXT, quality=11),
        etag=f'"{digest}"',
        content_type=CONTENT_TYPES[suffix],
        path=f"{PREFIX}{name.removesuffix(suffix)}.{digest}{suffix}" if name else "",
    )


@cache
def get_asset(name: str) -> Asset:
    """An asset by its plain name, such as "frame-n8n.css". Raises KeyError for a name that nothing has."""
    source = _source(name)
    if source is None:
        raise KeyError(name)
    text = minify_css(join_styles(source)) if source.suffix == ".css" else minify_js(join_modules(source))
    if name in _PREVIEW_CONFIG:
        text = text.replace(*_PREVIEW_CONFIG[name])
    if translated := _OF_LANGUAGE.fullmatch(name):
        text = translate_loader(text, translated[1])
    return make_asset(text, source.suffix, name)


def stage_2(language: str) -> Asset:
    """The loader's second stage, with its few words in this language."""
    spoken = spoken_tag(language)
    return get_asset(f"loader-{spoken}.js" if spoken else "loader.js")


def has_asset(name: str) -> bool:
    source = _source(name)
    return source is not None and source.exists()


def _source(name: str) -> Path | None:
    """Of a type's frame: static/frame/<type>.js, or what the type declares. Its style sheet stands beside it; what it
    adds in the configurator alone is preview.js in the folder of its name."""
    of_language = _OF_LANGUAGE.fullmatch(name)
    if of_language and spoken_tag(of_language[1]):
        name = "loader.js"
    if name in ENTRIES:
        return ROOT / ENTRIES[name]
    of_type = _OF_TYPE.fullmatch(name)
    kind = all_types().get(of_type[2]) if of_type else None
    if of_type is None or kind is None:
        return None
    frame = kind.frame_script or ROOT / f"frame/{kind.id}.js"
    return frame.with_suffix(of_type[3]) if of_type[1] == "frame" else frame.with_suffix("") / f"preview{of_type[3]}"


def find_asset(file: str) -> Asset | None:
    """The asset for a hashed file name, such as "loader.0f3a….js".

    A hash of an older or newer release gets this release's bytes, because a page may hold a cached stage 1 from before
    a deployment. The caller then compares `asset.path` and must not call that answer immutable.
    """
    parts = PurePosixPath(file).name.split(".")
    name = f"{parts[0]}.{parts[-1]}"
    return get_asset(name) if len(parts) == 3 and has_asset(name) else None


def join_modules(entry: Path) -> str:
    """One script out of `entry` and all it imports, in the order in which a browser would run them.

    An entry with exports stays a module; any other becomes a strict function that runs at once, for any kind of tag.
    Raises AssetError for a bare or renaming import and for a name that two modules declare.
    """
    order: list[Path] = []
    _visit(entry, order)
    texts = [path.read_text() for path in order]
    _check_names(order, texts)
    *bodies, last = [_IMPORT.sub("", text) for text in texts]
    joined = "\n".join([*(_EXPORT.sub("", body) for body in bodies), last])
    return joined if re.search(r"^export\b", last, re.MULTILINE) else f'(() => {{"use strict";\n{joined}\n}})();\n'


def _visit(path: Path, order: list[Path], above: tuple[Path, ...] = ()) -> None:
    if path in order or path in above:
        return
    for statement in _IMPORT.finditer(path.read_text()):
        target = statement[1]
        if not target.startswith(".") or " as " in statement[0]:
            raise AssetError(f"{path.name}: only plain relative imports can be joined, not {statement[0].strip()}")
        _visit((path.parent / target).resolve(), order, (*above, path))
    order.append(path)


def _check_names(paths: list[Path], texts: list[str]) -> None:
    owners: dict[str, Path] = {}
    for path, text in zip(paths, texts, strict=True):
        for name in set(_DECLARED.findall(text)):
            if name in owners:
                raise AssetError(f"{path.name} and {owners[name].name} both declare {name}")
            owners[name] = path


def join_styles(entry: Path) -> str:
    """One style sheet out of `entry` and all it imports."""
    return _CSS_IMPORT.sub(lambda match: join_styles(entry.parent / match[1]), entry.read_text())


def minify_js(text: str) -> str:
    """Without comments and needless white space; a template string marked `/* css */` is minified as CSS."""
    text = _CSS_IN_JS.sub(lambda match: f"`{minify_css(match[1])}`", text)
    return str(rjsmin.jsmin(text))


def minify_css(text: str) -> str:
    """Without comments and needless white space. White space that can mean something stays."""
    return _CSS_TOKEN.sub(_css_token, text).replace(";}", "}").strip()


def _css_token(match: re.Match[str]) -> str:
    string, mark, colon, space = match.groups()
    return string or mark or colon or (" " if space else "")
