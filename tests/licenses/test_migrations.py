"""What stood in the database before goes on as it did."""

from importlib import import_module

import pytest
from django.apps import apps

from licenses.models import License, Plan
from tests.build import make_license

pytestmark = pytest.mark.django_db
new_limits = import_module("licenses.migrations.0005_new_limits")


def test_old_plans_get_the_new_limits_and_keep_theirs():
    Plan.objects.create(code="old", name="Old", limits={"widgets": 3, "domains": 4})
    Plan.objects.create(code="own", name="Own", limits={"domains": 4, "members": 1, "wildcard_domains": 0})

    new_limits.name_new_limits(apps, None)

    everywhere = {"concurrent_sessions": -1, "analytics_days": 90, "domains": 4}
    assert Plan.objects.get(code="old").limits == everywhere | {"widgets": 3, "members": -1, "wildcard_domains": 4}
    assert Plan.objects.get(code="own").limits == everywhere | {"members": 1, "wildcard_domains": 0}


def test_old_licences_reserve_what_they_may_use():
    license = make_license(domains=(), limits={"widgets": 3, "domains": 4})
    License.objects.update(reserved_widgets=0, reserved_sessions_month=0, limit_overrides={"domains": 9})

    new_limits.count_reservations(apps, None)

    license.refresh_from_db()
    assert (license.reserved_widgets, license.reserved_domains, license.reserved_sessions_month) == (3, 9, -1)
