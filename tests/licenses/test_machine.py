"""Licences against their reference model: any deed, by any level, at any time, in any order."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from licenses.authority import Authority, Level, NotAllowed
from licenses.entitlements import PoolExceeded
from licenses.models import License, ResellerAccount
from licenses.pool import allocation
from licenses.services import (
    UnknownKey,
    assign_license,
    change_plan,
    claim_license,
    create_customer,
    create_plan,
    create_reseller,
    extend_license,
    issue_license,
    reinstate_license,
    renew_license,
    revoke_license,
    rotate_key,
    set_grace,
    set_overrides,
    suspend_license,
    transfer_license,
)
from licenses.states import State, derive
from tests.conftest import FULL
from tests.licenses.reference import GRACE, PLANS, POOL, TERM, Model, Ref

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
RANKS = st.integers(0, 3)
SHOPS = st.sampled_from(["one", "two"])
PICK = st.integers(0, 99)
CODES = st.sampled_from(sorted(PLANS))


class Licences(RuleBasedStateMachine):
    LEVELS: ClassVar = [Level.SELF, Level.BILLING, Level.RESELLER, Level.PLATFORM]

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(by_use=st.booleans())
    def found(self, by_use: bool) -> None:
        self.model, self.rows = Model(by_use), []
        facts = {"actor": None, "features": [], "duration_days": TERM, "grace_days": GRACE}
        self.plans = {
            code: create_plan(code=code, name=code, limits={"widgets": widgets}, **facts)
            for code, widgets in PLANS.items()
        }
        pool, mode = {"customers": 2, **POOL}, "usage" if by_use else "reserve"
        made = create_reseller(actor=None, name="Agency", plan_codes=list(PLANS), pool=pool, mode=mode)
        self.agency = made.organization
        self.shops = {n: create_customer(actor=None, reseller=self.agency, name=n) for n in ("one", "two")}

    @property
    def now(self) -> datetime:
        return START + timedelta(days=self.model.today)

    def by(self, rank: int) -> Authority:
        behalf = {0: self.shops["one"], 2: self.agency}.get(rank)
        return Authority(None, self.LEVELS[rank], behalf)

    def agree(self, expected: bool, deed, **arguments) -> License | None:
        """The service does it exactly when the model says so."""
        try:
            with transaction.atomic():
                done = deed(**arguments)
        except (NotAllowed, PoolExceeded, UnknownKey):
            assert not expected, deed.__name__
            return None
        assert expected, deed.__name__
        return done

    def pick(self, number: int) -> tuple[Ref, License]:
        index = number % len(self.rows)
        return self.model.licenses[index], self.rows[index]

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.model.today += days

    @rule(rank=RANKS, holder=st.one_of(st.none(), SHOPS), plan=CODES)
    def issue(self, rank: int, holder: str | None, plan: str) -> None:
        expected = rank >= 2 and self.model.room(1, PLANS[plan])
        facts = {"plan": self.plans[plan], "organization": holder and self.shops[holder], "issuer": self.agency}
        license = self.agree(expected, issue_license, actor=self.by(rank), now=self.now, **facts)
        if license:
            self.rows.append(license)
            self.model.licenses.append(Ref(holder, self.model.today + TERM if holder else None, plan))

    @precondition(lambda self: self.rows)
    @rule(number=PICK, rank=RANKS, holder=SHOPS)
    def assign(self, number: int, rank: int, holder: str) -> None:
        ref, license = self.pick(number)
        expected = self.model.may("assign", ref, rank)
        arguments = {"license": license, "organization": self.shops[holder], "now": self.now}
        if self.agree(expected, assign_license, actor=self.by(rank), **arguments):
            ref.holder = holder
            ref.end = self.model.today + TERM if ref.end is None else ref.end

    @precondition(lambda self: self.rows)
    @rule(number=PICK, rank=RANKS)
    def claim(self, number: int, rank: int) -> None:
        ref, license = self.pick(number)
        key, expected = license.fresh_key.reveal(), self.model.may("claim", ref, rank)
        if self.agree(expected, claim_license, actor=self.by(rank), key=key, now=self.now):
            ref.holder, ref.end = "one", self.model.today + TERM

    @precondition(lambda self: self.rows)
    @rule(number=PICK, rank=RANKS)
    def suspend(self, number: int, rank: int) -> None:
        ref, license = self.pick(number)
        arguments = {"license": license, "reason": "r", "now": self.now}
        if self.agree(self.model.may("suspend", ref, rank), suspend_license, actor=self.by(rank), **arguments):
            ref.stopped = rank

    @precondition(lambda self: self.rows)
    @rule(number=PICK, rank=RANKS)
    def reinstate(self, number: int, rank: int) -> None:
        ref, license = self.pick(number)
        expected = self.model.may("reinstate", ref, rank)
        if self.agree(expected, reinstate_license, actor=self.by(rank), license=license):
            ref.stopped = None

    @precondition(lambda self: self.rows)
    @rule(number=PICK, rank=RANKS)
    def revoke(self, number: int, rank: int) -> None:
        ref, license = self.pick(number)
        arguments = {"license": license, "reason": "r", "now": self.now}
        if self.agree(self.model.may("revoke", ref, rank), revoke_license, actor=self.by(rank), **arguments):
            ref.revoked = True

    @precondition(lambda self: self.rows)
    @rule(number=PICK, rank=RANKS, key=st.sampled_from("abc"))
    def renew(self, number: int, rank: int, key: str) -> None:
        ref, license = self.pick(number)
        expected = self.model.may("renew", ref, rank, key=key)
        arguments = {"license": license, "idempotency_key": key, "now": self.now}
        if self.agree(expected, renew_license, actor=self.by(rank), **arguments) and key not in ref.renewals:
            ref.renewals.add(key)
            ref.end += TERM

    @precondition(lambda self: self.rows)
    @rule(number=PICK, rank=RANKS, days=st.integers(-5, 60))
    def extend(self, number: int, rank: int, days: int) -> None:
        ref, license = self.pick(number)
        until = self.model.today + days
        expected = self.model.may("extend", ref, rank, until=until)
        arguments = {"license": license, "until": START + timedelta(days=until)}
        if self.agree(expected, extend_license, actor=self.by(rank), **arguments):
            ref.end = until

    @precondition(lambda self: self.rows)
    @rule(number=PICK, rank=RANKS, widgets=st.integers(0, 6))
    def widen(self, number: int, rank: int, widgets: int) -> None:
        ref, license = self.pick(number)
        expected = self.model.may("widen", ref, rank, widgets=widgets)
        arguments = {"license": license, "limits": {"widgets": widgets}}
        if self.agree(expected, set_overrides, actor=self.by(rank), **arguments):
            ref.own = widgets

    @precondition(lambda self: self.rows)
    @rule(number=PICK, rank=RANKS, code=CODES)
    def change_plan(self, number: int, rank: int, code: str) -> None:
        ref, license = self.pick(number)
        expected = self.model.may("change_plan", ref, rank, plan=code)
        if self.agree(expected, change_plan, actor=self.by(rank), license=license, plan=self.plans[code]):
            ref.plan = code

    @precondition(lambda self: self.rows)
    @rule(number=PICK, rank=RANKS, days=st.one_of(st.none(), st.integers(0, 30)))
    def grace(self, number: int, rank: int, days: int | None) -> None:
        ref, license = self.pick(number)
        if self.agree(self.model.may("grace", ref, rank), set_grace, actor=self.by(rank), license=license, days=days):
            ref.grace = GRACE if days is None else days

    @precondition(lambda self: self.rows)
    @rule(number=PICK, rank=RANKS, to=SHOPS)
    def transfer(self, number: int, rank: int, to: str) -> None:
        ref, license = self.pick(number)
        expected = self.model.may("transfer", ref, rank, to=to)
        arguments = {"license": license, "to": self.shops[to], "now": self.now}
        heir = self.agree(expected, transfer_license, actor=self.by(rank), **arguments)
        if heir:
            self.rows.append(heir)
            self.model.licenses.append(Ref(to, ref.end, ref.plan, ref.own, ref.grace, ref.stopped))
            ref.revoked = True

    @precondition(lambda self: self.rows)
    @rule(number=PICK, rank=RANKS)
    def rotate(self, number: int, rank: int) -> None:
        ref, license = self.pick(number)
        expected = self.model.may("rotate", ref, rank)
        rotated = self.agree(expected, rotate_key, actor=self.by(rank), license=license, now=self.now)
        if rotated:
            license.fresh_key = rotated.fresh_key

    @invariant()
    def states_agree(self) -> None:
        stored = License.objects.with_facts().in_bulk([row.pk for row in self.rows])
        found = [derive(stored[row.pk].facts(), self.now) for row in self.rows]
        assert found == [State(self.model.state(ref)) for ref in self.model.licenses]

    @invariant()
    def pool_holds(self) -> None:
        found = allocation(ResellerAccount.objects.get(organization=self.agency), now=self.now)
        held = self.model.held()
        assert (found.licenses, found.widgets) == (len(held), self.model.reserved())
        assert found.licenses <= POOL["licenses"]
        assert found.widgets <= POOL["widgets"]


@pytest.mark.timeout(900)
@pytest.mark.django_db
def test_licences_do_what_the_model_says() -> None:
    run_state_machine_as_test(
        Licences,
        settings=settings(
            max_examples=100 if FULL else 25,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
