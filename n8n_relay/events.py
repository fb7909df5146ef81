"""What a chat turn amounts to: the events the relay yields, and the error it raises before there is a stream."""

from dataclasses import dataclass

from core.codes import Code

DETAIL_CHARS = 500


@dataclass(frozen=True, slots=True)
class Delta:
    """More text of the message `m`."""

    m: str
    t: str


@dataclass(frozen=True, slots=True)
class Message:
    """The message `m` is complete; `text` is all of it and replaces its deltas."""

    m: str
    text: str


@dataclass(frozen=True, slots=True)
class Failure:
    """The turn has failed and nothing follows. `detail` is for the widget's owner, never for the visitor."""

    code: Code
    detail: str = ""


Event = Delta | Message | Failure


class RelayError(Exception):
    """A request to n8n that cannot be made or was not answered. `detail` as in `Failure`."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = shorten(detail)


def shorten(text: str) -> str:
    """One line of at most 500 characters."""
    line = " ".join(text[: 4 * DETAIL_CHARS].split())
    return line if len(line) <= DETAIL_CHARS else line[: DETAIL_CHARS - 1] + "…"
