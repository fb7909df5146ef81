"""What ChatKit would refuse is not stored."""

from functools import cache
from typing import Any

from widgets.types.chatkit.configuration import ChatKitConfiguration
from widgets.types.chatkit.connection import ChatKitConnection
from widgets.types.chatkit.options import chatkit_options
from widgets.types.chatkit.rules import SCHEMA


@cache
def _validator() -> Any:
    import jsonschema  # type: ignore[import-untyped]  # noqa: PLC0415  - loads slowly, and only saving needs it

    return jsonschema.Draft202012Validator(SCHEMA)


def refused_options(configuration: ChatKitConfiguration) -> dict[str, str]:
    """Path of an option → why ChatKit would refuse it, with either backend."""
    found = {}
    for backend in ("hosted", "custom"):
        options = chatkit_options(configuration, ChatKitConnection(backend=backend))
        for error in _validator().iter_errors(options):
            found[".".join(map(str, error.absolute_path))] = f"ChatKit refuses this: {error.message[:200]}"
    return found
