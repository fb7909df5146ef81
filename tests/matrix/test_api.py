"""The REST API: every call × everybody who has no business there, and every id that is somebody else's."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from accounts.api.calls import Call, call_of
from accounts.apitokens import create_token, scopes_within
from accounts.models import Membership
from tests.fakes.serve import Served
from tests.matrix.calls import bytes_of, send
from tests.matrix.places import API, is_named
from tests.matrix.routes import METHODS, Route, all_routes
from tests.matrix.world import ABSENT, Tenant, World

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

ROUTES = [route for route in all_routes() if is_named(route.name, API)]
# A prefix of public ids → the URL parameter whose ids have it.
KINDS = {"org": "customer_id", "lic": "license_id", "pln": "plan_id", "wgt": "widget_id", "whe": "endpoint_id"}


def calls() -> Iterator[tuple[Route, str, Call]]:
    for route in ROUTES:
        view = resolve(route.fill(dict.fromkeys(route.parameters, "1"))).func.view_class()
        for method in METHODS:
            declared = call_of(view, method)
            if declared is not None:
                yield route, method, declared


CALLS = list(calls())


def test_every_route_declares_its_calls():
    assert {route.name for route, _, _ in CALLS} == {route.name for route in ROUTES}


def test_without_a_token(world, upstreams):
    wrong = []
    for route, method, declared in CALLS:
        response, traces = _call(upstreams, "", method, route, _home(world, declared).ids, declared)
        if response.status_code != 401 or traces.any():
            wrong.append((method, route.name, response.status_code, traces))
    assert wrong == []


def test_without_the_scope(world, upstreams):
    wrong = []
    for route, method, declared in CALLS:
        home = _home(world, declared)
        token = _token(home, {"licenses:validate"} - set(declared.scopes) or {"widgets:read"})
        response, traces = _call(upstreams, token, method, route, home.ids, declared)
        if response.status_code != 403 or traces.any():
            wrong.append((method, route.name, response.status_code, traces))
    assert wrong == []


@pytest.mark.parametrize("name", ["sibling", "charlie", "suspended", "rival"])
def test_strangers_cannot_tell_it_from_nothing(world, upstreams, name):
    stranger = getattr(world, name)
    token, wrong = _token(stranger), []
    for route, method, declared in CALLS:
        ids = _home(world, declared).ids
        if all(ids[name] == stranger.ids.get(name) for name in set(route.parameters) & set(ABSENT)):
            continue  # a plan may be for both
        there, traces = _call(upstreams, token, method, route, ids, declared)
        nothing, _ = _call(upstreams, token, method, route, ids | ABSENT, declared)
        if there.status_code not in (403, 404) or bytes_of(there) != bytes_of(nothing) or traces.any():
            wrong.append((method, route.name, there.status_code, nothing.status_code, traces))
    assert wrong == []


@pytest.mark.parametrize("stranger", ["sibling", "charlie"])
def test_foreign_ids_are_absent_ids(world, upstreams, stranger):
    """With the token that may do most, each id of the URL, the query and the body replaced by somebody else's."""
    wrong = []
    for route, method, declared in CALLS:
        home = _home(world, declared)
        foreign = world.rival if home is world.seller else getattr(world, stranger)
        token = _token(home)
        for name in sorted({*route.parameters, *_ids_in(declared)} & set(ABSENT) - {"number"}):
            if foreign.ids[name] == home.ids[name]:
                continue  # a plan may be for both
            there, traces = _call(upstreams, token, method, route, home.ids, declared, {name: foreign.ids[name]})
            nothing, _ = _call(upstreams, token, method, route, home.ids, declared, {name: ABSENT[name]})
            if there.status_code < 400 or bytes_of(there) != bytes_of(nothing) or traces.any():
                wrong.append((method, route.name, name, there.status_code, nothing.status_code, traces))
    assert wrong == []


def test_foreign_ids_in_filters_and_in_what_may_be_left_out(world, upstreams):
    """As the seller, who may name most."""
    token, wrong = _token(world.seller), []
    foreign = world.rival.ids | {"reseller_id": world.rival.organization.public_id}
    for route, method, declared in CALLS:
        for field in _named(declared):
            named, absent = foreign[NAMED[field]], ABSENT[NAMED[field]]
            there, traces = _naming(upstreams, token, method, route, world.seller.ids, declared, {field: named})
            nothing, _ = _naming(upstreams, token, method, route, world.seller.ids, declared, {field: absent})
            same = there.status_code == nothing.status_code and bytes_of(there, [named]) == bytes_of(nothing, [absent])
            if not same or traces.any():
                wrong.append((method, route.name, field, there.status_code, nothing.status_code, traces))
    assert wrong == []


def test_resellers_and_filters_are_among_what_is_named():
    named = {(route.name, method, field) for route, method, declared in CALLS for field in _named(declared)}
    assert {
        ("licenses-api:licenses", "POST", "reseller"),
        ("licenses-api:licenses", "GET", "customer"),
        ("licenses-api:usage", "GET", "license"),
    } <= named


def test_other_methods(world, upstreams):
    declared = {(route.name, method) for route, method, _ in CALLS}
    token, wrong = _token(world.alice), []
    for route in ROUTES:
        for method in METHODS:
            if (route.name, method) not in declared:
                response, traces = send(_client(token), upstreams, method, route.fill(world.alice.ids), b"{}", JSON)
                if response.status_code != 405 or traces.any():
                    wrong.append((method, route.name, response.status_code, traces))
    assert wrong == []


JSON = "application/json"


def _home(world: World, declared: Call) -> Tenant:
    """Who is meant to make this call."""
    own = {str(scope) for scope in scopes_within(_member(world.alice))}
    return world.alice if own & {str(scope) for scope in declared.scopes} else world.seller


def _member(tenant: Tenant) -> Membership:
    return Membership.objects.select_related("organization", "user").get(
        organization=tenant.organization, user=tenant.owner
    )


def _token(tenant: Tenant, scopes: set[str] | None = None) -> str:
    member = _member(tenant)
    _, text = create_token(
        membership=member, name="Matrix", scopes=scopes or list(scopes_within(member)), now=timezone.now()
    )
    return text.reveal()


def _client(token: str) -> Client:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client(raise_request_exception=False, headers=headers)


def _ids_in(declared: Call) -> set[str]:
    """The kinds of ids that stand in the body."""
    return {
        KINDS[prefix] for prefix in KINDS for value in _strings(_example(declared)) if value.startswith(f"{prefix}_")
    }


def _example(declared: Call) -> Any:
    return declared.takes.example if declared.takes else None


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)


# What a body or a query may name → the kind of its ids.
NAMED = {name: f"{name}_id" for name in ("customer", "reseller", "license", "widget")}


def _named(declared: Call) -> list[str]:
    taken = [taker().fields for taker in (declared.takes, declared.query) if taker]
    return sorted({name for fields in taken for name in fields} & set(NAMED))


def _naming(
    upstreams: Served,
    token: str,
    method: str,
    route: Route,
    ids: dict[str, str],
    declared: Call,
    named: dict[str, str],
):
    """In the query of what reads, in the body of what writes."""
    path = route.fill(ids)
    if method == "GET":
        return send(_client(token), upstreams, method, f"{path}?{urlencode(named)}", b"", JSON)
    body = json.dumps((_with_ids(_example(declared), ids) or {}) | named).encode()
    headers = {"If-Match": "*"} if declared.matches else {}
    return send(_client(token), upstreams, method, path, body, JSON, headers)


def _with_ids(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _with_ids(each, ids) for name, each in value.items()}
    if isinstance(value, str) and value[3:4] == "_" and value[:3] in KINDS:
        return ids.get(KINDS[value[:3]], value)
    return value


def _call(
    upstreams: Served,
    token: str,
    method: str,
    route: Route,
    ids: dict[str, str],
    declared: Call,
    replaced: dict[str, str] | None = None,
):
    """With a body that would be right, and an ETag that is."""
    known = ids | (replaced or {})
    body = json.dumps(_with_ids(_example(declared), known) or {}).encode()
    headers = {"If-Match": "*"} if declared.matches else {}
    return send(_client(token), upstreams, method, route.fill(known), body, JSON, headers)
