"""What the API shows an organization beside the licences, customers and plans within its reach."""

from django.db.models import QuerySet

from accounts.models import Organization
from licenses.models import DomainRule, License, Plan, UsageCounter
from licenses.reach import Kind, licenses_within, plans_within, resellers


def resellers_within(organization: Organization) -> QuerySet[Organization]:
    """Whom the platform may act for."""
    return resellers() if organization.kind == Kind.PLATFORM else resellers().none()


def plans_seen(organization: Organization) -> QuerySet[Plan]:
    """Those it may issue; a customer's are those of its licences."""
    if organization.kind == Kind.CUSTOMER:
        return Plan.objects.filter(pk__in=License.objects.for_organization(organization).values("plan"))
    return plans_within(organization)


def find_plan(organization: Organization, named: str) -> Plan | None:
    """By id, or the newest version by code."""
    plans = plans_within(organization)
    return plans.filter(public_id=named).first() or plans.filter(code=named).order_by("-version").first()


def domains_of(license: License) -> QuerySet[DomainRule]:
    return DomainRule.objects.filter(license=license)


def usage_within(organization: Organization) -> QuerySet[UsageCounter]:
    visible = licenses_within(organization).order_by().values("pk")
    return UsageCounter.objects.filter(license__in=visible).select_related("license")
