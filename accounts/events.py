"""The closed list of what webhooks tell, each with the data it comes with."""

import json
from dataclasses import dataclass
from typing import Any, Final

TEST: Final = "webhook.test"
_LICENSE: Final = {
    "license": "lic_5TxY0wGqVbJ8rLmNcKdZ2a",
    "organization": "org_5TxY0wGqVbJ8rLmNcKdZ2a",
    "plan": "basic",
    "expires_at": "2027-11-20T12:00:00+00:00",
}
_WIDGET: Final = {
    "widget": "wgt_5TxY0wGqVbJ8rLmNcKdZ2a",
    "license": "lic_5TxY0wGqVbJ8rLmNcKdZ2a",
    "name": "Coffee guide",
}


@dataclass(frozen=True, slots=True)
class Event:
    words: str
    data: dict[str, Any]  # an example of it
    type: str = ""

    def body(self, indent: int | None = None) -> str:
        """An example of what is sent."""
        sent = {"type": self.type, "timestamp": "2026-11-20T12:00:00+00:00", "data": self.data}
        return json.dumps(sent, indent=indent)

    def pretty(self) -> str:
        return self.body(indent=2)


def _license(words: str, **details: Any) -> Event:
    return Event(words, _LICENSE | details)


def _widget(words: str, **details: Any) -> Event:
    return Event(words, _WIDGET | details)


_KNOWN: Final = {
    "license.issued": _license("A licence was issued, to a customer or into the pool", plan_version=1),
    "license.assigned": _license("A licence was given to a customer"),
    "license.claimed": _license("A customer took a licence with its key"),
    "license.suspended": _license("A licence was suspended", level="reseller", reason="An invoice is open"),
    "license.reinstated": _license("A licence runs again", level="reseller"),
    "license.renewed": _license("A licence has another term", until="2028-11-20T12:00:00+00:00"),
    "license.extended": _license("A licence has a later end", until="2028-01-31T12:00:00+00:00"),
    "license.plan_changed": _license("A licence has another plan", former="basic v1", now="pro v3", forced=False),
    "license.overrides": _license("A licence's overrides changed", limits={"widgets": 5}, added=[], removed=[]),
    "license.grace": _license("A licence's days of grace changed", days=14),
    "license.transferred": _license("A licence moved to another customer", former="lic_9aZ2dKcNmLr8JbVqGw0YxT"),
    "license.key_rotated": _license("A licence has a new key", last4="7Q2M", overlap_seconds=86400),
    "license.revoked": _license("A licence was revoked", reason="Cancelled"),
    "license.expiring": _license("A licence ends in two weeks, and again in three days"),
    "license.expired": _license("A licence has ended; its grace runs"),
    "license.stopped": _license("A licence's grace is over; its widgets have stopped"),
    "license.localhost": _license("Localhost was allowed, or is no longer", allowed=True),
    "license.domains_added": _license("Websites were allowed", domains=["https://example.com"]),
    "license.domain_removed": _license("A website is no longer allowed", domains=["https://example.com"]),
    "license.quota_warning": Event(
        "75, 90 or 100 % of a limit is used up",
        {
            "license": "lic_5TxY0wGqVbJ8rLmNcKdZ2a",
            "organization": "org_5TxY0wGqVbJ8rLmNcKdZ2a",
            "metric": "sessions_month",
            "percent": 75,
            "limit": 1000,
        },
    ),
    "widget.created": _widget("A widget was created", type="n8n"),
    "widget.published": _widget("A version of a widget went to the sites", version=3),
    "widget.publication_planned": _widget("A draft will be published later", at="2026-12-01T08:00:00+00:00"),
    "widget.publication_cancelled": _widget("A planned publication was cancelled"),
    "widget.publication_failed": _widget("A planned publication failed", problems=["No key"]),
    "widget.unpublished": _widget("A widget was taken off the sites"),
    "widget.enabled": _widget("A widget was switched on"),
    "widget.disabled": _widget("A widget was switched off"),
    "widget.renamed": _widget("A widget has another name"),
    "widget.deleted": _widget("A widget was deleted"),
    TEST: Event("A test, sent by hand to one endpoint", {"endpoint": "whe_5TxY0wGqVbJ8rLmNcKdZ2a"}),
}
EVENTS: Final = {name: Event(event.words, event.data, name) for name, event in _KNOWN.items()}
CHOICES: Final = tuple(name for name in EVENTS if name != TEST)  # what an endpoint may ask for
KINDS: Final = ("license.*", "widget.*")


class UnknownEvent(ValueError):
    """Nobody could have asked for it: add it to the list."""
