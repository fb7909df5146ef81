"""Plain mails to the people who answer for a licence, in its reseller's name where there is one."""

from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Organization, User, live
from accounts.permissions import Role
from licenses.branding import Branding
from licenses.models import License, ResellerAccount

_ANSWER_FOR_IT = (Role.OWNER, Role.ADMIN, Role.BILLING)


def mail_holders(license: License, template: str, context: dict[str, Any]) -> None:
    """`templates/licenses/mail/<template>.txt`: the first line is the subject, the rest after an empty line the body.

    One mail each: nobody sees the others' addresses.
    """
    organization = license.organization
    if organization is None:
        return
    look = look_of(organization)
    text = render_to_string(
        f"licenses/mail/{template}.txt",
        {"license": license, "organization": organization, "look": look, "url": _url(license, organization), **context},
    )
    subject, _, body = text.strip().partition("\n\n")
    people = User.objects.filter(
        live("memberships__"),
        is_active=True,
        memberships__organization=organization,
        memberships__role__in=_ANSWER_FOR_IT,
    )
    for address in people.order_by("pk").values_list("email", flat=True):
        EmailMessage(
            subject=" ".join(subject.split()),
            body=body.strip() + "\n",
            from_email=_sender(look),
            to=[address],
            reply_to=[look.mail_reply_to] if look.mail_reply_to else None,
        ).send()


def look_of(organization: Organization) -> Branding:
    """How this organization's people see the product: as their reseller has it."""
    reseller = organization.parent
    account = ResellerAccount.objects.for_organization(reseller).first() if reseller else None
    return account.look() if account else Branding()


def _sender(look: Branding) -> str:
    """A reseller's name, our address: mail in a name of somebody else's domain would be refused or be a forgery."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((look.mail_name or look.name or name, address))


def _url(license: License, organization: Organization) -> str:
    path = reverse("licenses:detail", kwargs={"slug": organization.slug, "license_id": license.public_id})
    return f"{settings.DASHBOARD_URL}{path}"
