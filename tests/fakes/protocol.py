"""The ChatKit protocol, server side: one URL, POST `{type, params, metadata?}`; a stream of events or JSON.

Public description: the `chatkit` Python SDK (openai-chatkit) and its documentation. Text that starts with "/" makes the
agent do something special; see `turns.COMMANDS`.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes import turns
from tests.fakes.observe import BODY
from tests.fakes.threads import Owner, Thread, ThreadNotFound, Threads


@dataclass(frozen=True, slots=True)
class Conversation:
    """Whose threads, and how the agent talks."""

    threads: Threads
    owner: Owner
    token_pause: float
    titled: bool = True
    listed: int | None = None  # how many threads the history shows; None: all


async def answer(request: web.Request, conversation: Conversation) -> web.StreamResponse:
    """One operation. 400 for one that is unknown or malformed, 404 for a thread that is not the owner's."""
    body = request[BODY]
    if not isinstance(body, dict) or not isinstance(body.get("params"), dict):
        return _problem(400, "Expected an object with type and params.")
    kind, params = body.get("type"), body["params"]
    try:
        if kind in turns.STREAMED:
            return await _stream(request, conversation, kind, params)
        if kind in _JSON:
            return web.json_response(_JSON[kind](conversation, params))
    except ThreadNotFound:
        return _problem(404, "Not Found")
    except (KeyError, TypeError, turns.Malformed) as error:
        return _problem(400, f"Malformed params for {kind}: {error}")
    return _problem(400, f"Unknown request type: {kind}")


def _problem(status: int, message: str) -> web.Response:
    return web.json_response({"message": message}, status=status)


async def _stream(
    request: web.Request, conversation: Conversation, kind: str, params: dict[str, Any]
) -> web.StreamResponse:
    events = turns.play(
        conversation.threads,
        conversation.owner,
        kind,
        params,
        token_pause=conversation.token_pause,
        titled=conversation.titled,
    )
    first = await anext(events)  # what is wrong with the request shows before the status is sent
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
    await response.prepare(request)
    await response.write(_encode(first))
    async for event in events:
        await response.write(_encode(event))
    return response


def _encode(event: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(event)}\n\n".encode()


def _list_threads(conversation: Conversation, params: dict[str, Any]) -> dict[str, Any]:
    threads = conversation.threads.of_owner(conversation.owner)[: conversation.listed]
    if params.get("order", "desc") == "asc":
        threads.reverse()
    return _page([turns.thread_json(thread) for thread in threads], params)


def _get_thread(conversation: Conversation, params: dict[str, Any]) -> dict[str, Any]:
    return turns.thread_json(_thread(conversation, params), items=True)


def _list_items(conversation: Conversation, params: dict[str, Any]) -> dict[str, Any]:
    items = list(_thread(conversation, params).items)
    if params.get("order", "asc") == "desc":
        items.reverse()
    return _page(items, params)


def _page(rows: list[dict[str, Any]], params: dict[str, Any]) -> dict[str, Any]:
    ids = [row["id"] for row in rows]
    start = ids.index(params["after"]) + 1 if params.get("after") in ids else 0
    page = rows[start : start + int(params.get("limit", 20))]
    has_more = start + len(page) < len(rows)
    return {"data": page, "has_more": has_more} | ({"after": page[-1]["id"]} if has_more else {})


def _rename_thread(conversation: Conversation, params: dict[str, Any]) -> dict[str, Any]:
    thread = _thread(conversation, params)
    thread.title = str(params["title"])
    return turns.thread_json(thread)


def _delete_thread(conversation: Conversation, params: dict[str, Any]) -> dict[str, Any]:
    conversation.threads.delete(_thread(conversation, params))
    return {}


def _feedback(conversation: Conversation, params: dict[str, Any]) -> dict[str, Any]:
    _thread(conversation, params)
    if params["kind"] not in ("positive", "negative") or not isinstance(params["item_ids"], list):
        raise turns.Malformed("kind or item_ids")
    return {}


def _create_attachment(_: Conversation, params: dict[str, Any]) -> dict[str, Any]:
    kind = "image" if params["mime_type"].startswith("image/") else "file"
    return {"id": f"atc_{secrets.token_hex(8)}", "type": kind, "name": params["name"], "mime_type": params["mime_type"]}


def _delete_attachment(_: Conversation, params: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(params["attachment_id"], str):
        raise turns.Malformed("attachment_id")
    return {}


def _transcribe(_: Conversation, params: dict[str, Any]) -> dict[str, Any]:
    return {"text": f"({len(params['audio_base64'])} characters of {params['mime_type']})"}


def _thread(conversation: Conversation, params: dict[str, Any]) -> Thread:
    return conversation.threads.get(conversation.owner, params["thread_id"])


_JSON: dict[str, Callable[[Conversation, dict[str, Any]], dict[str, Any]]] = {
    "threads.list": _list_threads,
    "threads.get_by_id": _get_thread,
    "items.list": _list_items,
    "threads.update": _rename_thread,
    "threads.delete": _delete_thread,
    "items.feedback": _feedback,
    "attachments.create": _create_attachment,
    "attachments.delete": _delete_attachment,
    "input.transcribe": _transcribe,
}
