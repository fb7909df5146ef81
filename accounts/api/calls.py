"""One call of the API, declared once at its handler: what checks it, what describes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from rest_framework import serializers

from accounts.apitokens import Scope

LONGEST_PAGE: Final = 100
Handler = TypeVar("Handler", bound=Callable[..., Any])


class Strict(serializers.Serializer[Any]):
    """What it does not know is refused by name, not ignored. `example` is a body that shows what it takes."""

    example: Any = None

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(str(name) for name in data if name not in self.fields)):
            raise serializers.ValidationError({name: ["There is no such field here."] for name in unknown})
        return super().to_internal_value(data)


class Shown(serializers.Serializer[Any]):
    """What is answered. `example` is such an answer."""

    example: Any = None


class PageQuery(Strict):
    limit = serializers.IntegerField(min_value=1, max_value=LONGEST_PAGE, default=25, help_text="How many at most.")
    cursor = serializers.CharField(max_length=1000, required=False, help_text="`next` of the page before.")


@dataclass(frozen=True, slots=True)
class Call:
    summary: str
    scopes: tuple[Scope, ...]
    takes: type[Strict] | None = None
    gives: type[Shown] | None = None
    status: int = 200
    query: type[Strict] = Strict
    matches: bool = False  # needs If-Match
    refuses: Mapping[int, str] = field(default_factory=dict)  # what only this call answers: status → when

    @property
    def is_list(self) -> bool:
        return issubclass(self.query, PageQuery)


def call(summary: str, *scopes: Scope, **facts: Any) -> Callable[[Handler], Handler]:
    """For a handler of an ApiView. Its docstring is the description."""

    def declare(handler: Handler) -> Handler:
        handler.call = Call(summary, scopes, **facts)  # type: ignore[attr-defined]
        return handler

    return declare


def call_of(view: Any, method: str | None) -> Call | None:
    name = "get" if method == "HEAD" else (method or "").lower()
    declared: Call | None = getattr(getattr(view, name, None), "call", None)
    return declared
