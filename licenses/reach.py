"""What an organization sees: a customer its own licences, a reseller its customers and its pool, the platform all."""

from django.db.models import Q, QuerySet

from accounts.models import Organization
from licenses.models import License, LicenseQuerySet, Plan, PlanQuerySet, ResellerAccount

Kind = Organization.Kind


def licenses_within(organization: Organization) -> LicenseQuerySet:
    if organization.kind == Kind.PLATFORM:
        return License.objects.all()
    if organization.kind == Kind.RESELLER:
        return License.objects.filter(
            Q(organization__in=customers_within(organization)) | Q(organization=None, issuer=organization)
        )
    return License.objects.for_organization(organization)


def customers_within(organization: Organization) -> QuerySet[Organization]:
    customers = Organization.objects.filter(kind=Kind.CUSTOMER)
    if organization.kind == Kind.PLATFORM:
        return customers
    return customers.filter(parent=organization) if organization.kind == Kind.RESELLER else customers.none()


def plans_within(organization: Organization) -> PlanQuerySet:
    """Every version of the plans that it may issue."""
    if organization.kind == Kind.PLATFORM:
        return Plan.objects.all()
    account = ResellerAccount.objects.for_organization(organization).first()
    return Plan.objects.filter(code__in=account.plan_codes if account else [])


def resellers() -> QuerySet[Organization]:
    """For the platform alone."""
    return Organization.objects.filter(kind=Kind.RESELLER)
