"""What a rule means, in words, and which rules its author may have forgotten."""

from dataclasses import replace

from core.hostnames import to_unicode
from licenses.domains import suffixes
from licenses.domains.rules import ANY_PORT, Rule


def describe_rule(rule: Rule) -> str:
    """`example.com, not www.example.com`. The ASCII form follows a name with other letters, which may look alike."""
    name = to_unicode(rule.host)
    shown = name if name == rule.host else f"{name} ({rule.host})"
    shown += _port(rule)
    if rule.wildcard:
        return f"every subdomain of {shown}, at any depth, but not {name} itself"
    twin = _twin(rule.host)
    return f"{shown}, not {to_unicode(twin) if twin else 'its subdomains'}"


def suggestions(rule: Rule) -> list[Rule]:
    """The www for an apex and the reverse; the domain itself for a wildcard."""
    if rule.wildcard:
        return [replace(rule, wildcard=False)]
    twin = _twin(rule.host)
    return [replace(rule, host=twin)] if twin else []


def _port(rule: Rule) -> str:
    if rule.has_default_port:
        return ""
    return " on every port" if rule.port == ANY_PORT else f" on port {rule.port}"


def _twin(host: str) -> str | None:
    """`example.com` ↔ `www.example.com`."""
    bare = host.removeprefix("www.")
    if bare != host and not suffixes.is_registry(bare):
        return bare
    return f"www.{host}" if suffixes.is_apex(host) else None
