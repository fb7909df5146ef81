"""New licence keys on their way to whoever asked for them: sealed in the session, shown once, downloaded once."""

import json
from collections.abc import Sequence
from typing import Any, Final

from core.crypto import UnsealError, seal, unseal
from licenses.models import License

KEPT_SECONDS: Final = 900
_NAME: Final = "fresh_license_keys"

Row = tuple[str, str, str, str]  # licence, plan, customer, key
HEAD: Final = ("licence", "plan", "customer", "key")


def keep(session: Any, licenses: Sequence[License], *, user_id: int, now: float) -> None:
    """Together with what nobody has seen yet, as another tab's."""
    rows = [_row(license) for license in licenses if license.fresh_key]
    if not rows:
        return
    kept = session.get(_NAME)
    if kept and not kept["shown"]:
        renewed = {row[0] for row in rows}
        rows = [row for row in _open(kept, user_id, now) if row[0] not in renewed] + rows
    sealed = seal(json.dumps(rows), context=_context(user_id))
    session[_NAME] = {"sealed": sealed, "until": now + KEPT_SECONDS, "shown": False}


def show(session: Any, *, user_id: int, now: float) -> list[Row]:
    """The first time; then none."""
    kept = session.get(_NAME)
    if not kept or kept["shown"]:
        return []
    session[_NAME] = kept | {"shown": True}
    return _open(kept, user_id, now)


def take(session: Any, *, user_id: int, now: float) -> list[Row]:
    """For the file, once; then nothing is kept any more."""
    kept = session.pop(_NAME, None)
    return _open(kept, user_id, now) if kept else []


def _row(license: License) -> Row:
    assert license.fresh_key  # noqa: S101  (the caller has seen to it)
    holder = license.organization.name if license.organization else ""
    return license.public_id, license.plan.name, holder, license.fresh_key.reveal()


def _open(kept: dict[str, Any], user_id: int, now: float) -> list[Row]:
    if now >= kept["until"]:
        return []
    try:
        opened = unseal(kept["sealed"], context=_context(user_id)).reveal()
    except UnsealError:
        return []
    rows: list[Row] = [(row[0], row[1], row[2], row[3]) for row in json.loads(opened)]
    return rows


def _context(user_id: int) -> str:
    return f"fresh-license-keys|{user_id}"
