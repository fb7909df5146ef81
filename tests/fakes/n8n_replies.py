"""The modes of the n8n stand-in that answer in one piece."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.fakes.answers import answer_to
from tests.fakes.behaviour import HANG_SECONDS
from tests.fakes.n8n_call import Call, problem
from tests.fakes.state import STATE

Reply = Callable[[web.Request, Call], Awaitable[web.StreamResponse]]
_GATEWAY_TIMEOUT = (
    "<html><head><title>504 Gateway Time-out</title></head><body><center><h1>504 Gateway Time-out</h1></center>"
    "<hr><center>nginx</center></body></html>"
)


def _answers(shape: Callable[[Call], Any]) -> Reply:
    """A lastNode answer: 200 and the first item of the last node, nothing wrapped."""

    async def reply(_: web.Request, call: Call) -> web.StreamResponse:
        return web.json_response(shape(call))

    return reply


def _said(call: Call) -> str:
    return f"You said: {call.text}"


async def _empty_body(_: web.Request, call: Call) -> web.StreamResponse:
    return web.Response(content_type="application/json")


async def _plain(_: web.Request, call: Call) -> web.StreamResponse:
    """Respond to Webhook labels plain text as HTML."""
    return web.Response(text=_said(call), content_type="text/html")


async def _html_page(_: web.Request, call: Call) -> web.StreamResponse:
    return web.Response(status=504, text=_GATEWAY_TIMEOUT, content_type="text/html")


async def _node_error(_: web.Request, call: Call) -> web.StreamResponse:
    return web.json_response({"message": "Error in workflow"}, status=500)


async def _workflow_timeout(_: web.Request, call: Call) -> web.StreamResponse:
    return problem(500, "There was a problem executing the workflow", code=0)


async def _no_item(_: web.Request, call: Call) -> web.StreamResponse:
    return problem(500, "No item to return was found", code=0)


async def _no_first_byte(request: web.Request, call: Call) -> web.StreamResponse:
    await asyncio.sleep(HANG_SECONDS)
    return web.Response()


async def _huge(request: web.Request, call: Call) -> web.StreamResponse:
    """A body that never ends."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"output":"')
    while True:
        await response.write(b"endless " * 1024)


async def _files(_: web.Request, call: Call) -> web.StreamResponse:
    files = [
        {
            "fileName": file["filename"],
            "fileSize": f"{file['size']} B",
            "mimeType": file["content_type"],
            "binaryKey": f"data{index}",
        }
        for index, file in enumerate(call.files)
    ]
    names = ", ".join(f"{file['fileName']} ({file['fileSize']}, {file['mimeType']})" for file in files)
    return web.json_response({"output": f"Received {len(files)} files: {names}", "files": files})


async def _memory(request: web.Request, call: Call) -> web.StreamResponse:
    turn = remember(request, call)
    return web.json_response({"output": f"You said: {call.text} (message {turn})"})


async def _custom_keys(_: web.Request, call: Call) -> web.StreamResponse:
    """A trigger whose keys were renamed to `conversation` and `question`."""
    if not call.body.get("conversation") or not call.body.get("question"):
        return web.json_response({"message": "Error in workflow"}, status=500)
    return web.json_response({"output": f"You said: {call.body['question']}"})


def remember(request: web.Request, call: Call, answer: str | None = None) -> int:
    """Store question and answer in the session's memory; the number of the question in it, from 1.

    A question with files is multimodal: its content is a list, as LangChain stores it.
    """
    memory = request.config_dict[STATE].memories.setdefault((call.mode, call.session), [])
    turn = sum("HumanMessage" in message["id"] for message in memory) + 1
    question: Any = call.text
    if call.files:
        images = [{"type": "image_url", "image_url": {"url": "data:"}} for _ in call.files]
        question = [{"type": "text", "text": call.text}, *images]
    memory.append(_message("HumanMessage", question))
    memory.append(_message("AIMessage", answer or f"You said: {call.text} (message {turn})"))
    return turn


def demo_answer(request: web.Request, call: Call) -> str:
    """The demo agent's answer, remembered."""
    memory = request.config_dict[STATE].memories.get((call.mode, call.session), [])
    text = answer_to(call.text, turn=len(memory) // 2 + 1)
    if call.files:
        text = f"I received {len(call.files)} files: {', '.join(file['filename'] for file in call.files)}.\n\n{text}"
    remember(request, call, text)
    return text


def _message(kind: str, content: Any) -> dict[str, Any]:
    kwargs = {"content": content, "additional_kwargs": {}, "response_metadata": {}}
    return {"lc": 1, "type": "constructor", "id": ["langchain_core", "messages", kind], "kwargs": kwargs}


REPLIES: dict[str, Reply] = {
    "echo-json": _answers(lambda call: {"output": _said(call)}),
    "text": _answers(lambda call: {"text": _said(call)}),
    "message": _answers(lambda call: {"message": {"type": "text", "text": _said(call)}}),
    "nested": _answers(lambda call: {"output": {"answer": _said(call), "sources": ["a", "b"]}}),
    "unknown-keys": _answers(lambda call: {"answer": _said(call), "score": 0.5}),
    "empty-object": _answers(lambda call: {}),
    "array": _answers(lambda call: [{"output": _said(call)}, {"output": "second item"}]),
    "string": _answers(_said),
    "wait-echo": _answers(lambda call: call.body),
    "execution-started": _answers(
        lambda call: {"executionStarted": True, "executionId": "52", "resumeToken": "0123456789abcdef" * 4}
    ),
    "empty-body": _empty_body,
    "plain": _plain,
    "html-504": _html_page,
    "node-error": _node_error,
    "workflow-timeout": _workflow_timeout,
    "no-item": _no_item,
    "no-first-byte": _no_first_byte,
    "huge": _huge,
    "files": _files,
    "memory": _memory,
    "memory-unwired": _memory,
    "custom-keys": _custom_keys,
    # Behind a gate of `n8n_call`: what comes after it was passed
    "basic-auth": _answers(lambda call: {"output": _said(call)}),
    "header-auth": _answers(lambda call: {"output": _said(call)}),
}
