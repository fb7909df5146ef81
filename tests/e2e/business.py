"""What is sold and by whom, for the pages of resellers, of the platform and of the people of an organization."""

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.branding import set_branding
from accounts.grants import Scope, grant_access
from accounts.invitations import invite
from accounts.models import Membership, Organization, User
from accounts.permissions import Role
from accounts.services import add_member
from licenses.deeds import PAGES
from licenses.models import License, Plan
from licenses.services import create_reseller, issue_license, suspend_license
from tests.build import make_organization, make_plan, make_user, make_widget
from tests.e2e.dashboard import Pages, paths


def _agency(alice: User) -> Organization:
    plan = make_plan({"widgets": 5, "sessions_month": 1000}, code="starter")
    pool = {"customers": 20, "licenses": 3, "widgets": 40, "domains": -1, "sessions_month": -1}
    agency = create_reseller(actor=None, name="Alice's agency", plan_codes=[plan.code], pool=pool).organization
    add_member(actor=None, organization=agency, user=alice, role=Role.RESELLER_OWNER)
    set_branding(actor=None, organization=agency, values={"name": "Lantern", "accent": "#ffd000"})
    return agency


def fill_business(alice: User) -> dict[str, str]:
    """A platform, its reseller and a customer of that, with alice in each → name of a page: its path."""
    agency = _agency(alice)
    shop = make_organization("Bob's shop", alice, parent=agency)
    platform = make_organization("Operations", alice, kind="platform")
    plan, now = Plan.objects.get(code="starter"), datetime.now(UTC)
    held, waiting, stopped = _licenses(plan, agency, shop, now)
    member = _people(alice, shop, now)
    for scope in (Scope.IMPERSONATE, Scope.CONFIG):
        grant_access(actor=alice, organization=shop, scope=scope, now=now, expires_at=now + timedelta(days=30))
    theirs, ours, own = {"slug": agency.slug}, {"slug": platform.slug}, {"slug": shop.slug}
    pages: Pages = {
        **_of_reseller(theirs, {"customer_id": shop.public_id}, {"plan_id": plan.public_id}),
        **_of_platform(ours, {"organization_id": shop.public_id}, {"plan_id": plan.public_id}, agency),
        **_deeds(theirs, held, waiting, stopped),
        "license-of-reseller": ("licenses:detail", theirs | {"license_id": held.public_id}),
        "license-history": ("licenses:history", theirs | {"license_id": held.public_id}),
        "claim": ("licenses:claim", own),
        "install-in-their-colours": ("widgets:install", own | {"widget_id": make_widget(held).public_id}),
        "keys": ("licenses:keys", theirs),
        "grants": ("accounts:grants", own),
        "member": ("accounts:member", own | {"member_id": member.pk}),
    }
    return paths(pages)


def _licenses(plan: Plan, agency: Organization, shop: Organization, now: datetime) -> tuple[License, License, License]:
    """One of the shop's that ends, one in the pool, and one that is suspended."""
    facts = {"actor": None, "plan": plan, "issuer": agency}
    held = issue_license(**facts, organization=shop, expires_at=now + timedelta(days=9))
    waiting = issue_license(**facts)
    stopped = issue_license(**facts, organization=shop)
    suspend_license(actor=None, license=stopped, reason="An invoice is open", now=now, level="reseller")
    return held, waiting, stopped


def _people(alice: User, shop: Organization, now: datetime) -> Membership:
    owner = shop.memberships.get(user=alice)
    invite(actor=owner, email="charlie@example.com", role=Role.EDITOR, now=now)
    return add_member(actor=None, organization=shop, user=make_user("bob"), role=Role.EDITOR)


def _of_reseller(own: dict[str, Any], customer: dict[str, Any], plan: dict[str, Any]) -> Pages:
    return {
        "customers": ("licenses:customers", own),
        "customer": ("licenses:customer", own | customer),
        "customer-new": ("licenses:customer-new", own),
        "import": ("licenses:import", own),
        "issue": ("licenses:issue", own),
        "licenses-of-reseller": ("licenses:list", own),
        "plans-of-reseller": ("licenses:plans", own),
        "plan-of-reseller": ("licenses:plan", own | plan),
        "pool": ("licenses:pool", own),
        "branding": ("licenses:branding", own),
        "received": ("accounts:received", own),
        "act": ("accounts:act", own | customer),
    }


def _of_platform(
    own: dict[str, Any], organization: dict[str, Any], plan: dict[str, Any], agency: Organization
) -> Pages:
    reseller = {"reseller_id": agency.public_id}
    return {
        "overview-platform": ("widgets:overview", own),
        "plans": ("licenses:plans", own),
        "plan": ("licenses:plan", own | plan),
        "plan-new": ("licenses:plan-new", own),
        "plan-edit": ("licenses:plan-edit", own | plan),
        "resellers": ("licenses:resellers", own),
        "reseller": ("licenses:reseller", own | reseller),
        "reseller-new": ("licenses:reseller-new", own),
        "reseller-pool": ("licenses:reseller-pool", own | reseller),
        "support": ("accounts:support", own),
        "support-begin": ("accounts:support-begin", own | organization),
    }


def _deeds(own: dict[str, Any], held: License, waiting: License, stopped: License) -> Pages:
    """Each on a licence on which it is possible."""
    on = {"assign": waiting, "reinstate": stopped}
    names = [page.name for page in PAGES]
    return {name: (f"licenses:{name}", own | {"license_id": on.get(name, held).public_id}) for name in names}
