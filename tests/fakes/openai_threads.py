"""The REST view of hosted threads, for servers with the API key (OpenAPI: ThreadResource, ThreadItemListResource)."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.fakes.observe import Refusal
from tests.fakes.openai_auth import require_key
from tests.fakes.openai_rules import error_response, invalid
from tests.fakes.state import STATE
from tests.fakes.threads import Thread, ThreadNotFound, Threads


def add_routes(app: web.Application) -> None:
    app.router.add_get("/chatkit/threads", list_threads)
    app.router.add_get("/chatkit/threads/{thread_id}", get_thread)
    app.router.add_delete("/chatkit/threads/{thread_id}", delete_thread)
    app.router.add_get("/chatkit/threads/{thread_id}/items", list_items)


async def list_threads(request: web.Request) -> web.Response:
    key = require_key(request)
    threads = _threads(request).of_project(key.project)
    user = request.query.get("user")
    if user is not None:
        if not 1 <= len(user) <= 512:
            raise invalid("Invalid 'user': expected 1 to 512 characters.", "user", "invalid_value")
        threads = [thread for thread in threads if thread.owner[1] == user]
    return web.json_response(_page(request, [thread_resource(thread) for thread in reversed(threads)]))


async def get_thread(request: web.Request) -> web.Response:
    return web.json_response(thread_resource(_require_thread(request)))


async def delete_thread(request: web.Request) -> web.Response:
    thread = _require_thread(request)
    _threads(request).delete(thread)
    return web.json_response({"id": thread.id, "object": "chatkit.thread.deleted", "deleted": True})


async def list_items(request: web.Request) -> web.Response:
    thread = _require_thread(request)
    shown = [item_resource(item) for item in thread.items if item["type"] in _ITEM_SHAPES]
    return web.json_response(_page(request, shown))


def thread_resource(thread: Thread) -> dict[str, Any]:
    return {
        "id": thread.id,
        "object": "chatkit.thread",
        "created_at": int(thread.created_at.replace(tzinfo=UTC).timestamp()),
        "title": thread.title,
        "status": thread.status,
        "user": thread.owner[1],
    }


def item_resource(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": item["id"],
        "object": "chatkit.thread_item",
        "created_at": int(datetime.fromisoformat(item["created_at"]).replace(tzinfo=UTC).timestamp()),
        "thread_id": item["thread_id"],
        "type": f"chatkit.{item['type']}",
        **_ITEM_SHAPES[item["type"]](item),
    }


def _user_message(item: dict[str, Any]) -> dict[str, Any]:
    options = item["inference_options"]
    inference = {"tool_choice": options.get("tool_choice"), "model": options.get("model")} if options else None
    content = [{"type": "input_text", "text": part["text"]} for part in item["content"]]
    return {"content": content, "attachments": [], "inference_options": inference}


def _assistant_message(item: dict[str, Any]) -> dict[str, Any]:
    return {"content": item["content"]}


def _widget(item: dict[str, Any]) -> dict[str, Any]:
    return {"widget": json.dumps(item["widget"])}


_ITEM_SHAPES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "user_message": _user_message,
    "assistant_message": _assistant_message,
    "widget": _widget,
}


def _page(request: web.Request, oldest_first: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One page of a list, by `limit`, `order`, `after` and `before` of the query."""
    order = request.query.get("order", "desc")
    if order not in ("asc", "desc"):
        raise invalid(f"Invalid value: '{order}'. Supported values are: 'asc' and 'desc'.", "order", "invalid_value")
    limit = request.query.get("limit", "20")
    if not limit.isdecimal() or int(limit) > 100:
        raise invalid(
            f"Invalid 'limit': expected an integer from 0 to 100, but got '{limit}'.", "limit", "invalid_value"
        )
    rows = list(oldest_first) if order == "asc" else list(reversed(oldest_first))
    ids = [row["id"] for row in rows]
    start = ids.index(request.query["after"]) + 1 if request.query.get("after") in ids else 0
    end = ids.index(request.query["before"]) if request.query.get("before") in ids else len(rows)
    page = rows[start:end][: int(limit)]
    return {
        "object": "list",
        "data": page,
        "first_id": page[0]["id"] if page else None,
        "last_id": page[-1]["id"] if page else None,
        "has_more": start + len(page) < end,
    }


def _threads(request: web.Request) -> Threads:
    return request.config_dict[STATE].hosted_threads


def _require_thread(request: web.Request) -> Thread:
    key = require_key(request)
    thread_id = request.match_info["thread_id"]
    try:
        return _threads(request).get_in_project(key.project, thread_id)
    except ThreadNotFound:
        raise Refusal(error_response(404, f"Thread with id '{thread_id}' not found.")) from None
