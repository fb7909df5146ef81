"""Who calls, as far as an audit line tells it: services write those, and never see a request."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from core.clientip import client_ip

_AGENT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Caller:
    """All empty outside of a request."""

    ip: str = ""
    user_agent: str = ""
    on_behalf_of: int | None = None  # the organization for which a guest acts, by its primary key
    token: str = ""  # the public id of the API token that calls


_caller: ContextVar[Caller] = ContextVar("caller", default=Caller())  # noqa: B039  (frozen)


def current_caller() -> Caller:
    return _caller.get()


def set_caller(meta: Mapping[str, Any]) -> None:
    """From `request.META`. Whatever the request before left is forgotten."""
    _caller.set(Caller(client_ip(meta), str(meta.get("HTTP_USER_AGENT", ""))[:_AGENT_LENGTH]))


def act_on_behalf_of(organization_pk: int) -> None:
    """From here on, in this request."""
    _caller.set(replace(_caller.get(), on_behalf_of=organization_pk))


def call_with_token(public_id: str) -> None:
    """From here on, in this request."""
    _caller.set(replace(_caller.get(), token=public_id))
