"""One rule: a website that may embed. Written `[https://]host[:port|:*]` or `[https://]*.host[:port|:*]`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.hostnames import MAX_HOST, is_host, is_numeric, to_ascii, to_unicode
from licenses.domains import suffixes

ANY_PORT: Final = 0
DEFAULT_PORTS: Final = {"http": 80, "https": 443}
MAX_PORT: Final = 65535

_PORT = re.compile(r"[1-9][0-9]{0,4}")
_BEHIND_HOST = re.compile(r"[/?#]")


class RuleError(ValueError):
    """The text is no rule; `message` tells its author what to write instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Rule:
    """Raises ValueError on parts that would not be one source expression: `source` goes into a header."""

    scheme: str  # "https"; "http" only in LOCALHOST_RULES
    host: str  # A-labels, lower case
    wildcard: bool  # every subdomain at any depth, not the host itself
    port: int | None  # None: the scheme's default; ANY_PORT: every port

    def __post_init__(self) -> None:
        if self.scheme not in DEFAULT_PORTS or not is_host(self.host) or not 0 <= (self.port or 0) <= MAX_PORT:
            raise ValueError(f"not a rule: {self!r}")

    @property
    def source(self) -> str:
        """The CSP source expression: `https://*.example.com:8443`."""
        return f"{self.scheme}://{self._prefix}{self.host}{self._suffix}"

    @property
    def unicode(self) -> str:
        """For people: `münchen.de`, `*.example.com:8443`. `parse_rule` reads it back."""
        scheme = "" if self.scheme == "https" else f"{self.scheme}://"
        return f"{scheme}{self._prefix}{to_unicode(self.host)}{self._suffix}"

    @property
    def has_default_port(self) -> bool:
        return self.port is None or self.port == DEFAULT_PORTS[self.scheme]

    def covers(self, other: "Rule") -> bool:
        """Whether this is a wildcard under which `other` stands, whole."""
        under = self.wildcard and other.host.endswith(f".{self.host}")
        return under and self.scheme == other.scheme and self.port in (ANY_PORT, other.port)

    @property
    def _prefix(self) -> str:
        return "*." if self.wildcard else ""

    @property
    def _suffix(self) -> str:
        if self.has_default_port:
            return ""
        return ":*" if self.port == ANY_PORT else f":{self.port}"


# For licences that allow local development. A browser counts both as safe, so http is enough here.
LOCALHOST_RULES: Final = tuple(
    Rule(scheme, host, wildcard=False, port=ANY_PORT)
    for host in ("localhost", "127.0.0.1")
    for scheme in ("http", "https")
)


def parse_rule(text: str) -> Rule:
    """A rule for a live website. Raises RuleError."""
    scheme, rest = _split_scheme(text.strip())
    name, port = _split_port(rest)
    wildcard = name.startswith("*.")
    host = _read_host(name.removeprefix("*."))
    _refuse_local(host)
    if scheme == "http":
        raise RuleError("A website needs https to embed the chat. Write the domain without http://.")
    _refuse_shared(host, wildcard=wildcard)
    return Rule("https", host, wildcard=wildcard, port=None if port == DEFAULT_PORTS["https"] else port)


def parse_many(text: str) -> tuple[list[Rule], list[tuple[str, str]]]:
    """Reads a pasted list, split at line ends and commas, and at spaces between what looks like domains.

    Returns the rules in their order, each once, and (entry, sentence) for each entry that is no rule, or that was cut
    down to its website and then is among the rules too.
    """
    rules: dict[Rule, None] = {}
    remarks: list[tuple[str, str]] = []
    for entry in _entries(text):
        website, page = _split_page(entry)
        try:
            rule = parse_rule(website)
        except RuleError as error:
            remarks.append((entry, error.message))
            continue
        rules[rule] = None
        if page:
            remarks.append((entry, f"Added as {rule.unicode}: a rule covers the whole website, not one page."))
    return list(rules), remarks


def _entries(text: str) -> Iterator[str]:
    for part in re.split(r"[\n,]", text):
        words = part.split()
        if all("." in word for word in words):
            yield from words
        else:
            yield " ".join(words)  # a phrase is one mistake, not one a word


def _split_page(entry: str) -> tuple[str, str]:
    """`https://example.com/en?a=1` → (`https://example.com`, `en?a=1`)."""
    scheme, separator, rest = entry.partition("://")
    if not separator:
        scheme, rest = "", entry
    found = _BEHIND_HOST.search(rest)
    if not found:
        return entry, ""
    return scheme + separator + rest[: found.start()], rest[found.start() :].removeprefix("/")


def _split_scheme(text: str) -> tuple[str, str]:
    scheme, separator, rest = text.partition("://")
    if not separator:
        return "https", text
    if scheme.lower() not in DEFAULT_PORTS:
        raise RuleError("Only websites on https can be allowed. Write the domain alone, such as example.com.")
    return scheme.lower(), rest


def _split_port(text: str) -> tuple[str, int | None]:
    if found := _BEHIND_HOST.search(text):
        raise RuleError(
            f"A rule covers the whole website, not one page. Write {text[: found.start()] or 'example.com'}."
        )
    if "@" in text:
        raise RuleError("Leave out the user name and the @. Write the domain alone, such as example.com.")
    if text.count(":") > 1:
        raise RuleError("An IP address cannot be allowed. Write a domain, such as example.com.")
    name, colon, port = text.partition(":")
    if not colon:
        return name, None
    if port == "*":
        return name, ANY_PORT
    if not _PORT.fullmatch(port) or int(port) > MAX_PORT:
        raise RuleError(f"A port is a number from 1 to {MAX_PORT}, or * for every port. Most websites need none.")
    return name, int(port)


def _read_host(name: str) -> str:
    if not name:
        raise RuleError("Write a domain, such as example.com.")
    if name == "*":
        raise RuleError("A * alone would allow every website. Write the domain, such as example.com or *.example.com.")
    if "*" in name:
        raise RuleError("A * can only stand in front, for every subdomain: *.example.com.")
    if len(name) > MAX_HOST:
        raise RuleError(f"A domain has at most {MAX_HOST} characters.")
    try:
        host = to_ascii(name).removesuffix(".")
    except UnicodeError:
        host = ""
    _refuse_underscore(host)
    if not is_host(host):
        raise RuleError("This is not a domain name. Write it as in the browser's address bar: example.com.")
    return host


def _refuse_underscore(host: str) -> None:
    """Browsers open such hosts, and a wildcard reaches them, but Chromium drops a CSP source that names one."""
    parent = host.rpartition("_")[2].partition(".")[2]
    if "_" in host and is_host(parent):
        raise RuleError(f"Browsers ignore a rule with an underscore. Allow all of *.{to_unicode(parent)} instead.")


def _refuse_local(host: str) -> None:
    if host == "127.0.0.1" or host.rpartition(".")[2] == "localhost":
        raise RuleError(
            "Local development has its own switch. Turn on “Allow localhost”: it covers localhost and 127.0.0.1."
        )
    if is_numeric(host):
        raise RuleError("An IP address cannot be allowed. Write a domain, such as example.com.")


def _refuse_shared(host: str, *, wildcard: bool) -> None:
    if wildcard and suffixes.is_shared(host):
        raise RuleError(f"Strangers have websites under {host}. List your own addresses one by one.")
    if not wildcard and "." not in host:
        raise RuleError("This is only a part of a domain. Write the whole, such as example.com.")
    if not wildcard and suffixes.is_registry(host):
        raise RuleError(f"{host} is an ending, not a website. Write the whole domain, such as example.{host}.")
