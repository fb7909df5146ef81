"""Two resellers, their customers and the platform, each with one of everything, so that there is always a stranger.

What is foreign to alice has primary keys from `foreign_from` to before `foreign_to`: a write that names one is found
out. To her reseller her sibling is not foreign.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.apitokens import create_token
from accounts.branding import name_host
from accounts.grants import grant_access
from accounts.invitations import invite
from accounts.models import DelegationGrant, Membership, Organization, User
from accounts.permissions import ROLES_OF, Role
from accounts.services import add_member, create_organization, suspend_organization
from accounts.webhooks import create_endpoint, send_test
from analytics.models import SeenOrigin
from licenses.domains import parse_rule
from licenses.entitlements import Feature
from licenses.models import Plan
from licenses.services import add_domains, create_plan, create_reseller, issue_license
from tests.api import LIMITS, POOL
from tests.build import make_user, make_widget
from widgets.presets import save_preset
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
    "grant_id": "grt_" + "0" * 22,
    "domain": "absent.test",
    "member_id": "987654321",
    "number": "987654321",
    "rule_id": "987654321",
    "origin_id": "987654321",
    "preset_id": "987654321",
    "customer_slug": "no-such-customer",
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
    foreign_to: int

    def home(self, kind: str) -> Tenant:
        return {"customer": self.alice, "reseller": self.seller, "platform": self.platform}[kind]

    def strangers_to(self, kind: str) -> list[Tenant]:
        """Who has the same things, and is not to be reached from there. Nobody is a stranger to the platform."""
        return {"customer": [self.sibling, self.charlie], "reseller": [self.rival], "platform": []}[kind]

    def unseen(self, kind: str) -> bytes:
        """In the name of everything that is foreign there."""
        return b"" if kind == "platform" else {"customer": b"Unseen", "reseller": b"Unseen charlie"}[kind]


def make_world() -> World:
    plan = _plan("basic", "Basic")
    platform = _tenant("platform", "platform", plan)
    seller = _tenant("seller", "reseller", plan)
    alice = _tenant("alice", "customer", plan, seller)
    suspended = _tenant("suspended", "customer", plan, seller)
    suspend_organization(actor=None, organization=suspended.organization, now=timezone.now())
    foreign_from = _move_sequences()
    sibling = _tenant("sibling", "customer", plan, seller)
    theirs = _plan("unseen", f"{SECRET_NAME} plan")
    rival = _tenant("rival", "reseller", theirs)
    charlie = _tenant("charlie", "customer", theirs, rival)
    _sell(seller, alice)
    _sell(rival, charlie)
    _sell(platform, alice)
    platform.ids |= {"reseller_id": seller.organization.public_id}
    platform.at = seller.at
    return World(
        alice,
        sibling,
        charlie,
        suspended,
        seller,
        rival,
        platform,
        foreign_from=foreign_from,
        foreign_to=_move_sequences(),
    )


def _tenant(name: str, kind: str, plan: Plan, seller: Tenant | None = None) -> Tenant:
    foreign = name in {"sibling", "rival", "charlie"}
    title = f"{SECRET_NAME} {name}" if foreign else name.title()
    if kind == "reseller":
        account = create_reseller(actor=None, name=title, plan_codes=[plan.code], pool=POOL)
        organization = account.organization
    else:
        parent = seller.organization if seller else None
        organization = create_organization(actor=None, name=title, kind=kind, parent=parent)
    tenant = Tenant(organization, ids={"slug": organization.slug, "face": "dashboard"})
    for role in sorted(ROLES_OF[kind], key=list(Role).index):
        tenant.people[role] = make_user(f"{name}-{role}")
        add_member(actor=None, organization=organization, user=tenant.people[role], role=Role(role))
    if kind == "customer":
        _give_things(tenant, plan, title)
    elif kind == "reseller":
        name_host(actor=None, organization=organization, face="dashboard", host=f"app.{organization.slug}.test")
        pooled = issue_license(actor=None, plan=plan, issuer=organization)
        tenant.at["licenses:assign"] = {"license_id": pooled.public_id}
    tenant.ids |= _connections(tenant)
    return tenant


def _plan(code: str, name: str) -> Plan:
    features = [feature.value for feature in Feature]
    return create_plan(actor=None, code=code, name=name, limits=LIMITS, features=features, duration_days=365)


def _sell(seller: Tenant, buyer: Tenant) -> None:
    """What a seller has none of is the buyer's, who is its customer."""
    seller.ids = buyer.ids | seller.ids
    seller.at = buyer.at | seller.at


def _sold(customer: Organization) -> dict[str, str]:
    """What its reseller sees: the customer, its licence and the plan of that."""
    license = customer.licenses.get()
    return {
        "customer_id": customer.public_id,
        "customer_slug": customer.slug,
        "organization_id": customer.public_id,
        "license_id": license.public_id,
        "plan_id": license.plan.public_id,
    }


def _give_things(tenant: Tenant, plan: Plan, title: str) -> None:
    reseller = tenant.organization.parent
    license = issue_license(actor=None, organization=tenant.organization, plan=plan, issuer=reseller)
    host = f"{tenant.organization.slug}.test"
    (rule,) = add_domains(actor=None, license=license, rules=[parse_rule(host)])
    widget = make_widget(license, name=title)
    origin = SeenOrigin.objects.create(
        organization=tenant.organization, license=license, origin=f"https://other.{host}", **_now()
    )
    chatkit = make_widget(license, "chatkit", name=f"{title} too")
    tenant.at["chatkit_probe:test"] = {"widget_id": chatkit.public_id}
    tenant.ids |= _sold(tenant.organization) | {
        "link_id": share_preview(actor=None, widget=widget, period="day", now=timezone.now()).public_id,
        "widget_id": widget.public_id,
        "number": "1",
        "rule_id": str(rule.pk),
        "origin_id": str(origin.pk),
        "preset_id": str(save_preset(actor=None, widget=widget, name=title).pk),
        "grant_id": _grant(tenant).public_id,
        "domain": host,
        "platform_id": "html",
        "kind": "n8n_auth",
    }


def _grant(tenant: Tenant) -> DelegationGrant:
    return grant_access(
        actor=tenant.owner,
        organization=tenant.organization,
        scope=DelegationGrant.Scope.IMPERSONATE,
        now=timezone.now(),
    )


def _connections(tenant: Tenant) -> dict[str, str]:
    """People, tokens and webhooks."""
    organization, now = tenant.organization, timezone.now()
    owner = Membership.objects.get(organization=organization, user=tenant.owner)
    other = Membership.objects.get(organization=organization, user=list(tenant.people.values())[-1])
    invitation = invite(actor=owner, email=f"guest@{organization.slug}.test", role=other.role, now=now)
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
