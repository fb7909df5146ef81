"""What can be set wrong. `manage.py check` runs the first part, `check --deploy` both; no message repeats a value."""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

_NEW_KEY = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
_NEW_SEALING_KEY = "python -c 'import base64, os; print(\"k1:\" + base64.b64encode(os.urandom(32)).decode())'"
_KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_HOST_PORT = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+):[0-9]{1,5}")

Apps = Sequence[AppConfig] | None


def register_all() -> None:
    for check in (check_secrets, check_urls, check_outbound_allow, check_numbers, check_signup):
        register(check, Tags.security)
    for check in (check_public_urls, check_services, check_leftovers, check_people):
        register(check, Tags.security, deploy=True)


# At any time


def check_secrets(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if not _secret_key():
        found.append(_error(1, "SECRET_KEY is missing.", f"Make one: {_NEW_KEY}"))
    if not settings.TOKEN_KEY:
        found.append(_error(2, "TOKEN_KEY is missing.", f"Make one, different from SECRET_KEY: {_NEW_KEY}"))
    if not settings.SEALING_KEYS:
        found.append(_error(3, "SEALING_KEYS is missing.", f"Make one and back it up: {_NEW_SEALING_KEY}"))
    if 0 < len(settings.METRICS_TOKEN) < _KEY_BYTES:
        found.append(_error(12, "METRICS_TOKEN is short.", f"Make one: {_NEW_KEY}"))
    ids = [entry.partition(":")[0] for entry in settings.SEALING_KEYS]
    found += [
        _error(4, f"SEALING_KEYS: entry {number} is not `id:base64 of 32 bytes`.", f"Make one: {_NEW_SEALING_KEY}")
        for number, entry in enumerate(settings.SEALING_KEYS, start=1)
        if not _is_sealing_key(entry)
    ]
    if len(set(ids)) < len(ids):
        found.append(_error(5, "SEALING_KEYS has an id twice.", "A new key gets a new id; old ones keep theirs."))
    return found


def check_urls(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for name in ("DASHBOARD_URL", "EMBED_URL"):
        if not _is_origin(getattr(settings, name)):
            found.append(_error(6, f"{name} is not an origin.", "Give scheme and host only: https://chat.example.com"))
    for name in ("OPENAI_BASE_URL", "CHATKIT_JS_URL", "DEMO_UPSTREAM_URL", "DNS_URL"):
        value = getattr(settings, name)
        if not (_is_url(value) or (name == "DEMO_UPSTREAM_URL" and not value)):
            found.append(_error(7, f"{name} is not a URL.", "It begins with https:// and has no user name or query."))
    if settings.REDIS_URL and not settings.REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
        found.append(_error(8, "REDIS_URL is not a Redis URL.", "It begins with redis://, rediss:// or unix://."))
    return found


def check_outbound_allow(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    return [
        _error(9, f"OUTBOUND_ALLOW: entry {number} is not `host:port`.", "Lower case, with the port: 127.0.0.1:9001")
        for number, entry in enumerate(settings.OUTBOUND_ALLOW, start=1)
        if not _HOST_PORT.fullmatch(entry)
    ]


def check_numbers(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    least = {
        "TRUSTED_PROXIES": 0,
        "DATABASE_THREADS": 0,
        "WEB_PROCESSES": 1,
        "VISITOR_SESSION_SECONDS": 60,
        "UPLOAD_MAX_BYTES": 65536,
    }
    found: list[CheckMessage] = [
        _error(10, f"{name} is less than {minimum}.", f"Set it to {minimum} or more.")
        for name, minimum in least.items()
        if getattr(settings, name) < minimum
    ]
    if any(events < 1 or seconds < 1 for events, seconds in settings.RATE_LIMITS.values()):
        found.append(_error(11, "RATE_LIMITS has a limit below 1.", "Set RATE_VISITOR, RATE_IP, … to 1 or more."))
    return found


def check_signup(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    if settings.SIGNUP in ("open", "invitation"):
        return []
    return [_error(13, "SIGNUP is neither open nor invitation.", "Who may make an account: anybody, or the invited.")]


# Before it goes public


def check_public_urls(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    if settings.EMBEDDED:
        return []
    found: list[CheckMessage] = []
    dashboard, embed = _split(settings.DASHBOARD_URL), _split(settings.EMBED_URL)
    if not settings.ALLOWED_HOSTS:
        found.append(_error(20, "ALLOWED_HOSTS is empty.", "List the hosts of DASHBOARD_URL and EMBED_URL."))
    for name, url in (("DASHBOARD_URL", dashboard), ("EMBED_URL", embed)):
        if url.scheme != "https":
            found.append(_error(21, f"{name} is not https.", "Browsers give cookies and frames to https only."))
        if settings.ALLOWED_HOSTS and not validate_host(url.hostname or "", settings.ALLOWED_HOSTS):
            found.append(_error(22, f"The host of {name} is not in ALLOWED_HOSTS.", "Add it, without the port."))
    if dashboard.hostname == embed.hostname:
        hint = "Give visitors a host of their own: a fault in a frame must not reach the cookies of the dashboard."
        found.append(_error(23, "DASHBOARD_URL and EMBED_URL have the same host.", hint))
    return found


def check_services(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    if settings.EMBEDDED:
        return []
    found: list[CheckMessage] = []
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        found.append(_error(24, "The database is SQLite.", "Set DATABASE_URL=postgres://… : one writer is not enough."))
    if not settings.REDIS_URL:
        hint = "Set REDIS_URL: without it, limits are per process and changes take up to four seconds to arrive."
        found.append(_error(25, "There is no Redis.", hint))
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        found.append(_error(26, "The Celery broker is a folder.", "Set CELERY_BROKER_URL or REDIS_URL."))
    return found


def check_leftovers(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Conveniences of development."""
    if settings.EMBEDDED:
        return []
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(_error(27, "DEBUG is on.", "Unset it: its error pages show settings to everybody."))
    if settings.OUTBOUND_ALLOW:
        hint = "Every tenant can call these private hosts: leave in it only what all may reach, such as an n8n for all."
        found.append(Warning("OUTBOUND_ALLOW is not empty.", hint=hint, id="core.W028"))
    if settings.SECURE_SSL_REDIRECT and not settings.TRUSTED_PROXIES:
        hint = (
            "Set TRUSTED_PROXIES: behind a proxy that ends TLS, every request looks like http and is redirected again."
        )
        found.append(Warning("SSL_REDIRECT is on and no proxy is trusted.", hint=hint, id="core.W035"))
    if settings.DEMO_UPSTREAM_URL:
        found.append(_error(29, "DEMO_UPSTREAM_URL is set.", "Unset it: it is the demo's stand-in for OpenAI."))
    if settings.TOKEN_KEY and (len(settings.TOKEN_KEY) < _KEY_BYTES or _secret_key() == settings.TOKEN_KEY):
        found.append(_error(30, "TOKEN_KEY is short, or the same as SECRET_KEY.", f"Make one: {_NEW_KEY}"))
    return found


def check_people(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Whether people can be reached, and those who can do much are asked for more than a password."""
    if settings.EMBEDDED:
        return []
    found: list[CheckMessage] = []
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") or settings.EMAIL_HOST == "localhost":
        hint = "Set EMAIL_URL=smtp+tls://user:password@host:587 : nobody gets an invitation or a new password without."
        found.append(_error(31, "Mails are not sent.", hint))
    if settings.DEFAULT_FROM_EMAIL.rstrip("> ").endswith("@localhost"):
        found.append(_error(32, "DEFAULT_FROM_EMAIL is no address.", 'Set it: "Chatdock <chat@example.com>".'))
    if not settings.MFA_REQUIRED:
        found.append(_error(33, "MFA_REQUIRED is off.", "Unset it: resellers and operators can do much."))
    if settings.SIGNUP == "open" and not settings.TRIAL_PLAN:
        found.append(_error(34, "Open sign-up gives no licence.", "Set TRIAL_PLAN to the code of a plan."))
    return found


def _error(number: int, message: str, hint: str) -> Error:
    return Error(message, hint=hint, id=f"core.E{number:03}")


def _secret_key() -> str:
    try:
        return str(settings.SECRET_KEY)
    except ImproperlyConfigured:  # Django's way to say that it is empty
        return ""


def _is_sealing_key(entry: str) -> bool:
    name, _, encoded = entry.partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return False
    return _KEY_ID.fullmatch(name) is not None and len(key) == _KEY_BYTES


def _is_origin(value: str) -> bool:
    url = _split(value)
    return _is_url(value) and not url.path


def _is_url(value: str) -> bool:
    url = _split(value)
    return url.scheme in ("http", "https") and bool(url.hostname) and not (url.username or url.query or url.fragment)


def _split(value: str) -> SplitResult:
    try:
        url = urlsplit(value)
        _ = url.port  # raises when it is no number
    except ValueError:
        return SplitResult("", "", "", "", "")
    return url
