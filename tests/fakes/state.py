"""What the stand-ins remember, and what they were told to do wrong."""

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.behaviour import Behaviour
from tests.fakes.threads import Threads


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came in. Header names are lower case; `body` is parsed JSON, text, or the facts of a form."""

    fake: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass(slots=True)
class Rule:
    """Behaviour for the requests of one fake whose facts match, for `times` of them (None: all)."""

    fake: str
    match: dict[str, str]
    behaviour: Behaviour
    times: int | None

    def applies(self, fake: str, facts: Mapping[str, str]) -> bool:
        return self.fake == fake and all(
            facts.get("path", "").endswith(value) if name == "path" else facts.get(name) == value
            for name, value in self.match.items()
        )


@dataclass(slots=True)
class Key:
    """An OpenAI API key: what it may use belongs to its project."""

    project: str
    workflows: set[str]


@dataclass(slots=True)
class Session:
    """A ChatKit session: `answer` is the ChatSession object as OpenAI returns it."""

    project: str
    answer: dict[str, Any]
    calls: deque[float] = field(default_factory=deque)  # times of the last minute's calls, for the rate limit


@dataclass(slots=True)
class State:
    token_pause: float = 0.0  # seconds between the tokens of a streamed answer
    slow_pause: float = 2.0  # the same in the slow modes
    received: deque[Received] = field(default_factory=lambda: deque(maxlen=10_000))
    rules: list[Rule] = field(default_factory=list)
    # OpenAI
    keys: dict[str, Key] = field(default_factory=dict)
    domains: set[str] | None = None  # the domain allowlist; None allows every origin
    sessions: dict[str, Session] = field(default_factory=dict)  # by session id
    secrets: dict[str, Session] = field(default_factory=dict)  # by client secret
    hosted_threads: Threads = field(default_factory=lambda: Threads("cthr"))
    # A tenant's ChatKit server
    authorization: str | None = None  # the Authorization header it demands; None demands nothing
    user_header: str = "x-chatdock-user"  # the header that names the visitor
    custom_threads: Threads = field(default_factory=lambda: Threads("thr"))
    # n8n
    executions: Counter[str] = field(default_factory=Counter)
    memories: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)  # by mode and session id

    def received_by(self, fake: str | None = None, path: str = "") -> list[Received]:
        """What one fake (None: any) received under paths that end like this, oldest first."""
        return [one for one in self.received if fake in (None, one.fake) and one.path.endswith(path)]

    def behaviour_for(self, fake: str, facts: Mapping[str, str]) -> Behaviour | None:
        """The behaviour of the first rule that applies; uses up one of its times."""
        for rule in self.rules:
            if rule.applies(fake, facts):
                if rule.times is not None:
                    rule.times -= 1
                    if rule.times <= 0:
                        self.rules.remove(rule)
                return rule.behaviour
        return None

    def reset(self) -> None:
        """Forget everything but the pace."""
        fresh = State(token_pause=self.token_pause, slow_pause=self.slow_pause)
        for name in self.__slots__:
            setattr(self, name, getattr(fresh, name))


STATE = web.AppKey("state", State)
