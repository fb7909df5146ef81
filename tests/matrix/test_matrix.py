"""Everybody at every door: what is not one's own is not there, and knocking leaves no trace."""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.fakes.serve import Served, served
from tests.matrix.places import TENANT, Place, classes_of
from tests.matrix.routes import METHODS, Route, all_routes
from tests.matrix.watch import Traces, watched
from tests.matrix.world import ABSENT, Tenant, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.filterwarnings("ignore::RuntimeWarning")]

PLACES = [(route, TENANT[route.name]) for route in all_routes() if route.name in TENANT]
ROLES = sorted({(place.home, role) for _, place in PLACES for role in place.roles})
STRANGERS = ("anonymous", "sibling", "charlie", "suspended", "seller", "rival", "platform")
_VARIES = re.compile(rb'nonce="?-?[\w+/=-]+"?|csrfmiddlewaretoken" value="\w+|data-csrf="\w+|"csrf": ?"\w+')


@pytest.fixture(scope="module")
def upstreams() -> Iterator[Served]:
    with served() as fakes:
        yield fakes


@pytest.fixture
def world(settings, upstreams) -> World:
    settings.OPENAI_BASE_URL = f"{upstreams.url}/openai/v1"
    return make_world()


def test_every_route_is_in_one_class():
    unclear = {route.name: classes_of(route.name) for route in all_routes() if len(classes_of(route.name)) != 1}
    assert unclear == {}


def test_every_named_place_is_there():
    assert set(TENANT) - {route.name for route in all_routes()} == set()


def test_there_are_enough_cases():
    own = sum(len(METHODS) * len(ROLES) for _ in PLACES)
    strange = sum(len(METHODS) * len(STRANGERS) for _ in PLACES)
    assert own + strange >= 1500


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_cannot_tell_it_from_nothing(world, upstreams, name):
    client = _client(None if name == "anonymous" else getattr(world, name).owner)
    wrong = []
    for route, place in PLACES:
        home = _home(world, place)
        if name in (_name_of(world, home), "platform" if place.home == "platform" else ""):
            continue
        for method in METHODS:
            there, traces = _call(client, upstreams, method, route, home.ids_for(route.name))
            nothing, _ = _call(client, upstreams, method, route, ABSENT | _kept(route, home.ids))
            if not _is_closed(there, name) or _bytes(there) != _bytes(nothing) or traces.any():
                wrong.append((name, method, route.name, there.status_code, nothing.status_code, traces))
    assert wrong == []


@pytest.mark.parametrize(("kind", "role"), ROLES)
def test_roles_open_what_they_should(world, upstreams, kind, role):
    wrong = []
    for route, place in PLACES:
        if place.home != kind:
            continue
        home = _home(world, place)
        client = _client(home.people[role])
        for method in METHODS:
            response, traces = _call(client, upstreams, method, route, home.ids_for(route.name))
            allowed = role in place.roles
            fine = _is_opened(response) if allowed else response.status_code in (403, 405) and not traces.any()
            if not fine:
                wrong.append((role, method, route.name, response.status_code, traces))
    assert wrong == []


@pytest.mark.parametrize("stranger", ["sibling", "charlie"])
@pytest.mark.parametrize("kind", ["customer", "reseller"])
def test_foreign_ids_are_absent_ids(world, upstreams, kind, stranger):
    """In one's own organization, with the role that may do most, each id of the URL replaced by somebody else's."""
    wrong = []
    for route, place in PLACES:
        others = [name for name in route.parameters if name in ABSENT and name != "slug"]
        if place.home != kind or not others:
            continue
        home, client = _home(world, place), _client(_home(world, place).owner)
        foreign = _stranger(world, place, stranger)
        for method in METHODS:
            for name in others:
                there, traces = _call(
                    client,
                    upstreams,
                    method,
                    route,
                    home.ids_for(route.name) | {name: foreign.ids_for(route.name)[name]},
                )
                nothing, _ = _call(client, upstreams, method, route, home.ids_for(route.name) | {name: ABSENT[name]})
                if name == "number":  # a version's number is nobody's: 1 is there in each widget
                    continue
                if there.status_code not in (404, 405) or _bytes(there) != _bytes(nothing) or traces.any():
                    wrong.append((method, route.name, name, there.status_code, nothing.status_code, traces))
    assert wrong == []


def _client(user) -> Client:
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def _home(world: World, place: Place) -> Tenant:
    return {"customer": world.alice, "reseller": world.seller, "platform": world.platform}[place.home]


def _name_of(world: World, tenant: Tenant) -> str:
    return next(name for name in ("alice", "seller", "platform") if getattr(world, name) is tenant)


def _stranger(world: World, place: Place, name: str) -> Tenant:
    return world.rival if place.home == "reseller" else getattr(world, name)


def _kept(route: Route, ids: dict[str, str]) -> dict[str, str]:
    """What is no id stays: the name of a platform, the kind of a credential."""
    return {name: ids[name] for name in route.parameters if name not in ABSENT}


def _call(
    client: Client, upstreams: Served, method: str, route: Route, ids: dict[str, str]
) -> tuple[HttpResponse, Traces]:
    """One call, undone at once."""
    with watched(upstreams) as traces, transaction.atomic():
        response = client.generic(method, route.fill(ids), b"", "application/x-www-form-urlencoded")
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return response, traces


def _is_closed(response: HttpResponse, name: str) -> bool:
    if name == "anonymous":
        return response.status_code in (302, 401, 403, 405)
    return response.status_code in (404, 405)


def _is_opened(response: HttpResponse) -> bool:
    return response.status_code < 500 and response.status_code not in (401, 403, 404)


def _bytes(response: HttpResponse) -> bytes:
    body = b"" if response.streaming else response.content
    path = response.request["PATH_INFO"].encode()
    return (
        _VARIES.sub(b"", body.replace(path, b"<path>"))
        + response.get("Location", "").replace(response.request["PATH_INFO"], "<path>").encode()
    )
