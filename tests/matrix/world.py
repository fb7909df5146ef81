"""Two resellers, their customers and the platform, each with one of everything, so that there is always a stranger.

What is foreign to alice and her reseller has primary keys from `foreign_from` on: a write that names one is found out.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.apitokens import create_token
from accounts.invitations import invite
from accounts.models import Membership, Organization, User
from accounts.permissions import ROLES_OF, Role
from accounts.services import add_member, create_organization, suspend_organization
from accounts.webhooks import create_endpoint, send_test
from analytics.models import SeenOrigin
from licenses.domains import parse_rule
from licenses.models import Plan
from licenses.services import add_domains, create_reseller, issue_license
from tests.build import make_plan, make_user, make_widget
from widgets.sharing import share_preview

SECRET_NAME = "Unseen"  # stands in the name of everything foreign
ABSENT = {
    "slug": "no-such-organization",
    "widget_id": "wgt_" + "0" * 22,
    "license_id": "lic_" + "0" * 22,
    **dict.fromkeys(("customer_id", "organization_id", "reseller_id"), "org_" + "0" * 22),
    "plan_id": "pln_" + "0" * 22,
    "link_id": "pvl_" + "0" * 22,
    "token_id": "tok_" + "0" * 22,
    "endpoint_id": "whe_" + "0" * 22,
    "delivery_id": "msg_" + "0" * 22,
    "invitation_id": "inv_" + "0" * 22,
    "member_id": "987654321",
    "number": "987654321",
    "rule_id": "987654321",
    "origin_id": "987654321",
}


@dataclass
class Tenant:
    """An organization, its people by role, and one of each of its things, by the name of the URL's parameter."""

    organization: Organization
    people: dict[str, User] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    at: dict[str, dict[str, str]] = field(default_factory=dict)  # route name -> ids for it that differ

    def ids_for(self, route: str) -> dict[str, str]:
        return self.ids | self.at.get(route, {})

    @property
    def owner(self) -> User:
        return next(iter(self.people.values()))


@dataclass
class World:
    alice: Tenant  # a customer of `seller`
    sibling: Tenant  # another one
    charlie: Tenant  # a customer of `rival`
    suspended: Tenant
    seller: Tenant
    rival: Tenant
    platform: Tenant
    foreign_from: int


def make_world() -> World:
    plan = make_plan()
    platform = _tenant("platform", "platform", plan)
    seller = _tenant("seller", "reseller", plan)
    alice = _tenant("alice", "customer", plan, seller)
    suspended = _tenant("suspended", "customer", plan, seller)
    suspend_organization(actor=None, organization=suspended.organization, now=timezone.now())
    foreign_from = _move_sequences()
    sibling = _tenant("sibling", "customer", plan, seller)
    theirs = make_plan(code="unseen")
    rival = _tenant("rival", "reseller", theirs)
    charlie = _tenant("charlie", "customer", theirs, rival)
    seller.ids |= _sold(alice)
    rival.ids |= _sold(charlie)
    platform.ids |= _sold(alice) | {"reseller_id": seller.organization.public_id}
    return World(alice, sibling, charlie, suspended, seller, rival, platform, foreign_from)


def _tenant(name: str, kind: str, plan: Plan, seller: Tenant | None = None) -> Tenant:
    foreign = name in {"sibling", "rival", "charlie"}
    title = f"{SECRET_NAME} {name}" if foreign else name.title()
    if kind == "reseller":
        account = create_reseller(actor=None, name=title, plan_codes=[plan.code], pool={})
        organization = account.organization
    else:
        parent = seller.organization if seller else None
        organization = create_organization(actor=None, name=title, kind=kind, parent=parent)
    tenant = Tenant(organization, ids={"slug": organization.slug})
    for role in sorted(ROLES_OF[kind], key=list(Role).index):
        tenant.people[role] = make_user(f"{name}-{role}")
        add_member(actor=None, organization=organization, user=tenant.people[role], role=Role(role))
    if kind == "customer":
        _give_things(tenant, plan, title)
    return tenant


def _sold(customer: Tenant) -> dict[str, str]:
    """What a reseller has: a customer and its licence."""
    organization = customer.organization
    return {
        "customer_id": organization.public_id,
        "organization_id": organization.public_id,
        "license_id": customer.ids["license_id"],
        "plan_id": organization.licenses.get().plan.public_id,
    }


def _give_things(tenant: Tenant, plan: Plan, title: str) -> None:
    license = issue_license(actor=None, organization=tenant.organization, plan=plan)
    host = f"{tenant.organization.slug}.test"
    (rule,) = add_domains(actor=None, license=license, rules=[parse_rule(host)])
    widget = make_widget(license, name=title)
    origin = SeenOrigin.objects.create(
        organization=tenant.organization, license=license, origin=f"https://other.{host}", **_now()
    )
    chatkit = make_widget(license, "chatkit", name=f"{title} too")
    tenant.at["chatkit_probe:test"] = {"widget_id": chatkit.public_id}
    tenant.ids |= _connections(tenant) | {
        "link_id": share_preview(actor=None, widget=widget, period="day", now=timezone.now()).public_id,
        "widget_id": widget.public_id,
        "license_id": license.public_id,
        "number": "1",
        "rule_id": str(rule.pk),
        "origin_id": str(origin.pk),
        "platform_id": "html",
        "kind": "n8n_auth",
    }


def _connections(tenant: Tenant) -> dict[str, str]:
    """People, tokens and webhooks."""
    organization, now = tenant.organization, timezone.now()
    owner = Membership.objects.get(organization=organization, user=tenant.owner)
    other = Membership.objects.get(organization=organization, role=Role.EDITOR)
    invitation = invite(actor=owner, email=f"guest@{organization.slug}.test", role=Role.EDITOR, now=now)
    token, _ = create_token(membership=owner, name="Billing", scopes=["licenses:read"], now=now)
    endpoint, _ = create_endpoint(
        actor=None, organization=organization, url="https://hooks.example.com/", events=["license.*"]
    )
    return {
        "member_id": str(other.pk),
        "invitation_id": invitation.public_id,
        "token_id": token.public_id,
        "endpoint_id": endpoint.public_id,
        "delivery_id": send_test(actor=None, endpoint=endpoint).public_id,
    }


def _now() -> dict[str, Any]:
    return {"first_at": timezone.now(), "last_at": timezone.now()}


def _move_sequences() -> int:
    """The least primary key of everything that is made from here on. PostgreSQL's sequences know no rollback."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(last_value), 0) FROM pg_sequences")
        start = max(int(cursor.fetchone()[0]), 7_000_000_000_000) + 1_000_000_000
        cursor.execute(
            "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, %s) FROM pg_sequences"
            " WHERE schemaname = 'public' AND max_value > %s",
            [start, start],
        )
    return start
