"""One streamed turn of a ChatKit conversation, as a series of protocol events."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from tests.fakes.answers import answer_to, tokens_of
from tests.fakes.threads import Owner, Thread, Threads

Event = dict[str, Any]

STREAMED = frozenset(
    {
        "threads.create",
        "threads.add_user_message",
        "threads.retry_after_item",
        "threads.custom_action",
        "threads.add_client_tool_output",
        "threads.add_structured_input",
    }
)


class Malformed(Exception):
    """The params are not those of the operation."""


async def play(
    threads: Threads, owner: Owner, kind: str, params: dict[str, Any], *, token_pause: float, titled: bool
) -> AsyncIterator[Event]:
    """Raises ThreadNotFound, KeyError, TypeError or Malformed before the first event, nothing later."""
    if kind == "threads.create":
        check_input(params["input"])
        thread = threads.create(owner)
        yield {"type": "thread.created", "thread": thread_json(thread)}
    else:
        thread = threads.get(owner, params["thread_id"])
    if kind == "threads.retry_after_item":
        said = _message_text(thread, params["item_id"])
        for event in _forget_after(thread, params["item_id"]):
            yield event
    elif kind in ("threads.create", "threads.add_user_message"):
        check_input(params["input"])
        said = "".join(part["text"] for part in params["input"]["content"])
        yield _store(thread, thread.new_item("user_message", **params["input"]))
    else:
        said = str(params.get("action", params.get("result", params.get("input"))))
    yield {"type": "stream_options", "stream_options": {"allow_cancel": True}}
    async for event in _respond(thread, said, token_pause):
        yield event
    if titled and thread.title is None:
        thread.title = " ".join(said.split())[:40] or "New chat"
        yield {"type": "thread.updated", "thread": thread_json(thread)}


def check_input(given: dict[str, Any]) -> None:
    """A message has parts; `attachments` and `inference_options` are required, as in the SDK."""
    if not isinstance(given["attachments"], list) or not isinstance(given["inference_options"], dict):
        raise Malformed("input.attachments or input.inference_options")
    content = given["content"]
    if not isinstance(content, list) or not content:
        raise Malformed("input.content")
    for part in content:
        if part["type"] not in ("input_text", "input_tag") or not isinstance(part["text"], str):
            raise Malformed("input.content")


def thread_json(thread: Thread, *, items: bool = False) -> dict[str, Any]:
    """Keys without a value are left out, as the protocol wants."""
    title = {"title": thread.title} if thread.title else {}
    return {
        "id": thread.id,
        "created_at": thread.created_at.isoformat(),
        **title,
        "status": thread.status,
        "metadata": {},
        "items": {"data": thread.items if items else [], "has_more": False},
    }


def _store(thread: Thread, item: dict[str, Any]) -> Event:
    thread.items.append(item)
    return {"type": "thread.item.done", "item": item}


async def _respond(thread: Thread, said: str, pause: float) -> AsyncIterator[Event]:
    command = COMMANDS.get(said.split(" ", 1)[0])
    if command is not None:
        for event in command(thread):
            yield event
        return
    turn = sum(item["type"] == "user_message" for item in thread.items)
    text = answer_to(said, turn=turn)
    item = thread.new_item("assistant_message", content=[])
    update = {"type": "thread.item.updated", "item_id": item["id"]}
    part: dict[str, Any] = {"type": "output_text", "text": "", "annotations": []}
    yield {"type": "thread.item.added", "item": dict(item)}
    yield update | {"update": {"type": "assistant_message.content_part.added", "content_index": 0, "content": part}}
    for token in tokens_of(text):
        await asyncio.sleep(pause)
        delta = {"type": "assistant_message.content_part.text_delta", "content_index": 0, "delta": token}
        yield update | {"update": delta}
    part = part | {"text": text}
    yield update | {"update": {"type": "assistant_message.content_part.done", "content_index": 0, "content": part}}
    yield _store(thread, item | {"content": [part]})


def _message_text(thread: Thread, item_id: str) -> str:
    for item in thread.items:
        if item["id"] == item_id and item["type"] == "user_message":
            return "".join(part["text"] for part in item["content"])
    raise Malformed("item_id")


def _forget_after(thread: Thread, item_id: str) -> list[Event]:
    index = [item["id"] for item in thread.items].index(item_id) + 1
    gone = thread.items[index:]
    del thread.items[index:]
    return [{"type": "thread.item.removed", "item_id": item["id"]} for item in gone]


def _error(_: Thread) -> list[Event]:
    return [{"type": "error", "code": "custom", "message": "The agent could not answer this.", "allow_retry": True}]


def _notice(_: Thread) -> list[Event]:
    return [{"type": "notice", "level": "warning", "message": "This is a **notice**.", "title": "Notice"}]


def _lock(thread: Thread) -> list[Event]:
    thread.status = {"type": "locked", "reason": "This conversation was handed to a person."}
    return [{"type": "thread.updated", "thread": thread_json(thread)}]


def _progress(thread: Thread) -> list[Event]:
    part = {"type": "output_text", "text": "Found it.", "annotations": []}
    done = _store(thread, thread.new_item("assistant_message", content=[part]))
    return [{"type": "progress_update", "text": "Looking it up…", "icon": "search"}, done]


def _effect(_: Thread) -> list[Event]:
    return [{"type": "client_effect", "name": "demo_effect", "data": {"colour": "blue"}}]


COMMANDS: dict[str, Callable[[Thread], list[Event]]] = {
    "/error": _error,
    "/notice": _notice,
    "/lock": _lock,
    "/progress": _progress,
    "/effect": _effect,
}
