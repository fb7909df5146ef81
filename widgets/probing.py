"""Trying a connection, step by step. The run-time app of each type knows the steps; this is what they are made of."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, Literal, NoReturn

from core import outbound, reach
from core.codes import MEANINGS, Code
from core.crypto import Secret
from core.logs import redact
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
    def told(self) -> list[Step]:
        return [step for step in self.steps if step.state != "skipped"]

    @property
    def skipped(self) -> list[Step]:
        return [step for step in self.steps if step.state == "skipped"]

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


# The way to an address of the owner's


def way(url: str, who: str) -> dict[str, str]:
    """Labels of its steps. `who` is to be found there."""
    public = "The address is allowed on this installation" if outbound.is_exempt(url) else "The address is a public one"
    return {
        "name": "The host is found",
        "public": public,
        "reach": f"{who} is reached",
        "tls": "Its certificate is valid",
    }


async def find(url: str, report: Report) -> None:
    """The steps that take no connection."""
    try:
        await outbound.find_host(url)
    except outbound.OutboundError as error:
        not_reached(report, str(error))
    report.ok("name")
    report.ok("public")


def reached(report: Report, url: str) -> None:
    report.ok("reach")
    if url.startswith("https://"):
        report.ok("tls")
    else:
        report.skip("tls", "The operator allows plain http to this host.")


_CERTIFICATE = "Give the host a certificate of a known authority, for its name and with its whole chain."
# reason → the step that it fails, and what to do
_FAULTS = {
    reach.NAME_UNKNOWN: ("name", "Look for a slip in the host’s name. A new name takes a while until it is known."),
    reach.NAME_UNANSWERED: ("name", "Look for a slip in the host’s name, then try again. Else its DNS is at fault."),
    reach.NOT_PUBLIC: ("public", "Give the host an address that the internet reaches; ours is another network."),
    reach.REFUSED: ("reach", "Check that it runs, and that the URL has the right port."),
    reach.NO_TLS: ("tls", "Check the port: https is needed there."),
    **dict.fromkeys(reach.TLS_FAULTS - {reach.NO_TLS}, ("tls", _CERTIFICATE)),
}
_AWAY = "Check that the host runs, and that its firewall lets our server in. If it is only slow, try again."


def is_away(code: Code) -> bool:
    """Whether an error tells of the way, and not of what was found there."""
    return code in (Code.UPSTREAM_TIMEOUT, Code.UPSTREAM_UNREACHABLE)


def not_reached(report: Report, reason: str) -> NoReturn:
    step, todo = _FAULTS.get(reason, ("reach", _AWAY))
    if passed := {"public": "name", "tls": "reach"}.get(step):
        report.ok(passed)
    report.fail(step, reason or MEANINGS[Code.UPSTREAM_UNREACHABLE].mean, todo)


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
