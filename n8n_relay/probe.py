"""Does an n8n connection work? A Chat Trigger is asked for a past conversation, which runs nothing. A Webhook node
knows no such question: whatever it is sent runs the workflow, so that takes the owner's consent."""

from urllib.parse import urlsplit

from core import outbound
from core.codes import MEANINGS, Code
from core.crypto import Secret, UnsealError
from core.ids import new_id
from widgets.probing import Attempt, Report, find, is_away, not_reached, reached, said, way
from widgets.types.n8n.connection import N8nConnection

from .events import Delta, Failure, Message, RelayError
from .history import load_history
from .relay import Timeouts, relay
from .request import Target

TEXT = "Connection test"


def labels_for(connection: N8nConnection) -> dict[str, str]:
    return {
        "address": "The URL is the one for production",
        "credentials": "The credentials are there",
        **way(connection.url, "n8n"),
        "active": "The workflow is active",
        "auth": "n8n accepts the credentials",
        "answer": "The answer is understood",
        "streams": "The answer streams",
    }


async def probe(attempt: Attempt, report: Report) -> None:
    connection: N8nConnection = attempt.connection
    _check_address(connection, report)
    target = _target(attempt, connection, report)
    await find(connection.url, report)
    if attempt.consent:
        await _run(target, connection, report)
    elif connection.kind == "webhook":
        await _knock(target, report)
    else:
        await _ask(target, report)


def _check_address(connection: N8nConnection, report: Report) -> None:
    if not connection.url:
        report.fail("address", "There is none.", "Enter the webhook URL.")
    try:
        outbound.check_url(connection.url)
    except outbound.OutboundError as error:
        report.fail("address", str(error), "Copy the production URL from the trigger in n8n.")
    path = urlsplit(connection.url).path.rstrip("/")
    if "/webhook-test/" in path:
        todo = "Copy the production URL from the trigger, and activate the workflow."
        report.fail("address", "This is the test URL, which answers only while the editor listens.", todo)
    if connection.kind == "chat_trigger" and not path.endswith("/chat"):
        todo = "Copy the Chat URL again, or choose “Webhook” as the trigger."
        return report.warn("address", "The URL of a Chat Trigger ends in /chat; this one does not.", todo)
    return report.ok("address")


def _target(attempt: Attempt, connection: N8nConnection, report: Report) -> Target:
    secret: Secret | None = None
    if connection.auth == "none":
        report.skip("credentials", "The connection asks for none.")
    else:
        try:
            secret = attempt.secret("n8n_auth")
        except UnsealError:
            report.fail("credentials", "The stored credentials cannot be opened.", "Enter them again.")
        if secret is None:
            report.fail("credentials", "None are stored.", "Enter the webhook credentials under Secrets.")
        report.ok("credentials")
    return Target.of(connection, secret)


async def _ask(target: Target, report: Report) -> None:
    try:
        await load_history(target, session_id=new_id("test"))
    except RelayError as error:
        _blame(error.code, error.detail, target, report)
    _accepted(target, report)
    report.ok("answer", "It answers as a Chat Trigger does. The workflow did not run.")
    report.offer = "Only a real message tells whether the answer streams."
    report.skip("streams", f"{report.offer} That would run the workflow.")


async def _knock(target: Target, report: Report) -> None:
    """OPTIONS runs nothing; any answer to it shows that the host is there."""
    try:
        await outbound.send(outbound.guarded(), "OPTIONS", target.url, deadline=10, max_bytes=100_000)
    except outbound.OutboundError as error:
        if is_away(error.code):
            not_reached(report, str(error))
    reached(report, target.url)
    report.needs_consent, report.offer = True, "A Webhook node cannot be tried otherwise."
    report.skip("active", "A Webhook node can only be tried by running its workflow once.")


async def _run(target: Target, connection: N8nConnection, report: Report) -> None:
    """One message, as a visitor would send it."""
    pieces, text = 0, ""
    timeouts = Timeouts(first_byte=connection.answer_seconds)
    events = relay(target, session_id=new_id("test"), text=TEXT, files=[], metadata={"test": True}, timeouts=timeouts)
    async for event in events:
        if isinstance(event, Failure):
            _blame(event.code, event.detail, target, report)
        elif isinstance(event, Delta):
            pieces += 1
        elif isinstance(event, Message):
            text = event.text
    _accepted(target, report)
    report.ok("answer", f"The workflow ran once and answered: {text[:120]}")
    if pieces:
        seen = "Visitors see the answer grow." if connection.streaming else "Visitors see it once it is complete."
        report.ok("streams", seen)
    else:
        report.skip("streams", "It comes in one piece, which is fine.")


def _accepted(target: Target, report: Report) -> None:
    reached(report, target.url)
    report.ok("active")
    if target.auth == "none":
        report.skip("auth", "The connection sends none.")
    else:
        report.ok("auth")


# code → the step that it fails; the others fail the answer
_FAILS = {Code.N8N_INACTIVE: "active", Code.N8N_UNAUTHORIZED: "auth"}


def _blame(code: Code, detail: str, target: Target, report: Report) -> None:
    if is_away(code):
        not_reached(report, detail)
    reached(report, target.url)
    failed = _FAILS.get(code, "answer")
    if failed != "active":
        report.ok("active")
    if failed == "answer" and target.auth != "none":
        report.ok("auth")
    todo = MEANINGS[code].mean
    if code is Code.N8N_UNAUTHORIZED and target.auth == "none":
        todo = "The trigger asks for credentials: choose its kind of authentication, and store them."
    elif target.kind == "chat_trigger" and code is Code.UPSTREAM_MALFORMED:
        todo = "It answers unlike a Chat Trigger. If it is a Webhook node, choose that; its workflow may have run."
    report.fail(failed, said(detail, target.secret, Secret(target.url)) or MEANINGS[code].mean, todo)
