from datetime import datetime
from typing import cast

from django.conf import settings

from analytics import incidents
from chatkit_sessions import openai
from chatkit_sessions.models import ChatKitSession
from chatkit_sessions.records import writer
from core.codes import Code
from embed.gate import Admission
from embed.visitors import Refused, utc
from licenses.states import valid_until
from widgets.types.chatkit.configuration import ChatKitConfiguration
from widgets.types.chatkit.connection import ChatKitConnection
from widgets.types.chatkit.frame import is_demo


def openai_base_url(connection: ChatKitConnection) -> str:
    url: str = f"{settings.DEMO_UPSTREAM_URL}/openai/v1" if is_demo(connection) else settings.OPENAI_BASE_URL
    return url


async def start_upstream_session(admission: Admission) -> openai.UpstreamSession:
    """Ask OpenAI for a session of the stored workflow with the stored key. Raises Refused."""
    connection: ChatKitConnection = admission.show.connection
    configuration = cast(ChatKitConfiguration, admission.show.configuration)
    if connection.backend != "hosted":
        raise Refused(Code.BAD_REQUEST)
    key = admission.secret("openai_key")
    try:
        session = await openai.create_session(
            base_url=openai_base_url(connection),
            key=key,
            body=openai.session_body(
                user=admission.visitor.key,
                connection=connection,
                attachments=configuration.composer.attachments,
                seconds=_seconds(admission, connection),
            ),
            caller=admission.caller,
        )
    except openai.OpenAIRefused as refused:
        report(admission, refused.code, refused.detail)
        raise Refused(refused.code, refused.retry_after) from None
    writer.put(_row(admission, session, admission.now))
    return session


def _seconds(admission: Admission, connection: ChatKitConnection) -> int:
    """The session ends with the licence: what the browser says to OpenAI after that passes no gate of ours."""
    ends = valid_until(admission.snapshot.facts)
    if ends is None:
        return connection.session_seconds
    return max(1, min(connection.session_seconds, int((ends - admission.now).total_seconds())))


def report(admission: Admission, code: Code, detail: str) -> None:
    """Tell the owner, in the upstream's words. Without the workflow's id: it is kept sealed, and the owner knows it.

    What fails in a preview is no problem of visitors.
    """
    if admission.is_test:
        return
    snapshot, workflow = admission.snapshot, admission.show.connection.workflow_id
    words = detail.replace(workflow, "…") if workflow else detail
    incidents.report(snapshot.organization_pk or 0, snapshot.widget_pk, code, words)


def _row(admission: Admission, session: openai.UpstreamSession, now: datetime) -> ChatKitSession:
    snapshot = admission.snapshot
    return ChatKitSession(
        organization_id=snapshot.organization_pk or 0,
        widget_id=snapshot.widget_pk,
        visitor_session_id=admission.visitor.session_pk,
        origin=admission.site[:280],
        upstream_id=session.id,
        created_at=now,
        expires_at=utc(session.expires_at),
    )
