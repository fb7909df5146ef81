"""What a browser says about the embedding page, checked against a licence's rules.

An origin is matched whole against one strict pattern and never parsed as a URL: URL parsers disagree with browsers
about backslashes, percent signs and user names. Browsers always send the strict form, so strictness costs nothing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from core.codes import Code
from core.hostnames import MAX_HOST, is_ipv4, is_numeric
from licenses.domains.rules import ANY_PORT, DEFAULT_PORTS, MAX_PORT, Rule

MAX_SOURCES: Final = 50
MAX_LENGTH: Final = 3_000  # characters; proxies give a response's headers 4 to 8 KB
FIRST_SOURCES: Final = 20

# No re.IGNORECASE: with it, [a-z] also matches letters outside ASCII, such as the Kelvin sign.
_ORIGIN = re.compile(
    r"(https?)://((?:[A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?|\[[0-9a-f:]{2,39}\])(?::([1-9][0-9]{0,4}))?"
)
_OPAQUE = re.compile(r"null\Z|(?!https?:)[a-z][a-z0-9+.-]*://|(?:about|blob|data|filesystem|javascript):")
_REFERER = re.compile(r"https?://[^/?#]*")


class RuleSet:
    """A licence's rules, looked up by host; immutable, made once per snapshot."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        rules = list(rules)
        self._sources = tuple(dict.fromkeys(rule.source for rule in rules))
        # host, or "*.host" → (scheme, port) → source expression
        self._sites: dict[str, dict[tuple[str, int], str]] = {}
        for rule in rules:
            sites = self._sites.setdefault(f"*.{rule.host}" if rule.wildcard else rule.host, {})
            sites.update((site, rule.source) for site in _sites_of(rule))

    def check(self, origin: str | None) -> Code | None:
        """None: the rules allow this origin, as `frame-ancestors` would. Else why not."""
        if not self._sources:
            return Code.DOMAIN_LIST_EMPTY
        if not origin:
            return Code.ORIGIN_MISSING
        site = _parse(origin)
        if site is None:
            return Code.ORIGIN_OPAQUE if _OPAQUE.match(origin) else Code.ORIGIN_MALFORMED
        return None if self._find(*site) else self._why_not(*site)

    def frame_ancestors(self, extra: Sequence[str] = (), referrer_origin: str | None = None) -> str:
        """The value of CSP `frame-ancestors`: `extra` source expressions of ours, then the rules'.

        A list too long for a header shrinks to the first rules and the one for the page that asks.
        """
        sources = self._sources
        if len(sources) > MAX_SOURCES or sum(map(len, sources)) > MAX_LENGTH:
            sources = (*self._source_for(referrer_origin), *sources[:FIRST_SOURCES])
        return " ".join(dict.fromkeys((*extra, *sources))) or "'none'"

    def _source_for(self, origin: str | None) -> tuple[str, ...]:
        site = _parse(origin or "")
        source = self._find(*site) if site else None
        return (source,) if source else ()

    def _find(self, scheme: str, host: str, port: int) -> str | None:
        """The source expression that allows the site: by its own host, else by each wildcard above it."""
        source = self._at(host, scheme, port)
        dot = host.find(".")
        while source is None and dot >= 0:
            source = self._at("*" + host[dot:], scheme, port)
            dot = host.find(".", dot + 1)
        return source

    def _at(self, key: str, scheme: str, port: int) -> str | None:
        ports = self._sites.get(key)
        return (ports.get((scheme, port)) or ports.get((scheme, ANY_PORT))) if ports else None

    def _why_not(self, scheme: str, host: str, port: int) -> Code:
        name = host.removesuffix(".")
        if is_numeric(name) and not is_ipv4(host):
            return Code.ORIGIN_MALFORMED  # a browser would have written the address out
        if name != host:
            return Code.ORIGIN_TRAILING_DOT
        secure_port = DEFAULT_PORTS["https"] if port == DEFAULT_PORTS["http"] else port
        if scheme == "http" and self._find("https", host, secure_port):
            return Code.ORIGIN_INSECURE
        return Code.DOMAIN_NOT_ALLOWED


def origin_of_referer(referer: str | None) -> str | None:
    """The origin in a Referer, which may be that or a whole URL; None when absent.

    Anything odd comes back as it is, for `RuleSet.check` to name.
    """
    if not referer:
        return None
    found = _REFERER.match(referer)
    return found[0] if found else referer


def _parse(origin: str) -> tuple[str, str, int] | None:
    """(scheme, host in lower case, port), or None when no browser writes an origin so."""
    found = _ORIGIN.fullmatch(origin)
    if found is None:
        return None
    scheme, host, port_text = found.groups()
    port = int(port_text) if port_text else DEFAULT_PORTS[scheme]
    if port > MAX_PORT or len(host) > MAX_HOST:
        return None
    return scheme, host.lower(), port


def _sites_of(rule: Rule) -> Iterator[tuple[str, int]]:
    """The (scheme, port) pairs that CSP lets a rule match: an http source also matches https."""
    for scheme in ("https",) if rule.scheme == "https" else ("http", "https"):
        yield scheme, rule.port if rule.port is not None and not rule.has_default_port else DEFAULT_PORTS[scheme]
