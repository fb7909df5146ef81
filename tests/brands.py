"""Resellers with a look and host names of their own, for tests."""

from typing import Any

from django.utils import timezone

from accounts import brands
from accounts.brand_models import Hostname
from accounts.branding import name_host, set_branding
from accounts.models import Organization

DASHBOARD, EMBED = "app.agency.test", "chat.agency.test"


def own_host(organization: Organization, face: str, host: str, *, verified: bool = True) -> Hostname:
    hostname = name_host(actor=None, organization=organization, face=face, host=host)
    if verified:
        Hostname.objects.filter(pk=hostname.pk).update(verified_at=timezone.now())
    brands.kept.forget(brands.TOPIC)
    return hostname


def dress(organization: Organization, **values: Any) -> None:
    set_branding(actor=None, organization=organization, values=values)
    brands.kept.forget(brands.TOPIC)
