"""What a form or a query may name: somebody else's is answered like what is not there, byte for byte."""

import json
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.permissions import ROLES_OF
from tests.fakes.serve import Served
from tests.matrix.calls import bytes_of, send
from tests.matrix.places import TENANT
from tests.matrix.routes import Route, all_routes
from tests.matrix.watch import Traces
from tests.matrix.world import ABSENT, Tenant

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

# The names under which forms, lists and JSON ask for things → what of these ids.
FIELDS = {
    **dict.fromkeys(("license", "licence", "license_id"), "license_id"),
    **dict.fromkeys(("customer", "organization", "customer_id", "to", "source", "parent"), "customer_id"),
    **dict.fromkeys(("widget", "widget_id", "pick", "other"), "widget_id"),
    **dict.fromkeys(("plan", "plan_id", "plans"), "plan_id"),
    **dict.fromkeys(("reseller", "issuer"), "reseller_id"),
    **dict.fromkeys(("member", "person", "user"), "member_id"),
    **dict.fromkeys(("rule", "domain_id"), "rule_id"),
    **dict.fromkeys(("link", "preview"), "link_id"),
    **{"token": "token_id", "endpoint": "endpoint_id", "delivery": "delivery_id", "invitation": "invitation_id"},
    **{"grant": "grant_id", "origin": "origin_id", "delete": "preset_id", "preset": "preset_id"},
}
# With these most forms are right but for the ids.
REST = {
    **{"name": "New", "reason": "Asked", "days": "5", "hours": "1", "once": "1" * 32, "count": "1", "overlap": "1"},
    **{"widget_type": "n8n", "action": "off", "sure": "1", "period": "day", "enabled": "on"},
    **{"allowed": "on", "shown": "on"},
    **{"email": "new@shop.test", "role": "editor", "until": "2090-01-01", "do": "resend", "scopes": "licenses:read"},
    **{"url": "https://hooks.example.com/", "events": "license.*", "force": "on"},
}
KINDS = ("customer", "reseller")
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
# They measure, or make tokens of their own.
NEVER_TWICE = {"chatkit_probe:test", "n8n_probe:test", "previews:config", "previews:trial", "previews:secrets"}
SHAPES = {
    "query": ("GET", ""),
    "form": ("POST", FORM),
    "slugs": ("POST", FORM),  # an organization may be written as that
    "json": ("POST", JSON),
}


def _cases() -> list[tuple[str, str, Route]]:
    return [
        (kind, shape, route)
        for kind in KINDS
        for shape in SHAPES
        for route in all_routes()
        if route.name in TENANT and TENANT[route.name].roles & ROLES_OF[kind]
    ]


def test_there_are_enough_cases():
    assert len(_cases()) >= 500


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_foreign_ids_are_absent_ids(world, upstreams, kind, shape):
    home, wrong = world.home(kind), []
    client = Client(raise_request_exception=False)
    client.force_login(home.owner)
    keys = range(world.foreign_from, world.foreign_to)
    for _, _, route in (case for case in _cases() if case[:2] == (kind, shape)):
        nothing, _ = _try(client, upstreams, shape, route, home, _values(shape, None))
        for stranger in world.strangers_to(kind) if nothing.status_code != 405 else ():
            sent = _values(shape, stranger)
            there, traces = _try(client, upstreams, shape, route, home, sent)
            ids = [value for name, value in sent.items() if name in FIELDS and value[3:4] == "_"]
            same = route.name in NEVER_TWICE or _answer(there, sent) == _answer(nothing, _values(shape, None))
            if not same:  # a page says how long something still lasts, and a minute may have passed
                nothing, _ = _try(client, upstreams, shape, route, home, _values(shape, None))
                there, traces = _try(client, upstreams, shape, route, home, sent)
                same = _answer(there, sent) == _answer(nothing, _values(shape, None))
            seen = not there.streaming and world.unseen(kind) in there.content
            if there.status_code >= 500 or not same or seen or traces.name(keys, ids):
                wrong.append((route.name, there.status_code, nothing.status_code, same, seen, traces))
    assert wrong == []


def _values(shape: str, stranger: Tenant | None) -> dict[str, str]:
    """Of a stranger, or of nobody."""
    ids = ABSENT | (stranger.ids if stranger else {})
    found = {field: ids[name] for field, name in FIELDS.items()}
    if shape == "slugs":
        found |= dict.fromkeys(("customer", "organization", "reseller", "to"), ids["customer_slug"])
    return REST | found


def _try(
    client: Client, upstreams: Served, shape: str, route: Route, home: Tenant, values: dict[str, str]
) -> tuple[HttpResponse, Traces]:
    method, content_type = SHAPES[shape]
    path = route.fill(home.ids_for(route.name))
    if shape == "query":
        return send(client, upstreams, method, f"{path}?{urlencode(values)}", b"", "")
    as_json = {name: int(value) if value.isdecimal() and name in FIELDS else value for name, value in values.items()}
    body = json.dumps(as_json) if shape == "json" else urlencode(values)
    return send(client, upstreams, method, path, body.encode(), content_type)


def _answer(response: HttpResponse, sent: dict[str, str]) -> tuple[int, bytes]:
    return response.status_code, bytes_of(response, [value for name, value in sent.items() if name in FIELDS])
