from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.permissions import Role
from accounts.services import add_member
from licenses.entitlements import Metric
from licenses.metering import take
from licenses.models import License
from licenses.services import suspend_license
from tests.build import make_license, make_organization, make_user, make_widget

pytestmark = pytest.mark.django_db
URL = "/o/alices-shop/licenses/"


@pytest.fixture
def organization():
    return make_organization("Alice's shop", make_user("alice"))


@pytest.fixture
def client(client, organization):
    client.force_login(organization.memberships.get().user)
    return client


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_any_number(client, organization, count, django_assert_num_queries):
    for _ in range(count):
        make_license(organization)
    with django_assert_num_queries(6):  # session, user, memberships, count, licences, usage
        rows = client.get(URL).context["rows"]
    assert [words.word for _, words, _ in rows] == ["Active"] * count


def test_list_is_searched_filtered_and_sorted(client, organization):
    soon, later = timezone.now() + timedelta(days=3), timezone.now() + timedelta(days=300)
    ending, running, endless = (make_license(organization, expires_at=end) for end in (soon, later, None))

    def found(**query) -> list[License]:
        return [license for license, *_ in client.get(URL, query).context["rows"]]

    assert found() == [endless, running, ending]
    assert found(state="expiring") == [ending]
    assert found(q=running.public_id) == [running]
    assert found(sort="ends") == [ending, running, endless]
    assert found(sort="-ends") == [running, ending, endless]
    assert "No licence matches" in client.get(URL, {"state": "revoked"}).content.decode()


def test_empty_list_says_who_gives_one(client):
    assert "No licence yet" in client.get(URL).content.decode()


def test_page_shows_state_reason_and_dates(client, organization):
    end = timezone.now() + timedelta(days=100)
    license = make_license(organization, expires_at=end)
    suspend_license(
        actor=None, license=license, level=License.Level.PLATFORM, reason="An invoice is open", now=timezone.now()
    )
    response = client.get(f"{URL}{license.public_id}/")
    assert response.context["words"].word == "Suspended"
    assert response.context["runs_until"] == end + timedelta(days=7)
    assert "Reason: An invoice is open" in response.content.decode()


def test_meters_say_how_much_is_used(client, organization):
    license = make_license(organization, limits={"widgets": 5, "domains": 1, "sessions_day": 0, "sessions_month": -1})
    make_widget(license)
    take(
        license_id=license.pk,
        organization_id=organization.pk,
        anchor_day=license.anchor_day,
        limits={Metric.SESSIONS_MONTH: -1},
        now=timezone.now(),
    )
    meters = client.get(f"{URL}{license.public_id}/").context["meters"]
    assert [(meter.label, meter.text, meter.percent, meter.tone) for meter in meters] == [
        ("Widgets", "1 of 5", 20, "good"),
        ("Domains", "1 of 1", 100, "bad"),
        ("Chats today (UTC)", "0 of 0", 100, "bad"),
        ("Chats this month", "1, no limit", None, "good"),
        ("Messages this month", "0, no limit", None, "good"),
    ]


def test_features_are_told(client, organization):
    license = make_license(organization, features=["n8n"])
    granted = dict(client.get(f"{URL}{license.public_id}/").context["features"])
    assert [label for label, has in granted.items() if has] == ["n8n widgets"]


def test_licence_of_others_is_as_absent_as_none(client, organization):
    charlies = make_license(make_organization("Charlie's bakery", make_user("charlie")))
    foreign, absent = client.get(f"{URL}{charlies.public_id}/"), client.get(f"{URL}lic_0/")
    elsewhere = client.get(f"/o/charlies-bakery/licenses/{charlies.public_id}/")
    assert (foreign.status_code, foreign.content, elsewhere.content) == (404, absent.content, absent.content)


def test_every_role_reads_and_an_unknown_one_does_not(client, organization):
    license, bob = make_license(organization), make_user("bob")
    membership = add_member(actor=None, organization=organization, user=bob, role=Role.BILLING)
    client.force_login(bob)
    assert [client.get(page).status_code for page in (URL, f"{URL}{license.public_id}/")] == [200, 200]
    type(membership).objects.update(role="nobody")
    assert [client.get(page).status_code for page in (URL, f"{URL}{license.public_id}/")] == [403, 403]
