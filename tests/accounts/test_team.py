from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.apitokens import InvalidToken, authenticate, create_token
from accounts.guest_models import Invitation
from accounts.invitations import invite
from accounts.models import AuditEvent, Membership, Organization
from accounts.permissions import ROLES_OF, Role
from accounts.services import add_member
from accounts.team import TeamRefused, change_member, leave, remove_member, roles_for
from tests.accounts.people import set_up_app
from tests.build import make_license, make_organization, make_user

pytestmark = pytest.mark.django_db
SOON = datetime.now(UTC) + timedelta(days=30)


@pytest.fixture
def shop() -> Organization:
    return make_organization("Alice's shop", make_user("alice"))


@pytest.fixture
def owner(shop) -> Membership:
    return shop.memberships.get()


def member(shop: Organization, name: str = "bob", role: Role = Role.EDITOR) -> Membership:
    return add_member(actor=None, organization=shop, user=make_user(name), role=role)


@pytest.mark.parametrize(
    ("role", "missing"),
    [
        (Role.OWNER, set()),
        (Role.ADMIN, {Role.OWNER}),
        (Role.RESELLER_OWNER, set()),
        (Role.RESELLER_MANAGER, {Role.RESELLER_OWNER}),
        (Role.PLATFORM_ADMIN, set()),
        (Role.PLATFORM_SUPPORT, {Role.PLATFORM_ADMIN}),
    ],
)
def test_nobody_gives_a_role_above_their_own(role, missing):
    kind = next(kind for kind, roles in ROLES_OF.items() if role in roles)
    actor = Membership(organization=Organization(kind=kind), role=role)
    assert set(roles_for(actor)) == ROLES_OF[kind] - missing


def test_role_and_end_change_with_a_line_that_tells_both(owner, shop):
    bob = member(shop)
    change_member(actor=owner, member=bob, role=Role.ANALYST, expires_at=SOON)
    bob.refresh_from_db()
    assert (bob.role, bob.expires_at) == (Role.ANALYST, SOON)
    event = AuditEvent.objects.get(action="member.changed")
    assert (event.actor, event.target) == (owner.user, "bob@example.com")
    assert event.details == {
        "before": {"role": "editor", "until": None},
        "after": {"role": "analyst", "until": SOON.date().isoformat()},
    }


def test_admin_makes_no_owner_and_touches_none(owner, shop):
    admin = member(shop, role=Role.ADMIN)
    editor = member(shop, "charlie")
    with pytest.raises(TeamRefused):
        change_member(actor=admin, member=editor, role=Role.OWNER, expires_at=None)
    with pytest.raises(TeamRefused):
        change_member(actor=admin, member=owner, role=Role.EDITOR, expires_at=None)
    with pytest.raises(TeamRefused):
        remove_member(actor=admin, member=owner)


def test_last_owner_stays(owner, shop):
    member(shop, role=Role.ADMIN)
    for deed in (
        lambda: leave(member=owner),
        lambda: remove_member(actor=owner, member=owner),
        lambda: change_member(actor=owner, member=owner, role=Role.ADMIN, expires_at=None),
    ):
        with pytest.raises(TeamRefused, match="Somebody must own the organization"):
            deed()
    owner.refresh_from_db()
    assert owner.role == Role.OWNER


def test_owner_leaves_once_there_is_another(owner, shop):
    bob = member(shop)
    change_member(actor=owner, member=bob, role=Role.OWNER, expires_at=None)
    leave(member=owner)
    assert list(shop.memberships.values_list("user__name", "role")) == [("bob", "owner")]
    assert AuditEvent.objects.get(action="member.left").details == {"before": {"role": "owner"}}


@pytest.mark.parametrize(
    ("role", "days"), [(Role.OWNER, 1), (Role.RESELLER_OWNER, None), ("nothing", None), (Role.EDITOR, -1)]
)
def test_role_that_cannot_be_had_is_refused(owner, shop, role, days):
    until = timezone.now() + timedelta(days=days) if days else None
    with pytest.raises(TeamRefused):
        change_member(actor=owner, member=member(shop), role=role, expires_at=until)


def test_who_has_an_end_gives_none_beyond_it(owner, shop):
    make_license(shop)
    admin = member(shop, role=Role.ADMIN)
    change_member(actor=owner, member=admin, role=Role.ADMIN, expires_at=SOON)
    admin.refresh_from_db()
    for until in (None, SOON + timedelta(days=1)):
        with pytest.raises(TeamRefused, match="Your own membership ends on"):
            change_member(actor=admin, member=admin, role=Role.ADMIN, expires_at=until)
        with pytest.raises(TeamRefused, match="Your own membership ends on"):
            invite(actor=admin, email="guest@example.com", role=Role.EDITOR, member_until=until, now=timezone.now())
    invite(actor=admin, email="guest@example.com", role=Role.EDITOR, member_until=SOON, now=timezone.now())


@pytest.mark.parametrize(
    ("deed", "left"),
    [
        (lambda owner, admin: remove_member(actor=owner, member=admin), {"other@example.com"}),
        (lambda owner, admin: leave(member=admin), {"other@example.com"}),
        (
            lambda owner, admin: change_member(actor=owner, member=admin, role=Role.ADMIN, expires_at=SOON),
            {"other@example.com", "timed@example.com"},
        ),
        (
            lambda owner, admin: change_member(actor=owner, member=admin, role=Role.EDITOR, expires_at=None),
            {"other@example.com"},
        ),
    ],
)
def test_invitations_go_with_the_right_to_send_them(owner, shop, deed, left):
    make_license(shop)
    admin, now = member(shop, role=Role.ADMIN), timezone.now()
    invite(actor=owner, email="other@example.com", role=Role.ADMIN, now=now)
    invite(actor=admin, email="endless@example.com", role=Role.EDITOR, now=now)
    invite(actor=admin, email="timed@example.com", role=Role.EDITOR, member_until=SOON, now=now)
    deed(owner, admin)
    waiting = Invitation.objects.for_organization(shop).waiting().values_list("email", flat=True)
    assert set(waiting) == left
    withdrawn = AuditEvent.objects.filter(action="invitation.withdrawn").values_list("target", flat=True)
    assert set(withdrawn) == {"endless@example.com", "timed@example.com"} - left


def test_membership_that_has_ended_opens_nothing(client, shop):
    bob = member(shop)
    _, text = create_token(membership=bob, name="CI", scopes=["licenses:read"], now=timezone.now())
    client.force_login(bob.user)
    assert client.get("/o/alices-shop/widgets/").status_code == 200
    Membership.objects.filter(pk=bob.pk).update(expires_at=timezone.now())
    foreign, absent = client.get("/o/alices-shop/widgets/"), client.get("/o/nowhere/widgets/")
    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert "You belong to no organization yet" in client.get("/").content.decode()
    assert not Organization.objects.for_user(bob.user).exists()
    with pytest.raises(InvalidToken):
        authenticate(text.reveal(), ip="192.0.2.1", now=timezone.now())


def test_page_shows_roles_factors_and_ends(client, owner, shop):
    bob = member(shop)
    set_up_app(bob.user)
    Membership.objects.filter(pk=bob.pk).update(expires_at=SOON)
    client.force_login(owner.user)
    page = client.get("/o/alices-shop/team/").content.decode()
    assert page.count("Second factor</span>") == page.count("Password only</span>") == 1
    assert f"until {SOON:%-d %B %Y}" in page


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_few_and_many(client, owner, shop, django_assert_num_queries, count):
    for number in range(count):
        member(shop, f"bob{number}")
    client.force_login(owner.user)
    with django_assert_num_queries(5):  # session, person, memberships, members, invitations
        client.get("/o/alices-shop/team/")


def test_member_is_changed_and_removed_on_their_page(client, owner, shop):
    bob = member(shop)
    create_token(membership=bob, name="CI", scopes=["licenses:read"], now=timezone.now())
    client.force_login(owner.user)
    path = f"/o/alices-shop/team/{bob.pk}/"
    assert "1 API token of theirs stops working" in client.get(path).content.decode()
    assert client.post(path, {"role": "admin", "until": ""}).url == "/o/alices-shop/team/"
    bob.refresh_from_db()
    assert bob.role == "admin"
    assert client.post(f"{path}remove/").url == "/o/alices-shop/team/"
    assert not shop.memberships.filter(user=bob.user).exists()
    assert client.get(path).status_code == 404


def test_refused_change_keeps_what_was_typed(client, owner):
    client.force_login(owner.user)
    response = client.post(f"/o/alices-shop/team/{owner.pk}/", {"role": "editor", "until": "2030-01-02"})
    assert response.status_code == 422
    assert "Somebody must own the organization" in response.content.decode()
    assert 'value="2030-01-02"' in response.content.decode()


@pytest.mark.parametrize("path", ["team/", "team/{id}/", "team/{id}/remove/"])
def test_others_find_no_team_and_editors_may_not_see_it(client, owner, shop, path):
    path = "/o/alices-shop/" + path.format(id=owner.pk)
    client.force_login(make_user("charlie"))
    assert client.post(path, {"role": "editor"}).status_code == 404
    client.force_login(member(shop).user)
    assert client.post(path, {"role": "editor"}).status_code == 403


def test_member_of_another_organization_is_absent(client, owner):
    charlies = make_organization("Charlie's", make_user("charlie")).memberships.get()
    client.force_login(owner.user)
    assert client.post(f"/o/alices-shop/team/{charlies.pk}/remove/").status_code == 404
    assert Membership.objects.filter(pk=charlies.pk).exists()


def test_person_leaves_on_their_own_page(client, shop):
    bob = member(shop)
    client.force_login(bob.user)
    assert "Alice&#x27;s shop" in client.get("/organizations/").content.decode()
    assert client.get("/organizations/alices-shop/leave/").status_code == 200
    client.post("/organizations/alices-shop/leave/")
    assert not Membership.objects.filter(user=bob.user).exists()
    assert client.get("/organizations/alices-shop/leave/").status_code == 404
