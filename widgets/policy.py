"""Whether a site's Content-Security-Policy lets our chat in (https://www.w3.org/TR/CSP3/): the script and the frame."""

from collections.abc import Iterable
from urllib.parse import urlsplit

_SCRIPT = ("script-src-elem", "script-src", "default-src")  # the first that is there counts
_FRAME = ("frame-src", "child-src", "default-src")


def lines_to_add(policies: Iterable[str], embed: str, nonce: str) -> list[str]:
    """What these policies lack. Each must let both in. `embed`: origin of the chat; `nonce`: of the tag, or ""."""
    parsed = [_directives(policy) for policy in policies]
    lacking = []
    if not all(_allows(policy, _SCRIPT, embed, nonce) for policy in parsed):
        lacking.append(f"script-src {embed};")
    if not all(_allows(policy, _FRAME, embed, "") for policy in parsed):
        lacking.append(f"frame-src {embed};")
    return lacking


def _directives(policy: str) -> dict[str, list[str]]:
    """Of two of one name, the first counts."""
    found: dict[str, list[str]] = {}
    for directive in policy.split(";"):
        name, *sources = directive.split() or [""]
        found.setdefault(name.lower(), sources)
    return found


def _allows(policy: dict[str, list[str]], names: Iterable[str], embed: str, nonce: str) -> bool:
    name = next((name for name in names if name in policy), None)
    if name is None:
        return True
    sources = policy[name]
    if nonce and f"'nonce-{nonce}'" in sources:
        return True
    if name in _SCRIPT and "'strict-dynamic'" in map(str.lower, sources):
        return False  # which makes hosts count for nothing
    return any(_matches(source.lower(), embed) for source in sources)


def _matches(source: str, embed: str) -> bool:
    """A path behind the host is taken as one that fits."""
    ours = urlsplit(embed)
    try:
        named = urlsplit(source if "//" in source else f"//{source}")
    except ValueError:
        return False  # nonsense, which browsers leave out
    if source == "*" or source in (f"{ours.scheme}:", "http:"):
        return True
    if source.startswith("'") or (source.endswith(":") and "//" not in source):
        return False
    host, port = named.netloc.partition(":")[::2]
    fits = (ours.hostname or "").endswith(host[1:]) if host.startswith("*.") else host == ours.hostname
    standard = "443" if ours.scheme == "https" else "80"
    ports = {"*", str(ours.port or standard)} | ({""} if str(ours.port or standard) == standard else set())
    return fits and named.scheme in ("", "http", ours.scheme) and port in ports
