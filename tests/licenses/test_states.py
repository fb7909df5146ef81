from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.codes import Code
from licenses.states import Facts, State, derive, refusal, valid_until

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
RUNNING = Facts(
    assigned=True,
    starts_at=None,
    expires_at=None,
    grace_days=0,
    revoked_at=None,
    suspended_at=None,
    organization_suspended_at=None,
    reseller_suspended_at=None,
)


@pytest.mark.parametrize(
    ("change", "state", "code"),
    [
        ({}, State.ACTIVE, None),
        ({"revoked_at": NOW}, State.REVOKED, Code.LICENSE_REVOKED),
        ({"revoked_at": NOW + TICK}, State.REVOKED, Code.LICENSE_REVOKED),  # another machine's clock
        ({"suspended_at": NOW + TICK}, State.SUSPENDED, Code.LICENSE_SUSPENDED),
        ({"organization_suspended_at": NOW}, State.SUSPENDED, Code.ORGANIZATION_SUSPENDED),
        ({"reseller_suspended_at": NOW}, State.SUSPENDED, Code.ORGANIZATION_SUSPENDED),
        ({"assigned": False}, State.POOL, Code.LICENSE_UNASSIGNED),
        ({"starts_at": NOW + TICK}, State.NOT_STARTED, Code.LICENSE_NOT_STARTED),
        ({"starts_at": NOW}, State.ACTIVE, None),
        ({"expires_at": NOW + 14 * DAY + TICK}, State.ACTIVE, None),
        ({"expires_at": NOW + 14 * DAY}, State.EXPIRING, None),
        ({"expires_at": NOW + TICK}, State.EXPIRING, None),
        ({"expires_at": NOW}, State.EXPIRED, Code.LICENSE_EXPIRED),
        ({"expires_at": NOW, "grace_days": 7}, State.GRACE, None),
        ({"expires_at": NOW - 7 * DAY + TICK, "grace_days": 7}, State.GRACE, None),
        ({"expires_at": NOW - 7 * DAY, "grace_days": 7}, State.EXPIRED, Code.LICENSE_EXPIRED),
    ],
)
def test_derive_and_refusal(change, state, code):
    facts = replace(RUNNING, **change)

    assert derive(facts, NOW) is state
    assert refusal(facts, NOW) is code


def test_derive_follows_the_order_of_precedence():
    facts = Facts(
        assigned=False,
        starts_at=NOW + DAY,
        expires_at=NOW - DAY,
        grace_days=0,
        revoked_at=NOW,
        suspended_at=NOW,
        organization_suspended_at=NOW,
        reseller_suspended_at=NOW,
    )
    seen = [derive(facts, NOW)]
    for cure in (
        {"revoked_at": None},
        {"suspended_at": None, "organization_suspended_at": None, "reseller_suspended_at": None},
        {"assigned": True},
        {"starts_at": None},
        {"grace_days": 2},
        {"expires_at": NOW + DAY},
        {"expires_at": None},
    ):
        facts = replace(facts, **cure)
        seen.append(derive(facts, NOW))

    assert seen == list(State)


def test_state_values_are_their_names_in_lower_case():
    assert [state.value for state in State] == [state.name.lower() for state in State]


def test_refusal_names_the_organization_before_the_licence():
    facts = replace(RUNNING, suspended_at=NOW, organization_suspended_at=NOW)

    assert refusal(facts, NOW) is Code.ORGANIZATION_SUSPENDED


@pytest.mark.parametrize(("expires_at", "grace_days", "end"), [(None, 7, None), (NOW, 0, NOW), (NOW, 7, NOW + 7 * DAY)])
def test_valid_until(expires_at, grace_days, end):
    assert valid_until(replace(RUNNING, expires_at=expires_at, grace_days=grace_days)) == end


moments = st.timedeltas(-30 * DAY, 30 * DAY).map(lambda delta: NOW + delta)
maybe = st.none() | moments
all_facts = st.builds(Facts, st.booleans(), maybe, maybe, st.integers(0, 20), maybe, maybe, maybe, maybe)


@given(all_facts, moments)
def test_refusal_agrees_with_the_state(facts, now):
    runs = derive(facts, now) in {State.ACTIVE, State.EXPIRING, State.GRACE}

    assert (refusal(facts, now) is None) == runs


@given(all_facts.map(lambda facts: replace(facts, assigned=True)), moments)
def test_no_licence_runs_from_its_end_on(facts, now):
    end = valid_until(facts)
    if refusal(facts, now) is None:
        assert end is None or now < end
