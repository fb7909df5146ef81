"""Resellers: what they may hand out, and their customers."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from pydantic import ValidationError

from accounts.models import Organization
from accounts.services import create_organization, record
from core import bus
from licenses.authority import Actor, Authority, Deed, NotAllowed, authority_of
from licenses.entitlements import Pool, PoolExceeded, fits
from licenses.models import Plan, ResellerAccount
from licenses.pool import allocation, lock_account, within_pool


class InvalidReseller(ValueError):
    """`errors`: field → what is wrong with it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(f"{field}: {text}" for field, text in errors.items()))
        self.errors = dict(errors)


class InvalidReference(ValueError):
    """Another customer of this reseller has it."""


@transaction.atomic
def create_reseller(
    *,
    actor: Actor,
    name: str,
    plan_codes: Iterable[str],
    pool: Mapping[str, int],
    mode: str = ResellerAccount.Mode.RESERVE,
) -> ResellerAccount:
    """A reseller organization with its account. Raises InvalidReseller, NotAllowed."""
    authority = authority_of(actor)
    authority.require(Deed.RUN_RESELLERS)
    account = ResellerAccount(
        organization=create_organization(actor=authority.actor, name=name, kind=Organization.Kind.RESELLER),
        plan_codes=_known_codes(plan_codes),
        pool=_pool(pool).model_dump(),
        mode=ResellerAccount.Mode(mode),
    )
    account.save()
    return _tell(account, authority, "reseller.created", pool=account.pool, plans=account.plan_codes, mode=mode)


@transaction.atomic
def create_customer(*, actor: Actor, reseller: Organization | None, name: str, reference: str = "") -> Organization:
    """A customer of this reseller, or of the platform itself. Raises InvalidReference, NotAllowed, PoolExceeded."""
    authority = authority_of(actor)
    authority.require(Deed.ADD_CUSTOMER)
    if authority.level == authority.level.RESELLER and authority.organization != reseller:
        raise NotAllowed("You act for another reseller.")
    with within_pool(reseller, now=timezone.now()) as account:
        if reseller and account is None:
            raise NotAllowed("This organization is not a reseller.")
        return new_customer(authority, reseller=reseller, name=name, reference=reference)


def new_customer(
    authority: Authority, *, reseller: Organization | None, name: str, reference: str = ""
) -> Organization:
    """A part of a deed that has asked for leave and counts the pool."""
    if reference and Organization.objects.filter(parent=reseller, reference=reference).exists():
        raise InvalidReference("There is a customer with this reference already.")
    return create_organization(actor=authority.actor, name=name, parent=reseller, reference=reference)


@transaction.atomic
def set_pool(
    *,
    actor: Actor,
    reseller: Organization,
    pool: Mapping[str, int] | None = None,
    plan_codes: Iterable[str] | None = None,
    mode: str | None = None,
) -> ResellerAccount:
    """What is not given stays. Raises PoolExceeded when more than the new pool is taken already, InvalidReseller."""
    authority = authority_of(actor)
    authority.require(Deed.RUN_RESELLERS)
    account = _locked(reseller)
    if pool is not None:
        account.pool = _pool(pool).model_dump()
    if plan_codes is not None:
        account.plan_codes = _known_codes(plan_codes)
    if mode is not None:
        account.mode = ResellerAccount.Mode(mode)
    taken = allocation(account, now=timezone.now())
    for name, limit in account.pool.items():
        if not fits(getattr(taken, name), limit):
            raise PoolExceeded(name, limit)
    account.save()
    return _tell(account, authority, "reseller.pool", pool=account.pool, plans=account.plan_codes, mode=account.mode)


def _locked(reseller: Organization) -> ResellerAccount:
    if reseller.kind != Organization.Kind.RESELLER:
        raise NotAllowed("This organization is not a reseller.")
    ResellerAccount.objects.bulk_create([ResellerAccount(organization=reseller)], ignore_conflicts=True)
    account = lock_account(reseller)
    assert account  # noqa: S101  (it was there, or is now)
    return account


def _known_codes(codes: Iterable[str]) -> list[str]:
    wanted = sorted(set(codes))
    unknown = set(wanted) - set(Plan.objects.filter(code__in=wanted).values_list("code", flat=True))
    if unknown:
        raise InvalidReseller({"plan_codes": f"There is no plan {', '.join(sorted(unknown))}."})
    return wanted


def _pool(values: Mapping[str, int]) -> Pool:
    try:
        return Pool.model_validate(dict(values))
    except ValidationError as error:
        raise InvalidReseller(_errors(error)) from None


def _errors(error: ValidationError) -> dict[str, str]:
    return {".".join(map(str, e["loc"])): e["msg"].removeprefix("Value error, ") for e in error.errors()}


def _tell(account: ResellerAccount, authority: Authority, action: str, **details: Any) -> ResellerAccount:
    organization = account.organization
    record(action=action, actor=authority.actor, organization=organization, target=organization.public_id, **details)
    transaction.on_commit(lambda: bus.publish(organization.public_id))
    return account
