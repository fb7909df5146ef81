"""Mails to people in the name of whoever they know: their reseller, or the platform."""

import logging
from collections.abc import Sequence
from email.utils import formataddr, parseaddr
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from accounts.brands import Brand, brand_of
from accounts.look import light_shade
from accounts.models import Organization

log = logging.getLogger(__name__)

_ACCENT = "#2b50e0"  # as in static/css/tokens.css


def mail_people(organization: Organization | None, *, to: Sequence[str], subject: str, body: str) -> None:
    """One mail each: nobody sees the others' addresses, and one that fails holds up no other.

    Raises OSError (as all of smtplib's) when none could be sent: trying again then sends nothing twice.
    """
    brand = brand_of(organization)
    mails = [branded(brand, to=address, subject=subject, body=body) for address in to]
    failures = [error for mail in mails if (error := _failure(mail))]
    if failures and len(failures) == len(mails):
        raise min(failures, key=is_final)
    for error in failures:
        log.error("A mail could not be sent, while the same to others was.", exc_info=error)


def is_final(error: OSError) -> bool:
    """Whether a mail server wants none of these addresses for good (5xx), so that a later try is of no use."""
    refused = error.recipients.values() if isinstance(error, SMTPRecipientsRefused) else ()
    return bool(refused) and all(code >= 500 for code, _ in refused)


def _failure(mail: EmailMultiAlternatives) -> OSError | None:
    try:
        mail.send()
    except OSError as error:
        return error
    return None


def branded(brand: Brand, *, to: str, subject: str, body: str) -> EmailMultiAlternatives:
    """`body` is plain text; the HTML is made of it. A line that is an address alone becomes a button."""
    look = brand.look
    accent = light_shade(look.accent) if look.accent else _ACCENT
    html = render_to_string("accounts/mail/branded.html", {"brand": brand, "blocks": _blocks(body), "accent": accent})
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        from_email=sender(brand),
        to=[to],
        reply_to=[look.mail_reply_to] if look.mail_reply_to else None,
    )
    mail.attach_alternative(html, "text/html")
    return mail


def sender(brand: Brand) -> str:
    """A reseller's name, our address: mail in a name of somebody else's domain would be refused or be a forgery."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((brand.look.mail_name or brand.look.name or name, address))


def _blocks(body: str) -> list[tuple[bool, str]]:
    """(is an address alone, text) of each paragraph, in order."""
    found = []
    for paragraph in body.strip().split("\n\n"):
        lines = paragraph.strip().split("\n")
        text = [line for line in lines if not _is_address(line)]
        if any(text):
            found.append((False, "\n".join(text)))
        found += [(True, line.strip()) for line in lines if _is_address(line)]
    return found


def _is_address(line: str) -> bool:
    return line.strip().startswith(("https://", "http://")) and " " not in line.strip()
