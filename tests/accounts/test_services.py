from collections.abc import Iterator

import pytest

from accounts.models import AuditEvent, Membership, User
from accounts.permissions import Role
from accounts.services import InvalidRole, add_member
from core.logs import set_request_id
from tests.build import make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_id() -> Iterator[str]:
    identifier = "r" * 128
    set_request_id(identifier)
    yield identifier
    set_request_id("")


def test_audit_line_holds_a_long_address_and_a_long_request_id(request_id: str) -> None:
    """PostgreSQL refuses what is longer than its column; the change itself would be lost."""
    organization = make_organization("Alice's shop")
    bob = User.objects.create_user("bob@" + "b" * 60 + ".example.com", None)

    add_member(actor=None, organization=organization, user=bob, role=Role.EDITOR)

    line = AuditEvent.objects.get(action="member.added")
    assert (line.target, line.request_id) == (bob.email[:64], request_id[:64])


@pytest.mark.parametrize(
    ("kind", "role"),
    [("customer", Role.PLATFORM_ADMIN), ("customer", Role.RESELLER_OWNER), ("reseller", Role.OWNER)],
)
def test_role_of_another_kind_of_organization_is_refused(kind: str, role: Role) -> None:
    organization = make_organization("Alice's", kind=kind)

    with pytest.raises(InvalidRole):
        add_member(actor=None, organization=organization, user=make_user("alice"), role=role)

    assert Membership.objects.count() == 0
