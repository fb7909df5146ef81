from datetime import UTC, datetime, timedelta

import pytest
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIRequestFactory

from accounts.api.authentication import ApiTokenAuthentication
from accounts.apitokens import (
    LIFETIME,
    NEEDS,
    WORDS,
    InvalidToken,
    Scope,
    ScopeRefused,
    authenticate,
    create_token,
    revoke_token,
)
from accounts.models import ApiToken, AuditEvent, Membership
from accounts.permissions import Role
from accounts.services import add_member
from tests.build import make_organization, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def membership() -> Membership:
    return make_organization("Alice's shop", make_user("alice")).memberships.get()


def make(membership: Membership, **facts) -> tuple[ApiToken, str]:
    facts = {"name": "CI", "scopes": ["licenses:read"], "now": NOW} | facts
    token, text = create_token(membership=membership, **facts)
    return token, text.reveal()


def refused(text: str, *, ip: str = "192.0.2.1", now: datetime = NOW) -> bool:
    try:
        authenticate(text, ip=ip, now=now)
    except InvalidToken:
        return True
    return False


def test_token_is_shown_once_and_opens_its_organization(membership):
    token, text = make(membership)

    bearer = authenticate(text, ip="192.0.2.1", now=NOW)

    assert (bearer.token, bearer.organization, bearer.membership) == (token, membership.organization, membership)
    assert (text.startswith("cdt_"), len(text), text[-4:]) == (True, 47, token.last4)
    assert [value for value in ApiToken.objects.values().get().values() if text[4:20] in str(value)] == []
    assert text not in str(AuditEvent.objects.get(action="token.created").details)


@pytest.mark.parametrize("text", ["", "cdt_", "cdt_" + "x" * 43, "cdk_" + "x" * 43, "Bearer", "ключ"])
def test_unknown_token_is_refused(membership, text):
    make(membership)

    assert refused(text)


def test_end_and_revocation(membership):
    token, text = make(membership)
    short, brief = make(membership, expires_at=NOW + timedelta(hours=1))

    assert token.expires_at == NOW + LIFETIME
    assert [refused(brief, now=NOW + timedelta(minutes=m)) for m in (59, 60)] == [False, True]
    assert [refused(text, now=NOW + LIFETIME - timedelta(seconds=s)) for s in (1, 0)] == [False, True]
    revoke_token(actor=membership.user, token=token, now=NOW)
    revoke_token(actor=membership.user, token=token, now=NOW)
    assert refused(text)
    assert AuditEvent.objects.filter(action="token.revoked").count() == 1
    assert short.expires_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("networks", "ip", "allowed"),
    [
        ([], "198.51.100.9", True),
        ([], "", True),
        (["192.0.2.1"], "192.0.2.1", True),
        (["192.0.2.1"], "192.0.2.2", False),
        (["192.0.2.77/24"], "192.0.2.2", True),
        (["192.0.2.0/24"], "2001:db8::1", False),
        (["192.0.2.0/24", "2001:db8::/64"], "2001:db8::1", True),
        (["192.0.2.0/24"], "", False),
    ],
)
def test_token_is_used_from_its_networks(membership, networks, ip, allowed):
    _, text = make(membership, ip_list=networks)

    assert refused(text, ip=ip) is not allowed


def test_list_of_networks_is_validated(membership):
    with pytest.raises(ValueError, match="office"):
        make(membership, ip_list=["office"])
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("role", "scopes", "allowed"),
    [
        (Role.OWNER, ["licenses:read", "widgets:write"], True),
        (Role.OWNER, ["licenses:write"], False),
        (Role.OWNER, ["licenses:own"], True),
        (Role.EDITOR, ["licenses:own"], False),
        (Role.RESELLER_SUPPORT, ["customers:read"], True),
        (Role.RESELLER_SUPPORT, ["customers:write"], False),
        (Role.ANALYST, ["widgets:read"], True),
        (Role.ANALYST, ["widgets:read", "widgets:write"], False),
        (Role.RESELLER_MANAGER, ["licenses:write", "customers:write"], True),
        (Role.OWNER, ["everything"], False),
        (Role.OWNER, [], False),
    ],
)
def test_scopes_go_as_far_as_the_creators_role(membership, role, scopes, allowed):
    membership.role = role
    if allowed:
        assert make(membership, scopes=scopes)[0].scopes == sorted(scopes)
    else:
        with pytest.raises(ScopeRefused):
            make(membership, scopes=scopes)


def test_scope_shrinks_with_the_role(membership):
    _, text = make(membership, scopes=["widgets:read", "widgets:write"])

    def may() -> list[bool]:
        bearer = authenticate(text, ip="", now=NOW)
        return [bearer.may(scope) for scope in (Scope.WIDGETS_READ, Scope.WIDGETS_WRITE, Scope.LICENSES_READ)]

    assert may() == [True, True, False]
    add_member(actor=None, organization=membership.organization, user=membership.user, role=Role.ANALYST)
    assert may() == [True, False, False]


@pytest.mark.parametrize("fate", ["left", "inactive"])
def test_token_dies_with_its_creators_place(membership, fate):
    _, text = make(membership)
    if fate == "left":
        membership.delete()
    else:
        membership.user.is_active = False
        membership.user.save()

    assert refused(text)


def test_use_is_noted_at_most_once_a_minute(membership, django_assert_num_queries):
    token, text = make(membership)
    authenticate(text, ip="", now=NOW)
    with django_assert_num_queries(2):
        authenticate(text, ip="", now=NOW + timedelta(seconds=59))
    token.refresh_from_db()
    assert token.last_used_at == NOW
    authenticate(text, ip="", now=NOW + timedelta(seconds=60))
    token.refresh_from_db()
    assert token.last_used_at == NOW + timedelta(seconds=60)


def test_every_scope_needs_a_permission():
    assert set(NEEDS) == set(Scope)


def test_every_scope_is_told_in_words():
    assert set(WORDS) == set(Scope)


def test_request_carries_who_and_for_whom(membership):
    _, text = make(membership, expires_at=datetime(2100, 1, 1, tzinfo=UTC))
    request = APIRequestFactory().get("/", headers={"Authorization": f"bearer {text}"})

    user, caller = ApiTokenAuthentication().authenticate(request)

    assert (user, caller.organization) == (membership.user, membership.organization)
    assert ApiTokenAuthentication().authenticate(APIRequestFactory().get("/")) is None
    bad = APIRequestFactory().get("/", headers={"Authorization": "Bearer x"})
    with pytest.raises(AuthenticationFailed):
        ApiTokenAuthentication().authenticate(bad)
