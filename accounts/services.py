from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from accounts.models import AuditEvent, Membership, Organization, User
from accounts.permissions import ROLES_OF, Role
from core import bus
from core.caller import current_caller
from core.ids import new_id
from core.logs import current_request_id


class InvalidRole(ValueError):
    """A role of another kind of organization: it would carry that kind's power over licences."""


class InvalidParent(ValueError):
    """A customer's parent must be a reseller; others have none."""


def record(
    *,
    action: str,
    actor: User | None,
    organization: Organization | None,
    target: str = "",
    on_behalf_of: Organization | None = None,
    **details: Any,
) -> AuditEvent:
    """Write the audit line of a change. `details` holds plain values, never a secret; `actor` None is the system.

    `on_behalf_of`: whom the actor speaks for, when that is another than `organization`; of a guest it is known.
    """
    caller = current_caller()
    return AuditEvent.objects.create(
        action=action,
        actor=actor,
        organization=organization,
        on_behalf_of_id=on_behalf_of.pk if on_behalf_of else caller.on_behalf_of,
        target=target[:64],  # an e-mail may be longer
        details=details | ({"by_token": caller.token} if caller.token else {}),
        ip=caller.ip,
        user_agent=caller.user_agent,
        request_id=current_request_id()[:64],  # a proxy's may be longer
    )


@transaction.atomic
def create_organization(
    *,
    actor: User | None,
    name: str,
    kind: str = Organization.Kind.CUSTOMER,
    parent: Organization | None = None,
    reference: str = "",
) -> Organization:
    if parent is not None and (kind != Organization.Kind.CUSTOMER or parent.kind != Organization.Kind.RESELLER):
        raise InvalidParent("Only a customer has a parent, and it is a reseller.")
    name = one_line(name)
    organization = Organization.objects.create(
        name=name, kind=kind, parent=parent, slug=_free_slug(name), reference=reference
    )
    record(action="organization.created", actor=actor, organization=organization, target=organization.public_id)
    return organization


@transaction.atomic
def add_member(*, actor: User | None, organization: Organization, user: User, role: Role) -> Membership:
    if role not in ROLES_OF[organization.kind]:
        raise InvalidRole(f"{role.label} is not a role in an organization of this kind.")
    membership, _ = Membership.objects.update_or_create(organization=organization, user=user, defaults={"role": role})
    record(action="member.added", actor=actor, organization=organization, target=user.email, role=role)
    return membership


def show_checklist(*, membership: Membership, shown: bool) -> None:
    """Each person's own choice, and of no consequence: it is not in the audit log."""
    membership.checklist_hidden = not shown
    membership.save(update_fields=["checklist_hidden"])


def one_line(name: str) -> str:
    """Names stand in mails, where a line of its own could be an address and so a button."""
    return " ".join(name.split())


def _free_slug(name: str) -> str:
    slug = slugify(name)[:50] or "organization"
    return f"{slug}-{new_id('x')[2:8].lower()}" if Organization.objects.filter(slug=slug).exists() else slug


@transaction.atomic
def suspend_organization(*, actor: User | None, organization: Organization, now: datetime) -> Organization:
    """All its licences stop, and those of its customers when it is a reseller."""
    return _set_suspended(actor, organization, now, "organization.suspended")


@transaction.atomic
def reinstate_organization(*, actor: User | None, organization: Organization) -> Organization:
    return _set_suspended(actor, organization, None, "organization.reinstated")


def _set_suspended(actor: User | None, organization: Organization, at: datetime | None, action: str) -> Organization:
    organization.suspended_at = at
    organization.save(update_fields=["suspended_at"])
    record(action=action, actor=actor, organization=organization, target=organization.public_id)
    transaction.on_commit(lambda: bus.publish(organization.public_id))
    return organization
