from datetime import timedelta

import pytest
from django.utils import timezone

from licenses.services import issue_license
from tests.api import Api, make_plan_with_api
from tests.build import make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("days", "status"), [(6, 200), (8, 403)])
def test_licence_opens_the_api_until_its_grace_is_over(days, status):
    """Also while it is suspended: its own pause is lifted here."""
    shop = make_organization("Bob's shop", make_user("bob"))
    ended, today = timezone.now() - timedelta(days=days), timezone.now()
    license = issue_license(actor=None, plan=make_plan_with_api(), organization=shop, expires_at=ended)
    type(license).objects.update(suspended_at=today, suspended_by="self")

    assert Api(shop.memberships.get()).get("/licenses/").status_code == status
