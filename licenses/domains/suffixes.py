"""Domains that many owners share, from the Public Suffix List bundled with `publicsuffixlist` (no network)."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from publicsuffixlist import PSLFILE, PublicSuffixList

from core.hostnames import to_ascii


def is_registry(host: str) -> bool:
    """Whether domains are registered directly below: `com`, `co.uk`."""
    return _registries().is_public(host)


def is_apex(host: str) -> bool:
    """Whether the host is what one registers: `example.co.uk`."""
    return _registries().privatesuffix(host) == host


def is_shared(host: str) -> bool:
    """Whether strangers own subdomains: `com`, `github.io`, and `amazonaws.com`, which has shared domains below it."""
    return _suffixes().is_public(host) or host in _parents()


@cache
def _registries() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def _parents() -> frozenset[str]:
    """Every domain above an entry of the list: a wildcard over it would reach that entry's strangers too."""
    return frozenset(to_ascii(parent) for entry in _entries() for parent in _above(entry))


def _entries() -> Iterator[str]:
    for line in Path(PSLFILE).read_text(encoding="utf-8").splitlines():
        entry = line.strip()
        if entry and not entry.startswith("//"):
            yield entry


def _above(host: str) -> Iterator[str]:
    while "." in host:
        host = host.partition(".")[2]
        yield host
