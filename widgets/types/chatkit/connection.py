import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, StringConstraints, model_validator

from core.headers import read_headers
from widgets.types.base import Connection, option
from widgets.types.common import reachable


def _not_latest(value: str) -> str:
    if value == "latest":
        raise ValueError("Leave it empty for the latest version; the word “latest” breaks the chat.")
    return value


_OPENAI_KEY = re.compile(r"sk-[A-Za-z0-9_-]{12,400}")


def openai_key(secret: str) -> None:
    if not _OPENAI_KEY.fullmatch(secret):
        raise ValueError("An OpenAI API key starts with sk- and has no spaces. Copy it again.")


def server_headers(secret: str) -> None:
    read_headers(secret)


HOSTED: dict[str, list[Any]] = {"backend": ["hosted"]}
CUSTOM: dict[str, list[Any]] = {"backend": ["custom"]}


class ChatKitConnection(Connection):
    """How a chatkit widget reaches its agent. Limits: facts of POST /v1/chatkit/sessions (OpenAI's OpenAPI 2.3.0)."""

    backend: Literal["hosted", "custom"] = option(
        "hosted", "Backend", "Hosted: a workflow at OpenAI. Custom: a ChatKit server of your own."
    )
    workflow_id: Annotated[str, StringConstraints(pattern=r"^(wf_[A-Za-z0-9_]{1,100})?$")] = option(
        "", "Workflow id", "Starts with wf_.", when=HOSTED, wide=True
    )
    workflow_version: Annotated[str, StringConstraints(max_length=40), AfterValidator(_not_latest)] = option(
        "", "Workflow version", "Empty uses the latest deployed version.", when=HOSTED
    )
    url: Annotated[str, StringConstraints(max_length=1000), AfterValidator(reachable)] = option(
        "", "Server URL", "The address that speaks the ChatKit protocol.", control="url", when=CUSTOM
    )
    session_seconds: int = option(
        600,
        "Session length",
        "Seconds until the chat asks for a new secret.",
        control="range",
        when=HOSTED,
        ge=60,
        le=600,
    )
    requests_per_minute: int = option(
        30,
        "Requests a minute",
        "Per visitor; loading and listing count too.",
        control="range",
        when=HOSTED,
        ge=5,
        le=100,
    )
    max_files: int = option(
        5,
        "Files per session",
        "How many a visitor can send until the session ends, where the composer takes attachments.",
        control="range",
        when=HOSTED,
        ge=1,
        le=50,
    )
    recent_threads: int = option(
        0, "Conversations kept", "0 keeps all.", when={**HOSTED, "keep_history": [True]}, ge=0, le=1000
    )
    title_threads: bool = option(
        True,
        "Name conversations automatically",
        "OpenAI makes a title out of the first messages.",
        when=HOSTED,
    )
    keep_history: bool = option(
        True,
        "Keep conversations",
        "For visitors to find again. Off: the chat shows no history.",
        when=HOSTED,
    )

    @model_validator(mode="before")
    @classmethod
    def _without_former_names(cls, values: Any) -> Any:
        """Whether files may be sent, and how large, follows from the composer's attachments alone."""
        if isinstance(values, dict):
            return {name: value for name, value in values.items() if name not in ("file_upload", "max_file_mb")}
        return values

    def problems(self) -> list[str]:
        if self.backend == "hosted" and not self.workflow_id:
            return ["Enter the workflow id under Connection."]
        if self.backend == "custom" and not self.url:
            return ["Enter the server URL under Connection."]
        return []

    def required_credentials(self) -> tuple[str, ...]:
        return ("openai_key",) if self.backend == "hosted" else ()

    def sends(self) -> dict[str, str]:
        return {} if self.backend == "hosted" else {"chatkit_server": "url"}
