"""The frame page: everything that is the same for every visitor is made once, when a widget is read."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from core.codes import MEANINGS, Code
from core.scriptjson import script_json
from embed.assets import get_asset, has_asset
from embed.strings import strings_for
from widgets.models import Widget
from widgets.types.base import FrameSources
from widgets.types.common import CommonConfiguration
from widgets.types.languages import direction_of

_NONCE, _BOOT = b"@nonce@", b"@boot@"
PREVIEW_SENTENCES = {
    "error": MEANINGS[Code.UPSTREAM_ERROR].say,
    "limited": MEANINGS[Code.RATE_LIMITED].say,
    "suspended": MEANINGS[Code.LICENSE_SUSPENDED].say,
    "offline": "The chat cannot be reached. Check your connection and try again.",  # the n8n chat has its own
}


@dataclass(frozen=True, slots=True)
class FramePage:
    html: bytes
    boot: dict[str, Any]
    script: str  # path of the type's own
    policy: str  # Content-Security-Policy without nonce and frame-ancestors
    open_policy: str  # the same where pictures are still being chosen: in the configurator
    key: str  # changes with whatever a running frame cannot change

    def render(
        self,
        *,
        page_token: str,
        parent_origin: str | None,
        full_page: bool,
        preview: bool,
        configurator: str | None = None,
    ) -> tuple[bytes, str]:
        """The page for one visitor, and its nonce. preview: it stands in a dashboard; configurator: in the one of this
        origin, which says what it shows before the chat begins, and changes it later."""
        nonce = secrets.token_urlsafe(16)
        visit: dict[str, Any] = {
            "pageToken": page_token,
            "parentOrigin": parent_origin,
            "page": full_page,
            "preview": preview,
        }
        html = self.html
        if configurator:
            strings = self.boot["strings"]
            says = {state: strings.get(sentence, sentence) for state, sentence in PREVIEW_SENTENCES.items()}
            facts = {"dashboard": configurator, "key": self.key, "script": self.script, "says": says}
            visit["configurator"] = facts
            own = f"preview-{self.boot['type']}.js"
            preview_script = get_asset(own if has_asset(own) else "frame-preview.js")
            html = html.replace(self.script.encode(), preview_script.path.encode())
        return html.replace(_NONCE, nonce.encode()).replace(_BOOT, script_json({**self.boot, **visit})), nonce


def build_frame_page(
    license_id: str,
    widget: Widget,
    version: int,
    configuration: CommonConfiguration,
    connection: Any,
    *,
    branding: bool,
) -> FramePage:
    kind, visitors = widget.type, configuration.visitors
    config, language = kind.frame_config(configuration, connection), visitors.language
    direction = visitors.direction if visitors.direction != "auto" else direction_of(language)
    script = get_asset(f"frame-{kind.id}.js").path
    html = render_to_string(
        "embed/frame.html",
        {
            "lang": language,
            "dir": direction,
            "title": config.get("title") or widget.name,
            "styles": [get_asset(name).path for name in ("frame.css", f"frame-{kind.id}.css") if has_asset(name)],
            "script": script,
            "scheme": config.get("colorScheme") or config.get("theme", {}).get("scheme", "auto"),
        },
    )
    boot = {
        "license": license_id,
        "widget": widget.public_id,
        "type": kind.id,
        "version": version,
        "api": {name: reverse(url) for name, url in kind.api.items()} | {"events": reverse("embed:events")},
        "config": config,
        "strings": strings_for(language),
        "lang": language,
        "dir": direction,
        "brand": settings.DASHBOARD_URL if branding else None,
        "identity": visitors.identity,
    }
    policies = [_policy(kind.frame_sources(connection), pictures) for pictures in (_origin(config), "https:")]
    return FramePage(html.encode(), boot, script, policies[0], policies[1], _key(boot, policies[1], kind.fixed))


def _key(boot: dict[str, Any], policy: str, fixed: tuple[str, ...]) -> str:
    parts = [policy, *(boot[name] for name in ("lang", "dir", "brand", "identity"))]
    parts += [boot["config"].get(name) for name in fixed]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()[:16]


def _policy(sources: FrameSources, pictures: str) -> str:
    directives = {
        "default-src": ["'none'"],
        "script-src": [f"'nonce-{_NONCE.decode()}'", *sources.script],
        "style-src": ["'self'", *(["'unsafe-inline'"] if sources.inline_styles else [])],
        "img-src": ["'self'", "data:", pictures],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *sources.connect],
        "frame-src": list(sources.frame) or ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(filter(None, values))}" for name, values in directives.items())


def _origin(config: dict[str, Any]) -> str:
    """Of the picture in the header, "" without one."""
    parts = urlsplit(config.get("header", {}).get("avatar") or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def content_security_policy(policy: str, nonce: str, frame_ancestors: str) -> str:
    return f"{policy.replace(_NONCE.decode(), nonce)}; frame-ancestors {frame_ancestors}"


def render_refusal(code: Code, *, full_page: bool) -> tuple[bytes, str]:
    """The card that says why there is no chat. It holds nothing of the tenant's, so anyone may frame it."""
    nonce = secrets.token_urlsafe(16)
    meaning = MEANINGS[code]
    html = render_to_string(
        "embed/refused.html",
        {
            "say": meaning.say,
            "mean": meaning.mean,
            "code": code.value,
            "nonce": nonce,
            "style": get_asset("frame.css").path,
            "full_page": full_page,
            "message": script_json(
                {"chatdock": 1, "type": "refused", "code": code.value, "message": meaning.mean}
            ).decode(),
        },
    )
    policy = f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; base-uri 'none'; form-action 'none'"
    return html.encode(), f"{policy}; frame-ancestors *"
