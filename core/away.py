"""Services that this process can do without for a while."""

import logging
from time import monotonic

logger = logging.getLogger(__name__)

PAUSE = 2.0  # seconds


class Away:
    """Whether a service is worth a try: after a failure it is left alone for two seconds, then one caller tries for
    all."""

    def __init__(self, what: str) -> None:
        self._what = what  # for the log, and what it is missed for
        self._until: float | None = None

    def may_try(self) -> bool:
        if self._until is None:
            return True
        now = monotonic()
        if now < self._until:
            return False
        self._until = now + PAUSE
        return True

    def failed(self, error: Exception) -> None:
        if self._until is None:
            logger.warning("%s is away: %s", self._what, type(error).__name__)
        self._until = monotonic() + PAUSE

    def answered(self) -> None:
        if self._until is not None:
            logger.info("%s is back", self._what)
            self._until = None
