import re

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from core.logs import current_request_id
from core.middleware import RequestIdMiddleware, identify

NEW = re.compile(r"[0-9a-f]{32}")


def view(request):
    return HttpResponse(current_request_id())


async def async_view(request):
    return HttpResponse(current_request_id())


def call(**headers):
    return RequestIdMiddleware(view)(RequestFactory().get("/", headers=headers))


def test_middleware_takes_a_well_formed_id():
    response = call(X_Request_ID="abc-DEF_123.4")
    assert (response.headers["X-Request-ID"], response.content) == ("abc-DEF_123.4", b"abc-DEF_123.4")


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 129, "with space", "line\nbreak", "ünïcode-id", "abcdefgh\n", "<script>"]
)
def test_middleware_replaces_an_id_that_is_not_well_formed(given):
    response = call(X_Request_ID=given)
    assert NEW.fullmatch(response.headers["X-Request-ID"])
    assert response.content.decode() == response.headers["X-Request-ID"]


def test_middleware_makes_a_new_id_for_each_request():
    assert call().headers["X-Request-ID"] != call().headers["X-Request-ID"]


async def test_middleware_of_an_async_view():
    middleware = RequestIdMiddleware(async_view)
    response = await middleware(RequestFactory().get("/", headers={"X-Request-ID": "request-1"}))
    assert (response.headers["X-Request-ID"], response.content) == ("request-1", b"request-1")


def test_identify_makes_an_id_where_none_is_given():
    assert NEW.fullmatch(identify(None))
