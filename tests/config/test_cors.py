"""Scripts of other sites: those that are named may call the REST API, and nobody's may call anything else."""

import pytest
from django.test import Client

SITE = "https://tools.example.com"


@pytest.fixture(autouse=True)
def _named(settings):
    settings.CORS_ALLOWED_ORIGINS = [SITE]


def preflight(path: str, origin: str = SITE):
    asked = {"Origin": origin, "Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "if-match"}
    return Client().options(path, headers=asked)


def test_a_named_site_may_send_what_a_write_needs():
    answer = preflight("/api/v1/widgets/wgt_1/")

    allowed = answer["Access-Control-Allow-Headers"].split(", ")
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, SITE)
    assert allowed == ["authorization", "content-type", "idempotency-key", "if-match"]


def test_a_named_site_may_read_the_headers_of_an_answer():
    answer = Client().get("/api/v1/widgets/", headers={"Origin": SITE})

    exposed = answer["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Idempotent-Replayed", "RateLimit-Remaining", "Retry-After"} < set(exposed)


@pytest.mark.parametrize(
    ("path", "origin"),
    [
        ("/api/v1/widgets/", "https://evil.example"),
        ("/api/chatkit/create-session", SITE),
        ("/o/alices-shop/widgets/", SITE),
    ],
)
def test_nobody_else_and_nothing_else(path, origin):
    assert "Access-Control-Allow-Origin" not in preflight(path, origin).headers
