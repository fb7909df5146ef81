"""A past conversation from n8n's own memory (loadPreviousSession of the Chat Trigger)."""

from typing import Any

from core import outbound
from core.codes import Code

from .answers import parse, unwrap
from .events import RelayError
from .faults import read_fault
from .request import Target, build_history, mask

DEADLINE_SECONDS = 10.0
MAX_BYTES = 1_000_000
# LangChain names a message by class where it serialised it, by type where it stored it.
_ROLES = {"HumanMessage": "user", "human": "user", "AIMessage": "assistant", "AIMessageChunk": "assistant"} | {
    "ai": "assistant"
}


async def load_history(target: Target, *, session_id: str) -> list[dict[str, str]]:
    """[{"role": "user" | "assistant", "text"}], oldest first. Raises RelayError.

    Empty without asking for a Webhook node: it knows no past, and the request would run its workflow.
    """
    if target.kind != "chat_trigger":
        return []
    outgoing = build_history(target, session_id=session_id)
    try:
        answer = await outbound.send(
            outbound.guarded(),
            "POST",
            target.url,
            headers=outgoing.headers,
            **outgoing.body,
            deadline=DEADLINE_SECONDS,
            max_bytes=MAX_BYTES,
        )
    except outbound.OutboundError as error:
        raise RelayError(error.code, str(error)) from error
    body = mask(answer.body, outgoing.hidden)
    if not 200 <= answer.status < 300:
        raise read_fault(answer.status, body)
    return read_history(body)


def read_history(body: bytes) -> list[dict[str, str]]:
    """The messages in `{"data": [...]}`. What is neither the visitor's nor the assistant's text is left out."""
    data = parse(body)
    past = data.get("data") if isinstance(data, dict) else None
    if not isinstance(past, list):
        raise RelayError(Code.UPSTREAM_MALFORMED, "The history is not of the form {data: [...]}.")
    messages = (_read_message(item) for item in past if isinstance(item, dict))
    return [message for message in messages if message["role"] and message["text"].strip()]


def _read_message(item: dict[str, Any]) -> dict[str, str]:
    names = item.get("id")
    name = names[-1] if isinstance(names, list) and names else item.get("type")
    fields = item.get("kwargs") or item.get("data") or {}
    content = fields.get("content") if isinstance(fields, dict) else None
    role = _ROLES.get(name, "") if isinstance(name, str) else ""
    text = _text(content)
    return {"role": role, "text": unwrap(text) if role == "assistant" else text}


def _text(content: Any) -> str:
    """The text of a message's content: a string, or a list of parts of which some are text."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = (part.get("text") if isinstance(part, dict) else part for part in parts)
    return "\n".join(text for text in texts if isinstance(text, str))
