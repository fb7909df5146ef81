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

    def body(self) -> str:
        """An example of what is sent."""
        return json.dumps({"type": self.type, "timestamp": "2026-11-20T12:00:00+00:00", "data": self.data})


def _license(words: str, **details: Any) -> Event:
    return Event(words, _LICENSE | details)


def _widget(words: str, **details: Any) -> Event:
    return Event(words, _WIDGET | details)


_KNOWN: Final = {
    "license.issued": _license("A licence was issued; `organization` is null while it is in the pool", plan_version=1),
    "license.assigned": _license("It was given to a customer"),
    "license.claimed": _license("A customer took it with its key"),
    "license.suspended": _license("It stopped", level="reseller", reason="An invoice is open"),
    "license.reinstated": _license("It runs again", level="reseller"),
    "license.renewed": _license("Another term began", until="2028-11-20T12:00:00+00:00"),
    "license.extended": _license("It was given a later end", until="2028-01-31T12:00:00+00:00"),
    "license.plan_changed": _license("It has another plan", former="basic v1", now="pro v3", forced=False),
    "license.overrides": _license("What differs from its plan changed", limits={"widgets": 5}, added=[], removed=[]),
    "license.grace": _license("Its days of grace changed", days=14),
    "license.transferred": _license("It moved to another customer, with a new id", former="lic_9aZ2dKcNmLr8JbVqGw0YxT"),
    "license.key_rotated": _license("It has a new key", last4="7Q2M", overlap_seconds=86400),
    "license.revoked": _license("It ended for good", reason="Cancelled"),
    "license.expiring": _license("It ends in two weeks, and again in three days"),
    "license.expired": _license("It has ended; its grace runs"),
    "license.stopped": _license("Its grace is over; its widgets have stopped"),
    "license.localhost": _license("Pages on localhost may, or may no longer, show its widgets", allowed=True),
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
    "widget.published": _widget("A version went to the sites", version=3),
    "widget.unpublished": _widget("Sites show it no longer"),
    "widget.enabled": _widget("It was switched on"),
    "widget.disabled": _widget("It was switched off"),
    "widget.renamed": _widget("It has another name"),
    "widget.deleted": _widget("It was deleted"),
    TEST: Event("A test, sent by hand to one endpoint", {"endpoint": "whe_5TxY0wGqVbJ8rLmNcKdZ2a"}),
}
EVENTS: Final = {name: Event(event.words, event.data, name) for name, event in _KNOWN.items()}
CHOICES: Final = tuple(name for name in EVENTS if name != TEST)  # what an endpoint may ask for
KINDS: Final = ("license.*", "widget.*")


class UnknownEvent(ValueError):
    """Nobody could have asked for it: add it to the list."""
