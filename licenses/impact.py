"""What hangs on a licence, in numbers, for whoever is about to change it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from licenses.entitlements import Metric
from licenses.metering import used
from licenses.models import License
from licenses.states import refusal
from licenses.wording import amount


@dataclass(frozen=True, slots=True)
class Impact:
    widgets: int
    live: int  # of the widgets: published and switched on
    domains: int
    chats: int  # this month
    messages: int
    runs: bool  # by its state

    @classmethod
    def of(cls, license: License, now: datetime) -> Self:
        widgets = license.widgets.all()
        return cls(
            widgets=widgets.count(),
            live=widgets.filter(enabled=True).exclude(published=None).count(),
            domains=license.domain_rules.count(),
            chats=used(license=license, metric=Metric.SESSIONS_MONTH, now=now),
            messages=used(license=license, metric=Metric.MESSAGES_MONTH, now=now),
            runs=refusal(license.facts(), now) is None,
        )

    @property
    def stops(self) -> str:
        """What the world loses when it stops."""
        if not self.runs or not self.live:
            return "No live widget runs under this licence now, so no site loses a chat."
        return (
            f"{amount(self.live, 'live widget')} on {amount(self.domains, 'allowed domain')} "
            f"stop{'s' if self.live == 1 else ''} within seconds. {amount(self.chats, 'chat')} began there this month."
        )

    @property
    def in_use(self) -> str:
        counts = amount(self.widgets, "widget"), amount(self.domains, "domain"), amount(self.chats, "chat")
        return f"{', '.join(counts)} this month"
