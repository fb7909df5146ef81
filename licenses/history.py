"""The audit lines of one licence, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import AuditEvent, Membership, Organization
from core.ids import is_id
from licenses.models import License

MOST = 50
_ACTIONS = {
    "license.issued": "Issued",
    "license.assigned": "Assigned",
    "license.claimed": "Claimed with its key",
    "license.suspended": "Suspended",
    "license.reinstated": "Reinstated",
    "license.revoked": "Revoked for good",
    "license.renewed": "Renewed",
    "license.extended": "Extended",
    "license.plan_changed": "Plan changed",
    "license.overrides": "Own limits and features set",
    "license.grace": "Days of grace set",
    "license.transferred": "Came from another customer",
    "license.key_rotated": "New key made",
    "license.localhost": "Localhost switched",
    "license.domains_added": "Domains added",
    "license.domain_removed": "Domain removed",
    "license.quota_warning": "Limit nearly reached",
}
_LABELS = {"plan_version": "plan version", "former": "before", "last4": "key ends in"}


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    what: str
    who: str
    detail: str


def history(license: License, viewer: Organization) -> list[Line]:
    """The latest first. One sees one's own people by name, and of the others only for whom they acted."""
    events = list(_visible(license, viewer).select_related("actor", "on_behalf_of")[:MOST])
    seen = viewer.parent if viewer.kind == Organization.Kind.CUSTOMER else license.organization
    sides = [side for side in (viewer, seen) if side]
    acted = _sides_of(sides, {event.actor_id for event in events if event.actor_id})
    return [Line(e.at, _ACTIONS.get(e.action, e.action), _who(e, viewer, acted), _detail(e.details)) for e in events]


def _visible(license: License, viewer: Organization) -> QuerySet[AuditEvent]:
    """A customer's time with the licence begins when it gets it."""
    events = AuditEvent.objects.filter(target=license.public_id)
    return events.filter(organization=viewer) if viewer.kind == Organization.Kind.CUSTOMER else events


def _sides_of(sides: list[Organization], people: set[int]) -> dict[int, dict[int, str]]:
    """Person → those of these organizations to which they belong: pk → name."""
    found: dict[int, dict[int, str]] = {}
    members = Membership.objects.filter(organization__in=sides, user__in=people)
    for user, pk, name in members.values_list("user_id", "organization_id", "organization__name"):
        found.setdefault(user, {})[pk] = name
    return found


def _who(event: AuditEvent, viewer: Organization, acted: Mapping[int, Mapping[int, str]]) -> str:
    if event.actor is None:
        return "The system"
    sides = acted.get(event.actor.pk, {})
    if viewer.kind == Organization.Kind.PLATFORM or viewer.pk in sides:
        return event.actor.name or event.actor.email
    if event.on_behalf_of:
        return event.on_behalf_of.name
    return min(sides.values(), default="The platform")


def _detail(details: Mapping[str, Any]) -> str:
    """Without ids of other licences: they tell nobody anything."""
    told = {name: value for name, value in details.items() if not is_id("lic", value)}
    shown = {name: value for name, value in told.items() if value not in ("", [], {}, None)}
    return "; ".join(f"{_LABELS.get(name, name.replace('_', ' '))}: {_value(value)}" for name, value in shown.items())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {inner}" for name, inner in value.items())
    return str(value)
