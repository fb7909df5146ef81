"""Mails to the people who answer for a licence."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse

from accounts.brandmail import mail_people
from accounts.brands import brand_of, dashboard_url
from accounts.models import Organization, User, live
from accounts.permissions import Role
from licenses.models import License

_ANSWER_FOR_IT = (Role.OWNER, Role.ADMIN, Role.BILLING)


def mail_holders(license: License, template: str, context: dict[str, Any]) -> None:
    """`templates/licenses/mail/<template>.txt`: the first line is the subject, what follows an empty line the body."""
    organization = license.organization
    if organization is None:
        return
    look, url = brand_of(organization).look, _url(license, organization)
    values = {"license": license, "organization": organization, "look": look, "url": url, **context}
    subject, _, body = render_to_string(f"licenses/mail/{template}.txt", values).strip().partition("\n\n")
    people = User.objects.filter(
        live("memberships__"),
        is_active=True,
        memberships__organization=organization,
        memberships__role__in=_ANSWER_FOR_IT,
    )
    mail_people(
        organization, to=list(people.order_by("pk").values_list("email", flat=True)), subject=subject, body=body
    )


def _url(license: License, organization: Organization) -> str:
    path = reverse("licenses:detail", kwargs={"slug": organization.slug, "license_id": license.public_id})
    return f"{dashboard_url(organization)}{path}"
