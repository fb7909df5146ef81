"""The demo's business: who runs the platform, a reseller with a pool, and two customers of it."""

from accounts.models import Membership, Organization, User
from accounts.permissions import Role
from accounts.services import add_member, create_organization
from licenses.entitlements import UNLIMITED, Feature, Metric
from licenses.models import Plan, ResellerAccount
from licenses.services import create_customer, create_plan, create_reseller, issue_license

OPERATOR, RESELLER, CUSTOMER = "operator@example.com", "reseller@example.com", "customer@example.com"
PLATFORM, AGENCY = "Chatdock operations", "Quayside Agency"
BOOKS, GARDEN = "Bay Books", "Garden Centre"
POOL = {"customers": 25, "licenses": 50, "widgets": 200, "domains": 200, "sessions_month": 500_000}
SMALL = {"widgets": 2, "domains": 3, "wildcard_domains": 1, "sessions_day": 200, "sessions_month": 2_000}
LARGE = {"widgets": 20, "domains": 20, "wildcard_domains": 10, "sessions_day": 5_000, "sessions_month": 50_000}
FOR_ALL = {
    "concurrent_sessions": UNLIMITED,
    "messages_month": UNLIMITED,
    "members": 10,
    "upload_mb": 10,
    "analytics_days": 90,
}


def seed_business(password: str) -> dict[str, str]:
    """Make what is missing. → e-mail: what one sees with it."""
    plans = [
        _plan("starter", "Starter", SMALL, [Feature.N8N, Feature.CHATKIT, Feature.FILE_UPLOAD]),
        _plan("business", "Business", LARGE, list(Feature)),
    ]
    platform = Organization.objects.filter(name=PLATFORM).first() or create_organization(
        actor=None, name=PLATFORM, kind=Organization.Kind.PLATFORM
    )
    agency = _agency([plan.code for plan in plans])
    books, garden = _customer(agency, BOOKS, "1001"), _customer(agency, GARDEN, "1002")
    if not books.licenses.exists():
        issue_license(actor=None, plan=plans[0], organization=books, issuer=agency)
        issue_license(actor=None, plan=plans[1], issuer=agency)  # into the pool
    _member(OPERATOR, password, platform, Role.PLATFORM_ADMIN)
    _member(RESELLER, password, agency, Role.RESELLER_OWNER)
    for customer in (books, garden):
        _member(CUSTOMER, password, customer, Role.OWNER)
    return {OPERATOR: "runs the platform", RESELLER: f"sells, as {AGENCY}", CUSTOMER: f"buys, as {BOOKS}"}


def _plan(code: str, name: str, limits: dict[str, int], features: list[Feature]) -> Plan:
    newest = Plan.objects.filter(code=code).order_by("-version").first()
    return newest or create_plan(
        actor=None,
        code=code,
        name=name,
        limits={metric.value: (limits | FOR_ALL)[metric] for metric in Metric},
        features=[feature.value for feature in features],
        duration_days=365,
    )


def _agency(codes: list[str]) -> Organization:
    account = ResellerAccount.objects.filter(organization__name=AGENCY).select_related("organization").first()
    account = account or create_reseller(actor=None, name=AGENCY, plan_codes=codes, pool=POOL)
    return account.organization


def _customer(agency: Organization, name: str, reference: str) -> Organization:
    found = Organization.objects.filter(parent=agency, reference=reference).first()
    return found or create_customer(actor=None, reseller=agency, name=name, reference=reference)


def _member(email: str, password: str, organization: Organization, role: Role) -> None:
    user = User.objects.filter(email=email).first() or User.objects.create_user(email)
    user.set_password(password)
    user.save()
    user.confirm_email()
    if not Membership.objects.filter(organization=organization, user=user).exists():
        add_member(actor=None, organization=organization, user=user, role=role)
