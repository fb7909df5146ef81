import pytest

from accounts.models import Organization, User
from accounts.permissions import Role
from accounts.services import add_member
from licenses.models import License
from tests.build import make_license, make_organization, make_user, make_widget
from widgets.models import Widget


@pytest.fixture
def alice(db) -> User:
    return make_user("alice")


@pytest.fixture
def organization(alice) -> Organization:
    return make_organization("Alice's shop", alice)


@pytest.fixture
def license(organization) -> License:
    return make_license(organization)


@pytest.fixture
def widget(license) -> Widget:
    return make_widget(license)


@pytest.fixture
def client(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def charlies_widget(db) -> Widget:
    return make_widget(make_license(make_organization("Charlie's bakery", make_user("charlie"))))


@pytest.fixture
def as_role(client, organization):
    """Logs in bob with a role in alice's organization."""

    def enter(role: Role):
        bob = make_user("bob")
        add_member(actor=None, organization=organization, user=bob, role=role)
        client.force_login(bob)
        return client

    return enter
