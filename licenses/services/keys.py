"""Giving a licence a new key."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from licenses.authority import Actor, Deed, NotAllowed, authority_of
from licenses.keys import key_digest, last4, new_key
from licenses.models import License
from licenses.services.common import lock_license, save

LONGEST_OVERLAP: Final = timedelta(days=7)
OVERLAP: Final = timedelta(hours=24)


@transaction.atomic
def rotate_key(
    *, actor: Actor, license: License, now: datetime, overlap: timedelta = OVERLAP, replaces: str | None = None
) -> License:
    """A new key, in `fresh_key`; the present one stays good for `overlap`, at most seven days. Raises NotAllowed.

    `replaces`: how the key ends that is meant. When that is another by now, nothing is done: a button pressed twice
    would else end the key that is still in use.
    """
    authority = authority_of(actor)
    license = lock_license(license)
    authority.require_over(license, Deed.ROTATE_KEY)
    if license.revoked_at:
        raise NotAllowed("A revoked licence has no key.")
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise NotAllowed("The old key stays good for at most seven days.")
    if replaces is not None and replaces != license.key_last4:
        return license
    license.previous_key_digest = license.key_digest if overlap else None
    license.previous_key_until = now + overlap if overlap else None
    give_key(license)
    seconds = int(overlap.total_seconds())
    return save(license, authority, "license.key_rotated", last4=license.key_last4, overlap_seconds=seconds)


def give_key(license: License) -> None:
    license.fresh_key = new_key()
    license.key_digest = key_digest(license.fresh_key.reveal())
    license.key_last4 = last4(license.fresh_key)
