"""Everybody at every door: what is not one's own is not there, and knocking leaves no trace."""

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.permissions import ROLES_OF
from tests.fakes.serve import Served
from tests.matrix.calls import bytes_of, send
from tests.matrix.places import TENANT, classes_of
from tests.matrix.routes import METHODS, Route, all_routes
from tests.matrix.watch import Traces
from tests.matrix.world import ABSENT

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

PLACES = [(route, TENANT[route.name]) for route in all_routes() if route.name in TENANT]
ROLES = [(kind, role) for kind, roles in ROLES_OF.items() for role in sorted(roles)]
STRANGERS = ("anonymous", "sibling", "charlie", "suspended", "seller", "rival", "platform")
READS_AND_WRITES, OTHER_METHODS = METHODS[:2], METHODS[2:]

OWN = [(kind, role, method, *entry) for kind, role in ROLES for entry in PLACES for method in READS_AND_WRITES]
STRANGE = [
    (name, method, route, place.home)
    for name in STRANGERS
    for route, place in PLACES
    for method in READS_AND_WRITES
    if name != {"reseller": "seller"}.get(place.home, place.home)
]
OTHERWISE = [
    (name, method, route, place.home)
    for name in ("alice", "charlie")
    for route, place in PLACES
    for method in OTHER_METHODS
]


def test_every_route_is_in_one_class():
    unclear = {route.name: classes_of(route.name) for route in all_routes() if len(classes_of(route.name)) != 1}
    assert unclear == {}


def test_every_named_place_is_there():
    assert set(TENANT) - {route.name for route in all_routes()} == set()


def test_there_are_enough_cases():
    assert len(OWN) + len(STRANGE) + len(OTHERWISE) >= 1500


@pytest.mark.parametrize(("kind", "role"), ROLES)
def test_roles_open_what_they_should(world, upstreams, kind, role):
    """Everybody in their own organization. What is nothing for their kind of organization is not there, or refused."""
    home, wrong = world.home(kind), []
    client = _client(home.people[role])
    for _, _, method, route, place in (case for case in OWN if case[:2] == (kind, role)):
        response, traces = _call(client, upstreams, method, route, ABSENT | home.ids_for(route.name))
        refusals = (403, 405) if place.roles & ROLES_OF[kind] else (403, 404, 405)
        closed = response.status_code in refusals and not traces.any()
        if not (_is_opened(response) if role in place.roles else closed):
            wrong.append((method, route.name, response.status_code, traces))
    assert wrong == []


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_cannot_tell_it_from_nothing(world, upstreams, name):
    """Every answer is the one that an organization gets which is not there."""
    client, wrong = _client(None if name == "anonymous" else getattr(world, name).owner), []
    nothing = _nothing(client, upstreams)
    for _, method, route, kind in (case for case in STRANGE if case[0] == name):
        there, traces = _call(client, upstreams, method, route, world.home(kind).ids_for(route.name))
        answer = (there.status_code, bytes_of(there))
        if answer not in (nothing, (405, b"")) or traces.any():
            wrong.append((method, route.name, there.status_code, traces))
    assert wrong == []


@pytest.mark.parametrize("name", ["alice", "charlie"])
def test_other_methods_change_nothing(world, upstreams, name):
    """Where they are not refused they read."""
    client, wrong = _client(getattr(world, name).owner), []
    for _, method, route, kind in (case for case in OTHERWISE if case[0] == name):
        response, traces = _call(client, upstreams, method, route, world.home(kind).ids_for(route.name))
        if response.status_code >= 500 or traces.any():
            wrong.append((method, route.name, response.status_code, traces))
    assert wrong == []


def test_a_suspended_organization_is_read_and_not_changed(world, upstreams):
    home, wrong = world.suspended, []
    client = _client(home.owner)
    for route, place in PLACES:
        if place.home != "customer":
            continue
        seen, _ = _call(client, upstreams, "GET", route, home.ids_for(route.name))
        refused, traces = _call(client, upstreams, "POST", route, home.ids_for(route.name))
        # Deeds to a licence that its owner may not do while its seller holds it.
        reads = _is_opened(seen) or route.name.startswith("licenses:")
        closed = refused.status_code in (403, 405) or route.name == "accounts:enter"  # which only leads on
        if not reads or not closed or traces.any():
            wrong.append((route.name, seen.status_code, refused.status_code, traces))
    assert wrong == []


@pytest.mark.parametrize("kind", ["customer", "reseller"])
def test_foreign_ids_are_absent_ids(world, upstreams, kind):
    """In one's own organization, with the role that may do most, each id of the URL replaced by somebody else's."""
    home, wrong = world.home(kind), []
    client = _client(home.owner)
    for route, place in PLACES:
        # A version's number is nobody's: 1 is there in each widget.
        names = set(route.parameters) & set(ABSENT) - {"slug", "number"}
        for name in names if place.roles & ROLES_OF[kind] else ():
            for method in READS_AND_WRITES:
                own = home.ids_for(route.name)
                nothing, _ = _call(client, upstreams, method, route, own | {name: ABSENT[name]})
                for stranger in world.strangers_to(kind):
                    foreign = {name: stranger.ids_for(route.name)[name]}
                    there, traces = _call(client, upstreams, method, route, own | foreign)
                    same = bytes_of(there) == bytes_of(nothing)
                    if there.status_code not in (404, 405) or not same or traces.any():
                        wrong.append((method, route.name, name, there.status_code, nothing.status_code, traces))
    assert wrong == []


def _client(user) -> Client:
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def _call(
    client: Client, upstreams: Served, method: str, route: Route, ids: dict[str, str]
) -> tuple[HttpResponse, Traces]:
    return send(client, upstreams, method, route.fill(ids), b"", "application/x-www-form-urlencoded")


def _nothing(client: Client, upstreams: Served) -> tuple[int, bytes]:
    response, _ = send(client, upstreams, "GET", f"/o/{ABSENT['slug']}/widgets/", b"", "")
    return response.status_code, bytes_of(response)


def _is_opened(response: HttpResponse) -> bool:
    return response.status_code < 500 and response.status_code not in (401, 403, 404)
