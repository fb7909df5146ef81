import base64
import copy
import json
import pickle

import orjson
import pytest
from django.core.exceptions import ImproperlyConfigured

from core.crypto import Secret, UnsealError, fingerprint, key_id, rewrap, seal, unseal

CONTEXT = "credential:org_1:cred_1"


def make_key(name: str, filling: bytes) -> str:
    return f"{name}:{base64.b64encode(filling * 32).decode()}"


OLD, NEW = make_key("k1", b"1"), make_key("k2", b"2")


@pytest.fixture(autouse=True)
def _keys(settings):
    settings.SEALING_KEYS = [OLD]
    settings.TOKEN_KEY = "a key"


@pytest.mark.parametrize("text", ["sk-proj-abc", "", "ключ 🔑", "x" * 20_000])
def test_unseal_gives_what_was_sealed(text):
    assert unseal(seal(text, context=CONTEXT), context=CONTEXT).reveal() == text


def test_seal_takes_a_secret():
    assert unseal(seal(Secret("abc"), context=CONTEXT), context=CONTEXT) == Secret("abc")


def test_seal_shows_nothing_of_the_text_and_never_repeats():
    first, second = seal("sk-proj-abc", context=CONTEXT), seal("sk-proj-abc", context=CONTEXT)

    assert first != second
    assert "sk-proj" not in first
    assert first.split(".")[:2] == ["v1", "k1"]


def test_unseal_in_another_context_fails():
    sealed = seal("abc", context=CONTEXT)

    with pytest.raises(UnsealError):
        unseal(sealed, context="credential:org_2:cred_1")


def test_unseal_after_any_change_fails():
    sealed = seal("abc", context=CONTEXT)

    for position, character in enumerate(sealed):
        other = "g" if character < "a" else "A"  # differs in the upper bits; the lower may be padding
        changed = sealed[:position] + other + sealed[position + 1 :]
        with pytest.raises(UnsealError):
            unseal(changed, context=CONTEXT)


@pytest.mark.parametrize(
    "text", ["", "abc", "v1.k1", "v1.k1..", "v1.k1.AAAA.AAAA", "v2.k1.AAAA.AAAA", "v1.k1.é.é", "."]
)
def test_unseal_of_something_else_fails(text):
    with pytest.raises(UnsealError):
        unseal(text, context=CONTEXT)


def test_unseal_with_parts_of_two_secrets_fails():
    first, second = seal("abc", context=CONTEXT).split("."), seal("xyz", context=CONTEXT).split(".")

    with pytest.raises(UnsealError):
        unseal(".".join([*first[:3], second[3]]), context=CONTEXT)


def test_unseal_without_the_key_fails(settings):
    sealed = seal("abc", context=CONTEXT)
    settings.SEALING_KEYS = [NEW]

    with pytest.raises(UnsealError, match="k1"):
        unseal(sealed, context=CONTEXT)


def test_unseal_with_another_key_of_that_name_fails(settings):
    sealed = seal("abc", context=CONTEXT)
    settings.SEALING_KEYS = [make_key("k1", b"x")]

    with pytest.raises(UnsealError):
        unseal(sealed, context=CONTEXT)


def test_rewrap_moves_to_the_active_key_and_leaves_the_ciphertext(settings):
    sealed = seal("abc", context=CONTEXT)
    settings.SEALING_KEYS = [NEW, OLD]

    moved = rewrap(sealed)

    assert (key_id(sealed), key_id(moved)) == ("k1", "k2")
    assert moved.split(".")[3] == sealed.split(".")[3]
    settings.SEALING_KEYS = [NEW]
    assert unseal(moved, context=CONTEXT).reveal() == "abc"


def test_rewrap_without_the_key_fails(settings):
    sealed = seal("abc", context=CONTEXT)
    settings.SEALING_KEYS = [NEW]

    with pytest.raises(UnsealError):
        rewrap(sealed)


def test_seal_without_keys_is_a_configuration_error(settings):
    settings.SEALING_KEYS = []

    with pytest.raises(ImproperlyConfigured):
        seal("abc", context=CONTEXT)


@pytest.mark.parametrize(
    "entry", ["k1", "k1:", ":" + OLD[3:], "a.b:" + OLD[3:], "k1:AAAA", "k1:secret-but-not-base64!"]
)
def test_malformed_key_is_named_by_its_place_only(settings, entry):
    settings.SEALING_KEYS = [OLD, entry]

    with pytest.raises(ImproperlyConfigured) as caught:
        seal("abc", context=CONTEXT)

    assert str(caught.value) == "SEALING_KEYS: entry 2 is not `id:base64 of 32 bytes`."


def test_fingerprint_tells_same_from_other():
    assert fingerprint("abc") == fingerprint("abc")
    assert fingerprint("abc") != fingerprint("abd")
    assert len(bytes.fromhex(fingerprint("abc"))) == 8


def test_fingerprint_outlives_rotation_and_depends_on_the_token_key(settings):
    before = fingerprint("abc")

    settings.SEALING_KEYS = [NEW]
    assert fingerprint("abc") == before
    settings.TOKEN_KEY = "another"
    assert fingerprint("abc") != before
    settings.TOKEN_KEY = ""
    with pytest.raises(ImproperlyConfigured):
        fingerprint("abc")


class TestSecret:
    def test_reveal_gives_the_text(self):
        assert Secret("sk-abc").reveal() == "sk-abc"

    def test_text_forms_do_not_show_it(self):
        secret = Secret("sk-abc")

        shown = {
            repr(secret),
            str(secret),
            f"{secret}",
            f"{secret!r}",
            "%s" % secret,  # noqa: UP031
            json.dumps([secret], default=str),
        }

        assert shown == {"[secret]", '["[secret]"]'}
        assert f"{secret:>10}" == "  [secret]"

    @pytest.mark.parametrize("dump", [json.dumps, orjson.dumps, pickle.dumps, copy.copy, copy.deepcopy, vars])
    def test_no_serializer_takes_it(self, dump):
        with pytest.raises(TypeError):
            dump(Secret("sk-abc"))

    def test_equality_is_by_text_between_secrets_only(self):
        assert Secret("a") == Secret("a")
        assert Secret("a") != Secret("b")
        assert Secret("é") == Secret("é")
        assert Secret("a") != "a"

    def test_truth_is_that_of_the_text(self):
        assert (bool(Secret("a")), bool(Secret(""))) == (True, False)

    def test_hash_does_not_exist(self):
        with pytest.raises(TypeError):
            hash(Secret("a"))
