from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints

from core.headers import read_headers
from widgets.types.base import Connection, option
from widgets.types.common import reachable


def webhook_credentials(secret: str) -> None:
    if secret.startswith("{"):
        read_headers(secret)
        return
    user, _, password = secret.partition(":")
    if not (user and password):
        raise ValueError("Enter user:password, or the headers as a JSON object.")


FieldName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,39}$")]


class N8nConnection(Connection):
    url: Annotated[str, StringConstraints(max_length=1000), AfterValidator(reachable)] = option(
        "", "Webhook URL", "The production URL of the trigger, not the test one.", control="url"
    )
    kind: Literal["chat_trigger", "webhook"] = option(
        "chat_trigger", "Trigger", "Chat Trigger (its URL ends in /chat), or a plain Webhook node."
    )
    auth: Literal["none", "basic", "headers"] = option(
        "none", "Authentication", "What the trigger asks for. The credentials are stored below."
    )
    input_key: FieldName = option("chatInput", "Message field", "Where the workflow expects the text.")
    session_key: FieldName = option("sessionId", "Session field", "Where the workflow expects the conversation's id.")
    answer_seconds: int = option(
        100, "Wait for an answer", "Seconds until the first word.", control="range", ge=10, le=300
    )
    load_history: bool = option(
        False,
        "Load earlier messages from n8n",
        "The trigger must have “Load previous session: from memory”.",
        when={"kind": ["chat_trigger"]},
    )
    streaming: bool = option(
        True, "Show answers as they come", "Word by word, where the workflow streams. Off: once an answer is complete."
    )

    def problems(self) -> list[str]:
        return [] if self.url else ["Enter the webhook URL under Connection."]

    def required_credentials(self) -> tuple[str, ...]:
        return () if self.auth == "none" else ("n8n_auth",)

    def sends(self) -> dict[str, str]:
        return {} if self.auth == "none" else {"n8n_auth": "url"}
