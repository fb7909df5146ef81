"""Everything that can be done to one licence: when it is possible, what it asks, and what is said of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from licenses.authority import Authority, Deed, outranks
from licenses.forms import deeds as forms
from licenses.impact import Impact
from licenses.models import License
from licenses.services import (
    assign_license,
    change_plan,
    extend_license,
    reinstate_license,
    renew_license,
    revoke_license,
    rotate_key,
    set_grace,
    set_overrides,
    suspend_license,
    transfer_license,
)
from licenses.wording import amount


@dataclass(frozen=True, slots=True)
class Page:
    """`do` gives the licence afterwards, which for a transfer is another one; with a new key in it, if it made one."""

    name: str  # of its URL and in it
    deed: Deed
    title: str
    button: str
    form: type[forms.DeedForm]
    is_possible: Callable[[License], bool]
    tell: Callable[[License, Impact], Iterator[str]]
    do: Callable[[Authority, License, Any, datetime], License]
    done: str
    is_danger: bool = False

    def is_open(self, authority: Authority, license: License) -> bool:
        if not authority.may(self.deed, license) or not self.is_possible(license):
            return False
        if license.suspended_at and self.deed is Deed.SUSPEND:
            return outranks(authority.level, license.suspended_by)
        return self.deed is not Deed.REINSTATE or not outranks(license.suspended_by, authority.level)


def _alive(license: License) -> bool:
    return license.revoked_at is None


def _held(license: License) -> bool:
    return _alive(license) and license.organization_id is not None


def _ends(license: License) -> bool:
    return _alive(license) and license.expires_at is not None


def _assign(license: License, impact: Impact) -> Iterator[str]:
    yield "The customer can use the licence at once."
    if license.expires_at is None and license.plan.duration_days:
        start, now = license.starts_at, timezone.now()
        day = f"on {start:%-d %B %Y}" if start and start > now else "now"
        yield f"Its {amount(license.plan.duration_days, 'day')} begin {day}."
    yield "It leaves the pool of licences to hand out. Its key stays as it is, and can no longer be claimed by others."


def _suspend(license: License, impact: Impact) -> Iterator[str]:
    if license.suspended_at:
        yield f"It is suspended already, by: {license.get_suspended_by_display()}. Yours takes its place."
    yield impact.stops
    yield "Chats that are running end. Nothing is deleted, and the customer can still read its dashboard."
    yield "Whoever is above you can lift it too; whoever is below you cannot."


def _reinstate(license: License, impact: Impact) -> Iterator[str]:
    yield f"{amount(impact.live, 'live widget')} may run again within seconds, if the dates allow it."


def _renew(license: License, impact: Impact) -> Iterator[str]:
    if license.expires_at:
        yield f"It ends on {license.expires_at:%-d %B %Y} now."
        yield f"The days are added: {license.plan.get_renewal_display().lower()}."


def _extend(license: License, impact: Impact) -> Iterator[str]:
    if license.expires_at:
        yield f"It ends on {license.expires_at:%-d %B %Y} now. A licence is extended to a later day only."


def _change_plan(license: License, impact: Impact) -> Iterator[str]:
    yield f"Now: {forms.in_short(license.plan)}."
    yield f"In use: {impact.in_use}."
    yield "Dates and own limits stay. Widgets of a type that the new plan does not include stop."


def _overrides(license: License, impact: Impact) -> Iterator[str]:
    yield "What is chosen here holds for this licence alone, and through changes of its plan."
    yield f"In use: {impact.in_use}."


def _grace(license: License, impact: Impact) -> Iterator[str]:
    yield "For so long after its end widgets run on, and the customer is reminded."


def _transfer(license: License, impact: Impact) -> Iterator[str]:
    used = f"{amount(impact.chats, 'chat')} and {amount(impact.messages, 'message')}"
    yield f"Moves: the plan, its dates, own limits and features, a suspension, and what is used this month: {used}."
    stays = (
        f"{amount(impact.widgets, 'widget')} with stored keys and connections, and {amount(impact.domains, 'domain')}"
    )
    yield f"Stays where it is: {stays}."
    yield "The new owner gets a licence with a new id and a new key, and lists its own domains."
    yield f"The former licence is revoked for good. {impact.stops}"


def _rotate(license: License, impact: Impact) -> Iterator[str]:
    yield f"The key that ends in {license.key_last4 or '–'} is replaced."
    if license.previous_key_until and license.previous_key_until > timezone.now():
        yield "The key before it, which is still good for a while, dies at once: only one lives on beside the new one."
    yield "Servers and plug-ins that check the key need the new one."
    yield "Websites are not touched: no page contains the key."


def _revoke(license: License, impact: Impact) -> Iterator[str]:
    yield impact.stops
    kept = f"{amount(impact.widgets, 'widget')} and {amount(impact.domains, 'domain')}"
    yield f"{kept} stay stored, but nothing can run under this licence again."
    yield "Its key is dead at once, and its room in the pool is free again."
    yield "This is for good: nobody can lift it."


PAGES: Final = (
    Page(
        name="assign",
        deed=Deed.ASSIGN,
        title="Give it to a customer",
        button="Assign",
        form=forms.AssignForm,
        is_possible=lambda lic: _alive(lic) and lic.organization_id is None,
        tell=_assign,
        do=lambda by, lic, form, now: assign_license(
            actor=by, license=lic, organization=form.cleaned_data["customer"], now=now
        ),
        done="The licence is assigned.",
    ),
    Page(
        name="renew",
        deed=Deed.RENEW,
        title="Renew",
        button="Renew",
        form=forms.RenewForm,
        is_possible=lambda lic: _held(lic) and _ends(lic),
        tell=_renew,
        do=lambda by, lic, form, now: renew_license(
            actor=by,
            license=lic,
            idempotency_key=form.cleaned_data["once"],
            now=now,
            days=form.cleaned_data["days"],
        ),
        done="The licence is renewed.",
    ),
    Page(
        name="extend",
        deed=Deed.CHANGE,
        title="Extend",
        button="Extend",
        form=forms.ExtendForm,
        is_possible=_ends,
        tell=_extend,
        do=lambda by, lic, form, now: extend_license(actor=by, license=lic, until=form.moment()),
        done="The licence is extended.",
    ),
    Page(
        name="change-plan",
        deed=Deed.CHANGE,
        title="Change the plan",
        button="Change the plan",
        form=forms.ChangePlanForm,
        is_possible=_alive,
        tell=_change_plan,
        do=lambda by, lic, form, now: change_plan(
            actor=by, license=lic, plan=form.cleaned_data["plan"], force=form.cleaned_data["force"]
        ),
        done="The plan is changed.",
    ),
    Page(
        name="overrides",
        deed=Deed.CHANGE,
        title="Limits and features of its own",
        button="Save",
        form=forms.OverridesForm,
        is_possible=_alive,
        tell=_overrides,
        do=lambda by, lic, form, now: set_overrides(actor=by, license=lic, **form.values()),
        done="The licence’s own limits and features are saved.",
    ),
    Page(
        name="grace",
        deed=Deed.CHANGE,
        title="Days of grace",
        button="Save",
        form=forms.GraceForm,
        is_possible=_alive,
        tell=_grace,
        do=lambda by, lic, form, now: set_grace(actor=by, license=lic, days=form.cleaned_data["days"]),
        done="The days of grace are saved.",
    ),
    Page(
        name="reinstate",
        deed=Deed.REINSTATE,
        title="Let it run again",
        button="Reinstate",
        form=forms.DeedForm,
        is_possible=lambda lic: _alive(lic) and lic.suspended_at is not None,
        tell=_reinstate,
        do=lambda by, lic, form, now: reinstate_license(actor=by, license=lic),
        done="The licence is reinstated.",
    ),
    Page(
        name="rotate-key",
        deed=Deed.ROTATE_KEY,
        title="Make a new key",
        button="Make a new key",
        form=forms.RotateForm,
        is_possible=_alive,
        tell=_rotate,
        do=lambda by, lic, form, now: rotate_key(
            actor=by, license=lic, now=now, overlap=form.duration(), replaces=form.cleaned_data["replaces"] or None
        ),
        done="There is a new key.",
    ),
    Page(
        name="suspend",
        deed=Deed.SUSPEND,
        title="Suspend",
        button="Suspend",
        form=forms.SuspendForm,
        is_possible=_alive,
        tell=_suspend,
        do=lambda by, lic, form, now: suspend_license(
            actor=by, license=lic, reason=form.cleaned_data["reason"], now=now
        ),
        done="The licence is suspended.",
        is_danger=True,
    ),
    Page(
        name="transfer",
        deed=Deed.TRANSFER,
        title="Move it to another customer",
        button="Transfer",
        form=forms.TransferForm,
        is_possible=_held,
        tell=_transfer,
        do=lambda by, lic, form, now: transfer_license(
            actor=by, license=lic, to=form.cleaned_data["customer"], now=now
        ),
        done="The licence is transferred.",
        is_danger=True,
    ),
    Page(
        name="revoke",
        deed=Deed.REVOKE,
        title="Revoke for good",
        button="Revoke for good",
        form=forms.RevokeForm,
        is_possible=_alive,
        tell=_revoke,
        do=lambda by, lic, form, now: revoke_license(
            actor=by, license=lic, reason=form.cleaned_data["reason"], now=now
        ),
        done="The licence is revoked.",
        is_danger=True,
    ),
)
