"""Turns the bytes of an n8n answer into events while they arrive.

A workflow answers as a stream (one JSON object per line: begin, item, end, error, keepalive) or with one body of any
kind. Neither status nor content type tells which: the first line that is not blank decides.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from core.codes import Code

from .answers import ANSWER_KEYS, find_text, parse, read_answer, unwrap
from .events import Delta, Event, Failure, Message, RelayError
from .request import mask

MAX_CHARS = 1_000_000  # of text in one answer, and of bytes held until a line or a body is complete
_LINE_TYPES = frozenset({"begin", "item", "end", "error", "keepalive"})


class AnswerReader:
    """Feed it bytes, cut anywhere, then close it. A Failure is the last event; `finished` is True from then on.

    `asked` holds the fields of the request (see `answers.read_answer`), `hidden` what no event may show.
    """

    def __init__(self, asked: Mapping[str, Any], hidden: Sequence[bytes] = ()) -> None:
        self.finished = False
        self._asked = asked
        self._hidden = hidden
        self._streams: bool | None = None  # None: not decided yet
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._messages = _Messages()

    def feed(self, chunk: bytes) -> list[Event]:
        """The events that `chunk` completes. Text for the same message comes as one Delta."""
        try:
            self._read(chunk)
        except RelayError as error:
            return self._fail(error)
        return self._messages.take()

    def close(self) -> list[Event]:
        """The events that the end of the answer completes: messages without an end of their own, or the body."""
        rest = mask(b"".join(self._held), self._hidden)
        try:
            if self._streams or (self._streams is None and _is_stream_line(rest)):
                self._messages.read(rest)
                self._messages.close()
            else:
                self._messages.add_whole(read_answer(rest, self._asked))
        except RelayError as error:
            return self._fail(error)
        return self._messages.take()

    def _read(self, chunk: bytes) -> None:
        if self._streams is False or b"\n" not in chunk:
            return self._hold(chunk)
        data = b"".join((*self._held, chunk))
        self._held, self._held_bytes = [], 0
        if self._streams is None:
            data = data.lstrip()
            first, newline, _ = data.partition(b"\n")
            self._streams = _is_stream_line(first) if newline else None
        if not self._streams:
            return self._hold(data)
        *lines, rest = data.split(b"\n")
        for line in lines:
            self._messages.read(mask(line, self._hidden))
        return self._hold(rest)

    def _hold(self, data: bytes) -> None:
        self._held.append(data)
        self._held_bytes += len(data)
        if self._held_bytes > MAX_CHARS:
            raise too_large()

    def _fail(self, error: RelayError) -> list[Event]:
        self.finished = True
        return [*self._messages.take(), Failure(error.code, error.detail)]


class _Messages:
    """The messages of one answer. Several nodes and runs may stream into it, each into a message of its own.

    They are named "1", "2", … in order of appearance: nothing of the workflow's inside reaches the page.
    """

    def __init__(self) -> None:
        self._opened = 0
        self._ended = 0
        self._chars = 0
        self._open: dict[tuple[Any, ...], tuple[str, list[str]]] = {}
        self._deltas: dict[str, str] = {}
        self._events: list[Event] = []

    def read(self, raw: bytes) -> None:
        """One line of a stream. What is not known is ignored: newer versions of n8n say more."""
        line = parse(raw)
        if not isinstance(line, dict):
            return
        content = line.get("content")
        match line.get("type"):
            case "item":
                self._say(_source(line), content if isinstance(content, str) else find_text(content, {}))
            case "begin" | "end":  # a second begin is a retry of the node: what it said before stands
                self._end(_source(line))
            case "error":
                raise RelayError(Code.N8N_WORKFLOW_FAILED, content if isinstance(content, str) else "")

    def add_whole(self, text: str) -> None:
        """A message that came in one piece."""
        self._opened += 1
        self._finish(str(self._opened), text)

    def close(self) -> None:
        """Ends what is open. RelayError if nothing was said at all."""
        for source in list(self._open):
            self._end(source)
        if not self._ended:
            raise RelayError(Code.N8N_NO_ANSWER, "The workflow streamed no text.")

    def take(self) -> list[Event]:
        """The events since the last call."""
        self._flush()
        events, self._events = self._events, []
        return events

    def _say(self, source: tuple[Any, ...], text: str) -> None:
        if source not in self._open:
            text = unwrap(text)
            if not text.strip():
                return
            self._opened += 1
            self._open[source] = (str(self._opened), [])
        self._chars += len(text)
        if self._chars > MAX_CHARS:
            raise too_large()
        name, parts = self._open[source]
        parts.append(text)
        self._deltas[name] = self._deltas.get(name, "") + text

    def _end(self, source: tuple[Any, ...]) -> None:
        if source in self._open:
            name, parts = self._open.pop(source)
            self._finish(name, unwrap("".join(parts)))

    def _finish(self, name: str, text: str) -> None:
        self._flush()
        self._ended += 1
        self._events.append(Message(name, text))

    def _flush(self) -> None:
        self._events += [Delta(name, text) for name, text in self._deltas.items()]
        self._deltas.clear()


def too_large() -> RelayError:
    """The answer is longer than anyone would read."""
    return RelayError(Code.UPSTREAM_MALFORMED, "The answer is larger than 1 MB.")


def _is_stream_line(raw: bytes) -> bool:
    line = parse(raw)
    return isinstance(line, dict) and line.get("type") in _LINE_TYPES and not any(key in line for key in ANSWER_KEYS)


def _source(line: dict[str, Any]) -> tuple[Any, ...]:
    """Which run of which node speaks."""
    metadata = line.get("metadata")
    if not isinstance(metadata, dict):
        return ()
    source = metadata.get("nodeId"), metadata.get("runIndex"), metadata.get("itemIndex")
    try:
        hash(source)
    except TypeError:  # lists or objects: not from n8n
        return ()
    return source
