from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from accounts.apitokens import InvalidToken, authenticate, create_token
from accounts.guest_models import Invitation
from accounts.invitations import InvalidInvitation, MailFailed, accept, find_invitation, invite
from accounts.models import AuditEvent, Membership, Organization, User
from accounts.permissions import Role
from accounts.services import add_member
from accounts.team import TeamRefused, remove_member
from licenses.services import LimitReached
from tests.accounts.people import link_in_mail
from tests.brands import dress, own_host
from tests.build import PASSWORD, make_license, make_organization, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def shop() -> Organization:
    organization = make_organization("Alice's shop", make_user("alice"))
    make_license(organization)
    return organization


@pytest.fixture
def owner(shop) -> Membership:
    return shop.memberships.get()


def ask(owner: Membership, email: str = "Bob@example.com", role: str = Role.EDITOR, **facts) -> Invitation:
    return invite(actor=owner, email=email, role=role, now=NOW, **facts)


def test_invitation_is_mailed_from_the_team_page(client, owner):
    client.force_login(owner.user)
    values = {"email": "Bob@Example.com", "role": "editor", "days": "7", "until": ""}
    assert client.post("/o/alices-shop/team/", values).url == "/o/alices-shop/team/"
    message = mail.outbox[0]
    assert (message.to, message.subject) == (
        ["bob@example.com"],
        "alice@example.com invites you to Alice's shop on Chatdock",
    )
    assert "27 November 2026, 12:00 UTC" in message.body
    page = client.get("/o/alices-shop/team/").content.decode()
    assert "bob@example.com" in page
    event = AuditEvent.objects.get(action="invitation.sent")
    assert (event.target, event.details["role"]) == ("bob@example.com", "editor")


def test_new_person_signs_up_and_joins_without_another_mail(client, owner, settings):
    settings.SIGNUP = "invitation"
    ask(owner)
    path = link_in_mail()
    assert "Make an account" in client.get(path).content.decode()
    values = {"email": "bob@example.com", "password1": PASSWORD, "name": "Bob", "next": path}
    assert client.post("/signup/", values).url == path
    assert client.post(path).url == "/o/alices-shop/"
    bob = Membership.objects.get(user__email="bob@example.com")
    assert (bob.role, bob.invited_by, bob.expires_at) == ("editor", owner.user, None)
    assert len(mail.outbox) == 1
    assert AuditEvent.objects.get(action="member.joined").actor == bob.user


def test_invited_address_is_the_only_one_that_may_sign_up(client, owner, settings):
    settings.SIGNUP = "invitation"
    ask(owner)
    client.get(link_in_mail())
    response = client.post("/signup/", {"email": "charlie@example.com", "password1": PASSWORD})
    assert "Your invitation is for bob@example.com." in response.content.decode()
    assert User.objects.count() == 1


def test_known_person_logs_in_and_joins(client, owner):
    make_user("bob")
    ask(owner, member_until=NOW + timedelta(days=30))
    path = link_in_mail()
    client.get(path)
    assert client.post("/login/", {"login": "bob@example.com", "password": PASSWORD, "next": path}).url == path
    assert client.post(path).url == "/o/alices-shop/"
    assert Membership.objects.get(user__name="bob").expires_at == NOW + timedelta(days=30)


def test_link_is_good_for_one_address_only(client, owner):
    ask(owner)
    client.force_login(make_user("charlie"))
    path = link_in_mail()
    assert "You are logged in as <strong>charlie@example.com</strong>" in client.get(path).content.decode()
    client.post(path)
    assert Membership.objects.count() == 1


def test_unconfirmed_address_does_not_count(owner):
    invitation = ask(owner)
    squatter = User.objects.create_user("bob@example.com", PASSWORD)
    with pytest.raises(InvalidInvitation):
        accept(user=squatter, invitation=invitation, now=NOW)


def test_link_is_good_once(client, owner):
    bob, path = make_user("bob"), ask(owner) and link_in_mail()
    client.force_login(bob)
    client.post(path)
    Membership.objects.filter(user=bob).delete()
    response = client.get(path)
    assert (response.status_code, "This link is no longer good" in response.content.decode()) == (404, True)
    assert client.post(path).status_code == 404


def test_link_grows_old(client, owner):
    ask(owner, days=2)
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        assert client.get(link_in_mail()).status_code == 404
    assert client.get("/invitations/made-up/").status_code == 404


def token_of(path: str) -> str:
    return path.split("/")[2]


def test_new_link_ends_the_old_one(client, owner):
    invitation = ask(owner)
    client.force_login(owner.user)
    do = f"/o/alices-shop/team/invitations/{invitation.public_id}/"
    client.post(do, {"do": "resend"})
    old, new = token_of(link_in_mail(0)), token_of(link_in_mail(1))
    with pytest.raises(InvalidInvitation):
        find_invitation(old, now=NOW)
    assert find_invitation(new, now=NOW) == invitation
    client.post(do, {"do": "withdraw"})
    with pytest.raises(InvalidInvitation):
        find_invitation(new, now=NOW)
    assert client.post(do, {"do": "resend"}).status_code == 404
    actions = AuditEvent.objects.filter(action__startswith="invitation").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["invitation.sent", "invitation.resent", "invitation.withdrawn"]


def test_token_is_not_stored(owner):
    invitation = ask(owner)
    assert token_of(link_in_mail()) not in str(Invitation.objects.values().get())
    assert token_of(link_in_mail()) not in str(list(AuditEvent.objects.values()))
    assert len(invitation.digest) == 64


def test_admin_invites_no_owner(owner, shop):
    admin = add_member(actor=None, organization=shop, user=make_user("bob"), role=Role.ADMIN)
    with pytest.raises(TeamRefused):
        ask(admin, "charlie@example.com", Role.OWNER)
    assert mail.outbox == []


def test_nobody_is_invited_twice(owner):
    ask(owner)
    with pytest.raises(TeamRefused, match="invited already"):
        ask(owner)
    with pytest.raises(TeamRefused, match="member already"):
        ask(owner, "alice@example.com")


def test_invitation_that_grew_old_makes_room_for_a_new_one(owner):
    old = ask(owner)
    with time_machine.travel(NOW + timedelta(days=8), tick=False):
        new = invite(actor=owner, email="bob@example.com", role=Role.ADMIN, now=NOW + timedelta(days=8))
    old.refresh_from_db()
    assert (old.revoked_at is None, new.role) == (False, "admin")


def test_plan_says_how_many_come(client, owner, shop):
    shop.licenses.update(limit_overrides={"members": 2})
    ask(owner)
    with pytest.raises(LimitReached):
        ask(owner, "charlie@example.com")
    client.force_login(owner.user)
    values = {"email": "charlie@example.com", "role": "editor", "days": "7"}
    response = client.post("/o/alices-shop/team/", values)
    assert (response.status_code, "The plan allows 2 members." in response.content.decode()) == (422, True)
    assert 'value="charlie@example.com"' in response.content.decode()


def test_room_is_looked_for_again_when_somebody_joins(client, owner, shop):
    ask(owner)
    shop.licenses.update(limit_overrides={"members": 1})
    bob = make_user("bob")
    client.force_login(bob)
    response = client.post(link_in_mail(), follow=True)
    assert "has no room for another member" in response.content.decode()
    assert not Membership.objects.filter(user=bob).exists()


def test_membership_that_ended_is_begun_anew(owner, shop):
    bob = add_member(actor=None, organization=shop, user=make_user("bob"), role=Role.ANALYST)
    Membership.objects.filter(pk=bob.pk).update(expires_at=NOW)
    accept(user=bob.user, invitation=ask(owner), now=NOW)
    bob.refresh_from_db()
    assert (bob.role, bob.expires_at) == ("editor", None)


def test_mail_server_that_is_down_leaves_nothing_behind(client, owner, monkeypatch):
    def fail(*args):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    with pytest.raises(MailFailed):
        ask(owner)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("ended", [True, False])
def test_tokens_of_before_do_not_come_back_with_their_maker(owner, ended):
    bob = make_user("bob")
    member = add_member(actor=None, organization=owner.organization, user=bob, role=Role.ADMIN)
    token, text = create_token(membership=member, name="CI", scopes=["licenses:read"], now=NOW)
    if ended:
        Membership.objects.filter(pk=member.pk).update(expires_at=NOW)
    else:
        remove_member(actor=owner, member=member)
    joined = accept(user=bob, invitation=ask(owner, role=Role.ADMIN), now=NOW)

    with pytest.raises(InvalidToken):
        authenticate(text.reveal(), ip="192.0.2.1", now=NOW)
    line = AuditEvent.objects.get(action="token.revoked")
    assert (line.target, line.actor) == (token.public_id, joined.user if ended else owner.user)


def test_others_find_no_invitation(client, owner):
    invitation = ask(owner)
    make_organization("Charlie's", make_user("charlie"))
    client.force_login(User.objects.get(name="charlie"))
    for slug in ("alices-shop", "charlies"):
        path = f"/o/{slug}/team/invitations/{invitation.public_id}/"
        assert client.post(path, {"do": "withdraw"}).status_code == 404
    invitation.refresh_from_db()
    assert invitation.revoked_at is None


def test_mails_of_an_organization_are_limited(client, owner, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"invite": (1, 3600)}
    client.force_login(owner.user)
    for name in ("bob", "charlie"):
        values = {"email": f"{name}@example.com", "role": "editor", "days": "7"}
        response = client.post("/o/alices-shop/team/", values)
    assert (response.status_code, len(mail.outbox)) == (422, 1)


def test_mail_is_in_the_resellers_name_and_leads_to_its_host(owner, settings):
    agency = make_organization("Charlie's agency", kind="reseller")
    Organization.objects.filter(pk=owner.organization_id).update(parent=agency)
    owner.organization.refresh_from_db()
    dress(agency, name="Charlie’s chats", mail_reply_to="help@charlie.example")
    own_host(agency, "dashboard", "app.charlie.test")
    ask(owner)
    [message] = mail.outbox

    assert "invites you to Alice's shop on Charlie’s chats" in message.body
    assert "http://app.charlie.test/invitations/" in message.body
    assert message.reply_to == ["help@charlie.example"]
