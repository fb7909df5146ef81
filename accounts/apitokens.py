"""Tokens of the REST API: `cdt_` and 43 random characters, shown once, stored as a keyed digest."""

import ipaddress
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from accounts.models import ApiToken, Membership, Organization, User
from accounts.permissions import Permission
from accounts.services import record
from core.crypto import Secret
from core.digests import digest

PREFIX: Final = "cdt_"
LIFETIME: Final = timedelta(days=90)  # unless said otherwise
_USE_NOTED_EVERY: Final = timedelta(minutes=1)


class Scope(StrEnum):
    LICENSES_READ = "licenses:read"
    LICENSES_WRITE = "licenses:write"
    LICENSES_OWN = "licenses:own"
    LICENSES_VALIDATE = "licenses:validate"
    CUSTOMERS_READ = "customers:read"
    CUSTOMERS_WRITE = "customers:write"
    DOMAINS_WRITE = "domains:write"
    WIDGETS_READ = "widgets:read"
    WIDGETS_WRITE = "widgets:write"
    USAGE_READ = "usage:read"
    AUDIT_READ = "audit:read"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"

    @property
    def words(self) -> str:
        return WORDS[self]


WORDS: Final = {
    Scope.LICENSES_READ: "See licences, their domains and plans",
    Scope.LICENSES_WRITE: "Issue licences and change them",
    Scope.LICENSES_OWN: "Claim a licence, pause and resume it, give it a new key",
    Scope.LICENSES_VALIDATE: "Ask whether a licence is valid",
    Scope.CUSTOMERS_READ: "See customers",
    Scope.CUSTOMERS_WRITE: "Create and rename customers",
    Scope.DOMAINS_WRITE: "Allow and remove domains",
    Scope.WIDGETS_READ: "See widgets",
    Scope.WIDGETS_WRITE: "Create, change and publish widgets, and store their keys",
    Scope.USAGE_READ: "See usage",
    Scope.AUDIT_READ: "Read the audit log",
    Scope.WEBHOOKS_READ: "See webhooks and their deliveries",
    Scope.WEBHOOKS_WRITE: "Create and change webhooks",
}

# What the creator's role must allow, when the token is made and whenever it is used.
NEEDS: Final = {
    Scope.LICENSES_READ: Permission.LICENSE_READ,
    Scope.LICENSES_WRITE: Permission.LICENSE_MANAGE,
    Scope.LICENSES_OWN: Permission.TOKEN_MANAGE,  # a customer's owner or admin
    Scope.LICENSES_VALIDATE: Permission.LICENSE_READ,
    Scope.CUSTOMERS_READ: Permission.CUSTOMER_READ,
    Scope.CUSTOMERS_WRITE: Permission.CUSTOMER_MANAGE,
    Scope.DOMAINS_WRITE: Permission.DOMAIN_EDIT,
    Scope.WIDGETS_READ: Permission.WIDGET_READ,
    Scope.WIDGETS_WRITE: Permission.WIDGET_EDIT,
    Scope.USAGE_READ: Permission.LICENSE_READ,
    Scope.AUDIT_READ: Permission.AUDIT_READ,
    Scope.WEBHOOKS_READ: Permission.TOKEN_MANAGE,
    Scope.WEBHOOKS_WRITE: Permission.TOKEN_MANAGE,
}


class InvalidToken(Exception):
    """No such token, or it is revoked, expired, used from elsewhere, or its creator has left."""


class ScopeRefused(ValueError):
    """A scope that is unknown, or that the creator's role does not cover."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls the API for which organization: a token, within its creator's role."""

    membership: Membership
    token: ApiToken

    @property
    def organization(self) -> Organization:
        return self.membership.organization

    @property
    def actor(self) -> User:
        return self.membership.user

    def may(self, scope: Scope) -> bool:
        return self.has(scope) and self.membership.may(NEEDS[scope])

    def has(self, scope: Scope) -> bool:
        return scope.value in self.token.scopes


@transaction.atomic
def create_token(
    *,
    membership: Membership,
    name: str,
    scopes: Iterable[str],
    now: datetime,
    expires_at: datetime | None = None,
    ip_list: Iterable[str] = (),
) -> tuple[ApiToken, Secret]:
    """The token and its text, which is not stored. Lives LIFETIME when no end is given. Raises ScopeRefused,
    ValueError for an address list that is none."""
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(Scope) or not all(membership.may(NEEDS[Scope(s)]) for s in wanted):
        raise ScopeRefused("Choose scopes that your own role covers.")
    text = Secret(PREFIX + secrets.token_urlsafe(32))
    token = ApiToken.objects.create(
        organization=membership.organization,
        created_by=membership.user,
        name=name,
        digest=_digest(text.reveal()),
        last4=text.reveal()[-4:],
        scopes=wanted,
        ip_list=[str(ipaddress.ip_network(entry.strip(), strict=False)) for entry in ip_list],
        created_at=now,
        expires_at=expires_at or now + LIFETIME,
    )
    _tell(token, membership.user, "token.created", scopes=wanted, ip_list=token.ip_list)
    return token, text


@transaction.atomic
def revoke_token(*, actor: User | None, token: ApiToken, now: datetime) -> ApiToken:
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        _tell(token, actor, "token.revoked")
    return token


def revoke_tokens_of(*, member: Membership, actor: User | None, now: datetime) -> None:
    """All that this person has made in the organization: they would open it again with a membership of later."""
    own = ApiToken.objects.filter(organization=member.organization, created_by=member.user, revoked_at=None)
    for token in own:
        revoke_token(actor=actor, token=token, now=now)


def scopes_within(membership: Membership) -> list[Scope]:
    """Those that this person's role covers."""
    return [scope for scope in Scope if membership.may(NEEDS[scope])]


def authenticate(text: str, *, ip: str, now: datetime) -> Caller:
    """Whose token this is. Raises InvalidToken for every reason alike."""
    if not text.startswith(PREFIX):
        raise InvalidToken
    found = ApiToken.objects.select_related("organization__parent", "created_by").filter(digest=_digest(text)).first()
    if found is None or found.revoked_at or (found.expires_at and found.expires_at <= now):
        raise InvalidToken
    if not found.created_by.is_active or not _comes_from(ip, found.ip_list):
        raise InvalidToken
    membership = Membership.objects.for_user(found.created_by).filter(organization=found.organization).first()
    if membership is None:
        raise InvalidToken
    membership.organization, membership.user = found.organization, found.created_by
    _note_use(found, now)
    return Caller(membership, found)


def _note_use(token: ApiToken, now: datetime) -> None:
    """At most once a minute, whoever else uses it."""
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - _USE_NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at <= now - _USE_NOTED_EVERY:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def _comes_from(ip: str, networks: list[str]) -> bool:
    if not networks:
        return True
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in networks)


def _digest(text: str) -> str:
    return digest("api-token", text)


def _tell(token: ApiToken, actor: User | None, action: str, **details: Any) -> None:
    record(
        action=action,
        actor=actor,
        organization=token.organization,
        target=token.public_id,
        last4=token.last4,
        **details,
    )
