"""Does a ChatKit connection work? Hosted: one session is made at OpenAI and cancelled again. Custom: the server is
asked for its list of threads, and for a turn in a thread that does not exist, so that no agent runs."""

from contextlib import aclosing
from urllib.parse import urlsplit

import orjson

from chatkit_sessions import openai
from chatkit_sessions.backend import BackendFailed, Server, call, relay, server_headers
from chatkit_sessions.services import openai_base_url
from core import outbound
from core.codes import MEANINGS, Code
from core.crypto import Secret, UnsealError
from widgets.probing import Attempt, Report, find, is_away, not_reached, reached, said, way
from widgets.types.chatkit.configuration import Attachments
from widgets.types.chatkit.connection import ChatKitConnection

HOSTED = {
    "key": "The API key is there",
    "opens": "The key opens",
    "accepted": "OpenAI accepts the key",
    "beta": "The key may use ChatKit",
    "workflow": "The workflow is found",
    "session": "A session is made",
    "domain": "Our host is on OpenAI’s domain allowlist",
    "cancelled": "The test session is cancelled",
}
# code → the step that it fails, and those that are known to be passed then
_REFUSALS = {
    Code.OPENAI_INVALID_KEY: ("accepted", ()),
    Code.OPENAI_FORBIDDEN: ("beta", ("accepted",)),
    Code.OPENAI_WORKFLOW_NOT_FOUND: ("workflow", ("accepted", "beta")),
    Code.OPENAI_BAD_REQUEST: ("session", ("accepted", "beta")),
    Code.OPENAI_BUSY: ("session", ("accepted",)),
    Code.UPSTREAM_MALFORMED: ("session", ("accepted", "beta", "workflow")),
}
_LIST = orjson.dumps({"type": "threads.list", "params": {"limit": 1, "order": "desc"}})
_ABSENT = orjson.dumps(
    {"type": "threads.retry_after_item", "params": {"thread_id": "chatdock_test", "item_id": "chatdock_test"}}
)


def labels_for(connection: ChatKitConnection) -> dict[str, str]:
    if connection.backend == "hosted":
        return HOSTED
    return {
        "address": "The URL is complete",
        "headers": "The headers open",
        **way(connection.url, "The server"),
        "auth": "The server accepts the headers",
        "answer": "It answers in the ChatKit protocol",
        "streams": "It streams",
    }


async def probe(attempt: Attempt, report: Report) -> None:
    await (_hosted if attempt.connection.backend == "hosted" else _custom)(attempt, report)


async def _hosted(attempt: Attempt, report: Report) -> None:
    connection: ChatKitConnection = attempt.connection
    key = _key(attempt, report)
    if not connection.workflow_id:
        report.fail("workflow", "There is no workflow id.", "Copy it from the workflow at OpenAI; it starts with wf_.")
    base_url = openai_base_url(connection)
    session = await _session(attempt, base_url, key, report)
    try:
        await _domain(base_url, session, attempt.embed, report)
    finally:
        await _cancel(base_url, key, session, report)


def _key(attempt: Attempt, report: Report) -> Secret:
    try:
        key = attempt.secret("openai_key")
    except UnsealError:
        report.ok("key")
        report.fail("opens", "The stored key cannot be opened.", MEANINGS[Code.CREDENTIAL_UNREADABLE].mean)
    if key is None:
        report.fail("key", "None is stored.", "Enter the OpenAI API key under Secrets.")
    report.ok("key")
    report.ok("opens")
    return key


async def _session(attempt: Attempt, base_url: str, key: Secret, report: Report) -> openai.UpstreamSession:
    """Counted on a breaker of its own: a test neither pauses the live chat nor waits for it."""
    name = f"test:{attempt.widget_id}"
    body = openai.session_body(user=name, connection=attempt.connection, attachments=Attachments(), seconds=60)
    try:
        session = await openai.create_session(base_url=base_url, key=key, body=body, caller=name)
    except openai.OpenAIRefused as refused:
        failed, passed = _REFUSALS.get(refused.code, ("accepted", ()))
        for step in passed:
            report.ok(step)
        # The text of a refused key repeats a part of it.
        detail = "" if refused.code is Code.OPENAI_INVALID_KEY else refused.detail
        mean = MEANINGS[refused.code].mean
        report.fail(failed, said(detail, key, Secret(attempt.connection.workflow_id)) or mean, mean)
    for step in ("accepted", "beta", "workflow", "session"):
        report.ok(step)
    return session


async def _domain(base_url: str, session: openai.UpstreamSession, embed: str, report: Report) -> None:
    parts = urlsplit(embed)
    if not _is_checked(embed):
        report.skip("domain", f"OpenAI does not check local addresses such as {parts.netloc}.")
        return
    try:
        verified = await openai.verify_domain(base_url=base_url, session=session, origin=embed)
    except outbound.OutboundError as error:
        report.warn("domain", f"It could not be checked. {error}", f"Make sure that {parts.hostname} is on the list.")
        return
    if verified is None:
        report.warn("domain", "OpenAI gave no clear answer.", f"Make sure that {parts.hostname} is on the list.")
    elif verified:
        report.ok("domain")
    else:
        todo = (
            "At platform.openai.com, open Settings, Organization, Security, Domain allowlist, and add this host. "
            "It takes minutes, at times an hour."
        )
        report.fail("domain", "It is not, so visitors would see an empty chat.", todo, parts.hostname or "")


def _is_checked(origin: str) -> bool:
    """OpenAI's element skips local hosts and unusual ports: seen in its script."""
    parts = urlsplit(origin)
    host = parts.hostname or ""
    local = host in ("localhost", "0.0.0.0", "::1") or host.startswith("127.") or host.endswith(".local")  # noqa: S104
    return not local and parts.port in (None, 443 if parts.scheme == "https" else 80)


async def _cancel(base_url: str, key: Secret, session: openai.UpstreamSession, report: Report) -> None:
    try:
        done = await openai.cancel_session(base_url=base_url, key=key, session_id=session.id)
    except outbound.OutboundError:
        done = False
    if done:
        report.ok("cancelled")
    else:
        report.warn("cancelled", "It could not be cancelled; it ends by itself within a minute.")


async def _custom(attempt: Attempt, report: Report) -> None:
    server = _server(attempt, report)
    await find(server.url, report)
    hidden = (Secret(server.url), *(Secret(value) for value in server.headers.values() if len(value) > 7))
    try:
        status, body = await call(server, _LIST)
    except BackendFailed as error:
        mean = MEANINGS[error.code].mean
        if is_away(error.code):
            not_reached(report, error.detail)
        reached(report, server.url)
        if error.code is not Code.BACKEND_REJECTED:
            report.ok("auth")
        step = "auth" if error.code is Code.BACKEND_REJECTED else "answer"
        report.fail(step, said(error.detail, *hidden) or mean, mean)
    reached(report, server.url)
    report.ok("auth")
    match orjson.loads(body):
        case {"data": list()} if status == 200:
            report.ok("answer")
        case _:
            todo = "The address must answer POST requests of the ChatKit protocol, such as threads.list."
            report.fail("answer", f"HTTP {status}, without a list of threads.", todo)
    await _stream(server, report)


def _server(attempt: Attempt, report: Report) -> Server:
    connection: ChatKitConnection = attempt.connection
    if not connection.url:
        report.fail("address", "There is none.", "Enter the server URL.")
    try:
        outbound.check_url(connection.url)
    except outbound.OutboundError as error:
        report.fail("address", str(error), "Enter a public https address.")
    report.ok("address")
    try:
        secret = attempt.secret("chatkit_server")
        headers = server_headers(secret, user=f"test:{attempt.widget_id}", language="en")
    except UnsealError:
        report.fail("headers", "The stored headers cannot be opened.", "Enter them again.")
    if secret is None:
        report.skip("headers", "None are stored; the server must need none.")
    else:
        report.ok("headers")
    return Server(connection.url, headers)


async def _stream(server: Server, report: Report) -> None:
    try:
        async with aclosing(relay(server, _ABSENT)) as chunks:
            async for _ in chunks:
                break
    except BackendFailed:
        report.skip("streams", "The server refused a turn in a thread that does not exist, as it may. A message tells.")
    else:
        report.ok("streams")
