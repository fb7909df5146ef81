from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenses.authority import Authority, Level, NotAllowed
from licenses.keys import ALPHABET, InvalidKey, key_digest, new_key
from licenses.models import License
from licenses.services import (
    UnknownKey,
    claim_license,
    find_by_key,
    issue_license,
    revoke_license,
    rotate_key,
    suspend_license,
)

KEYS = st.builds(lambda: new_key().reveal())


@given(KEYS)
def test_key_is_read_however_it_is_typed(key):
    sloppy = key.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert key_digest(sloppy) == key_digest(key) == key_digest(key.removeprefix("cdk_"))
    assert key_digest(f"  {key.replace('1', 'i')}\n") == key_digest(key)


@given(KEYS, st.integers(0, 27), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(key, place, character):
    text = list(key.removeprefix("cdk_").replace("-", ""))
    if text[place] != character:
        text[place] = character
        with pytest.raises(InvalidKey):
            key_digest("".join(text))


@given(KEYS, st.integers(0, 24))
def test_two_swapped_characters_are_found(key, place):
    text = list(key.removeprefix("cdk_").replace("-", ""))
    if text[place] != text[place + 1]:
        text[place : place + 2] = text[place + 1], text[place]
        with pytest.raises(InvalidKey):
            key_digest("".join(text))


@pytest.mark.parametrize("text", ["", "cdk_", "cdk_" + "0" * 27, "cdk_" + "U" * 28, "lic_x", "ключ", "0" * 29])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(InvalidKey):
        key_digest(text)


def test_keys_are_long_and_written_in_groups():
    key = new_key().reveal()

    assert [len(group) for group in key.removeprefix("cdk_").split("-")] == [7, 7, 7, 7]
    assert len({new_key().reveal() for _ in range(100)}) == 100


def fresh(license: License) -> str:
    assert license.fresh_key is not None
    return license.fresh_key.reveal()


@pytest.mark.django_db
def test_key_is_shown_once_and_not_stored(plan):
    license = issue_license(actor=None, plan=plan)
    key = fresh(license)

    stored = License.objects.get()
    assert stored.fresh_key is None
    assert key[-4:] == stored.key_last4
    row = License.objects.values().get()
    assert [field for field, value in row.items() if isinstance(value, str) and key[4:11] in value] == []


@pytest.mark.django_db
def test_customer_claims_a_licence_by_its_key(alice, bob, shop, plan, now):
    license = issue_license(actor=alice, plan=plan, now=now)

    claimed = claim_license(actor=bob, key=fresh(license).lower(), now=now)

    assert (claimed.pk, claimed.organization) == (license.pk, shop)
    assert claimed.expires_at == now + timedelta(days=365)  # its time begins with its holder


@pytest.mark.django_db
def test_key_of_anothers_reseller_says_nothing(charlie, alice, stranger, shop, plan, now):
    license = issue_license(actor=alice, plan=plan)
    theirs = Authority(charlie.actor, Level.SELF, stranger)

    with pytest.raises(UnknownKey) as foreign:
        claim_license(actor=theirs, key=fresh(license), now=now)
    with pytest.raises(UnknownKey) as absent:
        claim_license(actor=theirs, key=new_key().reveal(), now=now)

    assert str(foreign.value) == str(absent.value)
    license.refresh_from_db()
    assert license.organization is None


@pytest.mark.django_db
@pytest.mark.parametrize("fate", ["claimed", "revoked", "suspended"])
def test_key_is_claimed_once_and_while_the_licence_waits(alice, bob, plan, now, fate):
    license = issue_license(actor=alice, plan=plan)
    key = fresh(license)
    if fate == "claimed":
        claim_license(actor=bob, key=key, now=now)
    elif fate == "revoked":
        revoke_license(actor=alice, license=license, reason="test", now=now)
    else:
        suspend_license(actor=alice, license=license, reason="test", now=now)

    with pytest.raises(UnknownKey):
        claim_license(actor=bob, key=key, now=now)


@pytest.mark.django_db
def test_reseller_does_not_claim(alice, plan, now):
    license = issue_license(actor=alice, plan=plan)

    with pytest.raises(NotAllowed):
        claim_license(actor=alice, key=fresh(license), now=now)


@pytest.mark.django_db
def test_old_key_stays_good_for_the_overlap(bob, shop, plan, now):
    license = issue_license(actor=None, plan=plan, organization=shop)
    old = fresh(license)

    new = fresh(rotate_key(actor=bob, license=license, now=now))

    later = [now, now + timedelta(hours=23), now + timedelta(hours=24)]
    assert [find_by_key(old, now=moment) for moment in later] == [license, license, None]
    assert [find_by_key(new, now=moment) for moment in later] == [license] * 3


@pytest.mark.django_db
def test_without_overlap_the_old_key_is_dead_at_once(shop, plan, now):
    license = issue_license(actor=None, plan=plan, organization=shop)
    old = fresh(license)

    rotate_key(actor=None, license=license, now=now, overlap=timedelta(0))

    assert find_by_key(old, now=now) is None


@pytest.mark.django_db
@pytest.mark.parametrize("overlap", [timedelta(days=7, seconds=1), timedelta(seconds=-1)])
def test_overlap_is_at_most_a_week(shop, plan, now, overlap):
    license = issue_license(actor=None, plan=plan, organization=shop)

    with pytest.raises(NotAllowed):
        rotate_key(actor=None, license=license, now=now, overlap=overlap)


@pytest.mark.django_db
def test_revoked_licence_has_no_key(shop, plan, now):
    license = issue_license(actor=None, plan=plan, organization=shop)
    key = fresh(license)
    license = revoke_license(actor=None, license=license, reason="test", now=now)

    assert find_by_key(key, now=now) is None
    with pytest.raises(NotAllowed):
        rotate_key(actor=None, license=license, now=now)
