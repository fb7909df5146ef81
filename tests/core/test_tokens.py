from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import signing
from django.core.exceptions import ImproperlyConfigured

from core.tokens import TokenExpired, TokenInvalid, mint, read

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CLAIMS = {"w": "wgt_1", "o": "https://shop.example", "n": 7, "u": "é"}


@pytest.fixture(autouse=True)
def _key(settings):
    settings.TOKEN_KEY = "a key"


def test_read_gives_what_was_minted():
    assert read("page", mint("page", CLAIMS), max_age=60) == CLAIMS


def test_token_is_safe_in_headers_and_urls():
    token = mint("page", CLAIMS)

    assert token.isascii()
    assert set(token) & set(" ,;=&?#+/%\"'") == set()


@pytest.mark.parametrize(("age", "readable"), [(0, True), (60, True), (61, False)])
def test_token_expires_after_max_age(age, readable):
    with time_machine.travel(NOW, tick=False) as clock:
        token = mint("page", CLAIMS)
        clock.shift(timedelta(seconds=age))
        if readable:
            assert read("page", token, max_age=60) == CLAIMS
        else:
            with pytest.raises(TokenExpired):
                read("page", token, max_age=60)


def test_token_for_another_purpose_is_invalid():
    with pytest.raises(TokenInvalid) as caught:
        read("visitor", mint("page", CLAIMS), max_age=60)

    assert caught.type is TokenInvalid


def test_changed_token_is_invalid():
    token = mint("page", CLAIMS)

    for position, character in enumerate(token):
        changed = token[:position] + ("A" if character != "A" else "B") + token[position + 1 :]
        with pytest.raises(TokenInvalid):
            read("page", changed, max_age=60)


@pytest.mark.parametrize("token", ["", ":", "::", "a:b:c", "é", "a:b:\ud800", "." * 5000, "\x00"])
def test_anything_else_is_invalid(token):
    with pytest.raises(TokenInvalid):
        read("page", token, max_age=60)


def test_token_under_another_key_is_invalid(settings):
    token = mint("page", CLAIMS)
    settings.TOKEN_KEY = "another"

    with pytest.raises(TokenInvalid):
        read("page", token, max_age=60)


def test_token_of_djangos_own_signing_is_invalid():
    with pytest.raises(TokenInvalid):
        read("page", signing.dumps(CLAIMS), max_age=60)


def test_empty_key_is_a_configuration_error(settings):
    settings.TOKEN_KEY = ""

    with pytest.raises(ImproperlyConfigured):
        mint("page", CLAIMS)
    with pytest.raises(ImproperlyConfigured):
        read("page", "a:b:c", max_age=60)
