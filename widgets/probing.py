"""Trying a connection, step by step. The run-time app of each type knows the steps; this is what they are made of."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, Literal, NoReturn

from core.crypto import Secret
from core.logs import redact
from core.outbound import BAD_CERTIFICATE
from widgets.credentials import open_credential
from widgets.models import Credential, Widget

State = Literal["ok", "warning", "failed", "skipped"]
DETAIL = 300  # characters of the other side's own words


@dataclass(frozen=True, slots=True)
class Step:
    """`reason`: what was found, plainly. `todo`: what to do about it. `copy`: a text to take along for that."""

    id: str
    label: str
    state: State
    ms: int = 0
    reason: str = ""
    todo: str = ""
    copy: str = ""


class Stopped(Exception):
    """A step failed; what follows it cannot be tried."""


class Report:
    """`labels`: id → name of every step, in order; a step that is not reached is skipped.

    `offer`: what is known only after something that costs the owner, and was not allowed; empty where nothing is left.
    `needs_consent`: without that nothing can be said.
    """

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = labels
        self._steps: dict[str, Step] = {}
        self._since = perf_counter()
        self.needs_consent = False
        self.offer = ""

    def ok(self, id: str, reason: str = "") -> None:
        self._add(id, "ok", reason)

    def warn(self, id: str, reason: str, todo: str = "", copy: str = "") -> None:
        self._add(id, "warning", reason, todo, copy)

    def skip(self, id: str, reason: str) -> None:
        self._add(id, "skipped", reason)

    def fail(self, id: str, reason: str, todo: str = "", copy: str = "") -> NoReturn:
        self._add(id, "failed", reason, todo, copy)
        raise Stopped

    @property
    def steps(self) -> list[Step]:
        return [self._steps.get(id) or Step(id, label, "skipped") for id, label in self._labels.items()]

    @property
    def works(self) -> bool:
        """Nothing failed, and nothing was left out for want of consent."""
        return not self.needs_consent and all(step.state != "failed" for step in self.steps)

    def _add(self, id: str, state: State, reason: str, todo: str = "", copy: str = "") -> None:
        now = perf_counter()
        self._steps[id] = Step(id, self._labels[id], state, round((now - self._since) * 1000), reason, todo, copy)
        self._since = now


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is tried: the connection and secrets as typed, else as stored. `consent`: the workflow may run once."""

    widget_id: str
    connection: Any = field(repr=False)
    stored: Sequence[Credential] = field(repr=False)
    typed: Mapping[str, str] = field(repr=False)  # kind of credential → secret; sent once, never kept
    consent: bool
    embed: str  # the origin that its chats come from

    def secret(self, kind: str) -> Secret | None:
        """Raises core.crypto.UnsealError."""
        if self.typed.get(kind):
            return Secret(self.typed[kind])
        stored = next((one for one in self.stored if one.kind == kind), None)
        if stored is None:
            return None
        return open_credential(stored)


Probe = Callable[[Attempt, Report], Awaitable[None]]


async def run_probe(probe: Probe, attempt: Attempt, report: Report) -> Report:
    with suppress(Stopped):
        await probe(attempt, report)
    return report


def reached(report: Report, url: str) -> None:
    report.ok("reach")
    if url.startswith("https://"):
        report.ok("tls")
    else:
        report.skip("tls", "The operator allows plain http to this host.")


def not_reached(report: Report, reason: str, todo: str) -> NoReturn:
    if BAD_CERTIFICATE in reason:
        report.ok("reach")
        report.fail("tls", reason, "Give the host a certificate of a known authority, with its whole chain.")
    report.fail("reach", reason, todo)


def said(detail: str, *secrets: Secret | None) -> str:
    """The other side's own words, without what looks like a secret or is one of these."""
    for secret in filter(None, secrets):
        detail = detail.replace(secret.reveal(), "•••")
    text = " ".join(redact(detail).split())
    return f"It said: {text[:DETAIL]}" if text else ""


def diagnostics(widget: Widget, report: Report) -> str:
    """For a ticket or a colleague: no address and no secret stands in it."""
    lines = [
        f"Connection test of {widget.public_id} ({widget.widget_type})",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
    ]
    for step in report.steps:
        lines.append(f"[{step.state}] {step.label} ({step.ms} ms)")
        lines += [f"    {text}" for text in (step.reason, step.todo) if text]
    return "\n".join(lines)
