from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.acting import ActingRefused, begin_acting, begin_support, end_acting, find_acting
from accounts.decorators import organization_view
from accounts.grants import grant_access, revoke_grant
from accounts.guest_models import ActingSession
from accounts.models import AuditEvent, Membership, Organization
from accounts.permissions import Permission, Role
from accounts.services import add_member, suspend_organization
from tests.build import make_organization, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def shop() -> Organization:
    return make_organization("Alice's shop", make_user("alice"))


@pytest.fixture
def supporter() -> Membership:
    platform = make_organization("Platform", kind="platform")
    return add_member(actor=None, organization=platform, user=make_user("bob"), role=Role.PLATFORM_SUPPORT)


def begin(supporter: Membership, organization: Organization, **changes) -> ActingSession:
    facts = {"reason": "Ticket 7", "lifetime": timedelta(hours=1), "now": NOW}
    return begin_support(membership=supporter, organization=organization, **(facts | changes))


def test_supporter_looks_in_with_a_banner(client, shop, supporter):
    begin(supporter, shop)
    client.force_login(supporter.user)
    response = client.get("/o/alices-shop/widgets/")
    assert response.status_code == 200
    page = response.content.decode()
    assert "You look into Alice&#x27;s shop for support" in page
    assert "Until 13:00 UTC, because: “Ticket 7”" in page
    assert client.get("/o/alices-shop/").url == "/o/alices-shop/overview/"


def test_without_a_session_the_organization_is_absent(client, shop, supporter):
    client.force_login(supporter.user)
    foreign, absent = client.get("/o/alices-shop/widgets/"), client.get("/o/nowhere/widgets/")
    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_another_persons_session_opens_nothing(client, shop, supporter):
    begin(supporter, shop)
    client.force_login(make_user("charlie"))
    assert client.get("/o/alices-shop/widgets/").status_code == 404


@organization_view(Permission.WIDGET_READ)
def read(request):
    return HttpResponse()


def asked_by(user, method):
    request = RequestFactory().generic(method, "/")
    request.user = user
    return request


def test_supporter_changes_nothing(client, shop, supporter):
    begin(supporter, shop)
    client.force_login(supporter.user)
    with pytest.raises(PermissionDenied):
        read(asked_by(supporter.user, "POST"), slug=shop.slug)
    assert read(asked_by(supporter.user, "GET"), slug=shop.slug).status_code == 200
    assert client.get("/o/alices-shop/widgets/new/").status_code == 403


def test_customer_reads_who_came_why_and_where(client, shop, supporter):
    session = begin(supporter, shop)
    client.force_login(supporter.user)
    client.get("/o/alices-shop/widgets/", headers={"User-Agent": "Browser"}, REMOTE_ADDR="192.0.2.7")
    end_acting(actor=supporter.user, session=session, now=NOW)
    lines = list(AuditEvent.objects.filter(organization=shop, action__startswith="support").order_by("pk"))
    assert [(line.action, line.details) for line in lines] == [
        ("support.began", {"reason": "Ticket 7", "until": "2026-11-20T13:00:00+00:00"}),
        ("support.looked", {"page": "/o/alices-shop/widgets/"}),
        ("support.ended", {}),
    ]
    assert {(line.actor, line.on_behalf_of, line.target) for line in lines} == {
        (supporter.user, supporter.organization, session.public_id)
    }
    assert [(line.ip, line.user_agent) for line in lines] == [
        ("", ""),
        ("192.0.2.7", "Browser"),
        ("192.0.2.7", "Browser"),
    ]


def test_session_ends_by_itself(client, shop, supporter):
    begin(supporter, shop)
    client.force_login(supporter.user)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert client.get("/o/alices-shop/widgets/").status_code == 404


def test_supporter_leaves(client, shop, supporter):
    session = begin(supporter, shop)
    client.force_login(supporter.user)
    assert client.post(f"/acting/{session.public_id}/end/").url == "/o/platform/"
    assert client.get("/o/alices-shop/widgets/").status_code == 404


def test_nobody_ends_anothers_session(client, shop, supporter):
    session = begin(supporter, shop)
    client.force_login(make_user("charlie"))
    assert client.post(f"/acting/{session.public_id}/end/").status_code == 404
    assert find_acting(supporter.user, shop, NOW) == session


@pytest.mark.parametrize("lifetime", [timedelta(), timedelta(hours=4, seconds=1)])
def test_time_is_limited(shop, supporter, lifetime):
    with pytest.raises(ActingRefused):
        begin(supporter, shop, lifetime=lifetime)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_reason_is_needed(shop, supporter, reason):
    with pytest.raises(ActingRefused):
        begin(supporter, shop, reason=reason)


def test_only_the_platform_gives_support(shop):
    agency = make_organization("Agency", make_user("bob"), kind="reseller")
    with pytest.raises(ActingRefused):
        begin(agency.memberships.get(), shop)


def test_second_session_replaces_the_first(shop, supporter):
    first, second = begin(supporter, shop), begin(supporter, shop, reason="Ticket 8")
    first.refresh_from_db()
    assert (first.ended_at, find_acting(supporter.user, shop, NOW)) == (NOW, second)


def test_session_ends_with_the_membership_behind_it(shop, supporter):
    begin(supporter, shop)
    Membership.objects.filter(pk=supporter.pk).update(expires_at=NOW)
    assert find_acting(supporter.user, shop, NOW) is None


@pytest.fixture
def agent() -> Membership:
    agency = make_organization("Agency", make_user("bob"), kind="reseller")
    return agency.memberships.get()


def impersonate(agent: Membership) -> tuple[Organization, ActingSession]:
    alice = make_user("alice")
    shop = make_organization("Alice's shop", alice, parent=agent.organization)
    grant_access(actor=alice, organization=shop, scope="impersonate", now=NOW)
    session = begin_acting(
        membership=agent,
        organization=shop,
        kind=ActingSession.Kind.IMPERSONATION,
        role=Role.ADMIN,
        permissions=[Permission.WIDGET_READ, Permission.MEMBER_MANAGE],
        reason="Help",
        lifetime=timedelta(hours=1),
        now=NOW,
    )
    return shop, session


def test_impersonation_may_do_what_it_is_limited_to(client, agent):
    impersonate(agent)
    client.force_login(agent.user)
    assert "You act for Alice&#x27;s shop." in client.get("/o/alices-shop/widgets/").content.decode()
    assert client.get("/o/alices-shop/licenses/").status_code == 403


def test_impersonation_ends_with_its_grant(agent):
    shop, session = impersonate(agent)
    assert find_acting(agent.user, shop, NOW) == session
    revoke_grant(actor=None, grant=shop.grants_given.get(), now=NOW)
    assert find_acting(agent.user, shop, NOW) is None


def test_session_ends_when_the_reseller_is_suspended(agent):
    shop, _ = impersonate(agent)
    suspend_organization(actor=None, organization=agent.organization, now=NOW)
    assert find_acting(agent.user, shop, NOW) is None


@pytest.fixture
def as_bob(client, supporter):
    client.force_login(supporter.user)
    return client


def test_support_page_finds_and_enters_an_organization(as_bob, shop, supporter):
    page = as_bob.get("/o/platform/support/?q=alice").content.decode()
    path = f"/o/platform/support/{shop.public_id}/"
    assert path in page
    assert as_bob.get(path).status_code == 200
    assert as_bob.post(path, {"reason": "Ticket 7", "hours": "2"}).url == "/o/alices-shop/"
    session = find_acting(supporter.user, shop, NOW)
    assert (session.reason, session.expires_at) == ("Ticket 7", NOW + timedelta(hours=2))
    assert "Ticket 7, until 14:00 UTC" in as_bob.get("/o/platform/support/").content.decode()


@pytest.mark.parametrize("values", [{"reason": "", "hours": "1"}, {"reason": "x", "hours": "5"}, {"hours": "1"}])
def test_support_without_a_reason_or_for_too_long_is_refused(as_bob, shop, values):
    assert as_bob.post(f"/o/platform/support/{shop.public_id}/", values).status_code == 422
    assert not ActingSession.objects.exists()


def test_support_page_is_the_platforms_alone(client, shop):
    agency = make_organization("Agency", make_user("bob"), kind="reseller")
    client.force_login(agency.memberships.get().user)
    assert client.get("/o/agency/support/").status_code == 404
    assert client.post(f"/o/agency/support/{shop.public_id}/", {"reason": "x", "hours": "1"}).status_code == 404
    client.force_login(shop.memberships.get().user)
    assert client.get("/o/alices-shop/support/").status_code == 403


def test_platform_itself_is_not_open_to_support(as_bob, supporter):
    assert as_bob.get(f"/o/platform/support/{supporter.organization.public_id}/").status_code == 404
