"""Giving an organization its look, its logo and its host names."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync
from django.db import IntegrityError, transaction
from pydantic import ValidationError

from accounts.brand_models import Brand, Hostname
from accounts.brands import TOPIC
from accounts.logos import Logo
from accounts.look import Look
from accounts.models import Organization, User
from accounts.services import record
from core import bus, dns
from core.hostnames import is_host, is_numeric, to_ascii
from core.hosts import is_ours
from core.outbound import OutboundError

RECORD = "_chatdock"  # the label in front of a host at which its DNS must name the reseller


class InvalidBranding(ValueError):
    """`errors`: field → what is wrong with it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(f"{field}: {text}" for field, text in errors.items()))
        self.errors = dict(errors)


class NotVerified(Exception):
    """The text says what was found instead, and what to do."""


@transaction.atomic
def set_branding(*, actor: User | None, organization: Organization, values: Mapping[str, Any]) -> Brand:
    """Replaces the look; the logo stays. Raises InvalidBranding."""
    try:
        look = Look.model_validate(dict(values))
    except ValidationError as error:
        raise InvalidBranding(
            {".".join(map(str, e["loc"])): e["msg"].removeprefix("Value error, ") for e in error.errors()}
        ) from None
    brand = _brand(organization)
    brand.values = look.model_dump()
    brand.save(update_fields=["values"])
    _tell(actor, organization, "branding.changed", values=brand.values)
    return brand


@transaction.atomic
def set_logo(*, actor: User | None, organization: Organization, logo: Logo | None) -> Brand:
    """None takes it away."""
    brand = _brand(organization)
    brand.logo = logo.png if logo else b""
    brand.logo_digest = logo.digest if logo else ""
    brand.logo_is_wide = logo is not None and logo.is_wide
    brand.save(update_fields=["logo", "logo_digest", "logo_is_wide"])
    _tell(actor, organization, "branding.logo", logo=brand.logo_digest)
    return brand


def find_logo(digest: str) -> bytes | None:
    """The PNG that an address names, whosever it is: two may have the same."""
    brand = Brand.objects.filter(logo_digest=digest).first()
    return bytes(brand.logo) if brand else None


@transaction.atomic
def name_host(*, actor: User | None, organization: Organization, face: str, host: str) -> Hostname:
    """What a reseller wants to be reached by; nothing answers there before it is verified. Raises InvalidBranding."""
    face = Hostname.Face(face)
    name = _hostname(organization, host)
    mine = Hostname.objects.for_organization(organization)
    present = mine.filter(face=face).first()
    if present and present.host == name:
        return present
    if mine.filter(host=name).exists():
        raise InvalidBranding({face.value: "This is your other host name already. Each needs one of its own."})
    if present:
        remove_host(actor=actor, hostname=present)
    hostname = Hostname.objects.create(organization=organization, face=face, host=name)
    _tell(actor, organization, "hostname.named", host=name, face=face)
    return hostname


@transaction.atomic
def remove_host(*, actor: User | None, hostname: Hostname) -> None:
    organization = hostname.organization
    hostname.delete()
    _tell(actor, organization, "hostname.removed", host=hostname.host, face=hostname.face)


def verify_host(*, actor: User | None, hostname: Hostname, now: datetime) -> Hostname:
    """Asks DNS whether the reseller may have this name. Who proves it last has it: a name may be sold.

    Not atomic as a whole: no transaction waits for a name server. Raises NotVerified.
    """
    try:
        texts = async_to_sync(dns.txt_records)(record_name(hostname))
    except OutboundError:
        raise NotVerified("The name server could not be asked. Try again in a few minutes.") from None
    if record_value(hostname.organization) not in texts:
        found = f"found {', '.join(texts)[:200]!r}" if texts else "found nothing there"
        raise NotVerified(f"We {found}. New records may take an hour to be seen.")
    try:
        return _set_verified(actor, hostname, now)
    except IntegrityError:  # somebody else proved it in this very moment
        raise NotVerified("The name was just verified by another reseller.") from None


@transaction.atomic
def _set_verified(actor: User | None, hostname: Hostname, now: datetime) -> Hostname:
    others = Hostname.objects.select_for_update().verified().filter(host=hostname.host).exclude(pk=hostname.pk)
    for former in others.select_related("organization"):
        Hostname.objects.filter(pk=former.pk).update(verified_at=None)
        _tell(None, former.organization, "hostname.lost", host=former.host, face=former.face)
    hostname.verified_at = now
    hostname.save(update_fields=["verified_at"])
    _tell(actor, hostname.organization, "hostname.verified", host=hostname.host, face=hostname.face)
    return hostname


def record_name(hostname: Hostname) -> str:
    return f"{RECORD}.{hostname.host}"


def record_value(organization: Organization) -> str:
    """It names whom the owner of the name trusts with it, so it need not be a secret."""
    return f"chatdock={organization.public_id}"


def _hostname(organization: Organization, text: str) -> str:
    if organization.kind != Organization.Kind.RESELLER:
        raise InvalidBranding({"host": "The platform's host names stand in its settings."})
    try:
        name = to_ascii(text.strip().lower())
    except UnicodeError:
        name = ""
    if not is_host(name) or is_numeric(name) or "." not in name or "_" in name:
        raise InvalidBranding(
            {"host": "Give a host name such as chat.example.com, without https:// and without a path."}
        )
    if is_ours(name):
        raise InvalidBranding({"host": "This name is the platform's own."})
    return name


def _brand(organization: Organization) -> Brand:
    if organization.kind == Organization.Kind.CUSTOMER:
        raise InvalidBranding({"name": "A customer looks as its reseller does."})
    brand, _ = Brand.objects.get_or_create(organization=organization)
    return Brand.objects.select_for_update().get(pk=brand.pk)


def _tell(actor: User | None, organization: Organization, action: str, **details: Any) -> None:
    record(action=action, actor=actor, organization=organization, target=organization.public_id, **details)
    transaction.on_commit(lambda: _announce(organization.public_id))


def _announce(public_id: str) -> None:
    bus.publish(TOPIC)
    bus.publish(public_id)  # what is known of its customers' widgets
