"""The filter by state says in SQL what licenses.states derives."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from accounts.models import Organization
from licenses.lists import STATES, in_state
from licenses.models import License
from licenses.services import issue_license
from licenses.states import State, derive

pytestmark = pytest.mark.django_db
WORDS = {State.EXPIRED: "ended", State.GRACE: "ended"}


def test_every_licence_is_in_exactly_the_state_that_is_derived(plan, agency, shop):
    now = timezone.now()
    days = [None, *(now + timedelta(days=number) for number in (-400, -3, 3, 400))]
    for held, starts, ends, suspended, revoked in product((True, False), days, days, (False, True), (False, True)):
        if starts and ends and ends <= starts:
            continue
        license = issue_license(actor=None, plan=plan, organization=shop if held else None)
        License.objects.filter(pk=license.pk).update(
            issuer=agency,
            starts_at=starts,
            expires_at=ends,
            suspended_at=now if suspended else None,
            revoked_at=now if revoked else None,
        )
    for suspend in ({}, {"pk": agency.pk}, {"pk": shop.pk}):
        Organization.objects.update(suspended_at=None)
        Organization.objects.filter(**suspend or {"pk": 0}).update(suspended_at=now)
        derived = {lic.pk: derive(lic.facts(), now) for lic in License.objects.with_facts()}
        expected = {pk: WORDS.get(state, state.value) for pk, state in derived.items()}
        found = {
            license.pk: state for state, _ in STATES for license in in_state(License.objects.order_by("pk"), state)
        }
        assert found == expected
        assert sum(in_state(License.objects.all(), state).count() for state, _ in STATES) == len(expected)
