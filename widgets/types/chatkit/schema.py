"""What ChatKit would refuse is not stored, and none of its options is forgotten."""

from functools import cache
from typing import Any

from widgets.types.chatkit.configuration import ChatKitConfiguration
from widgets.types.chatkit.connection import ChatKitConnection
from widgets.types.chatkit.options import chatkit_options
from widgets.types.chatkit.rules import SCHEMA

# The options that nobody can set here, and why. A test walks the schema: each is set by some configuration or is here.
NOT_OFFERED = {
    "initialThread": "The frame knows it: the conversation that this visitor had last.",
    "startScreen.prompts[].prompt[]": "A prompt is a text; parts with tags belong to entities, which need functions.",
    "composer.attachments.maxSize.*": "One size for all kinds of files.",
}


@cache
def _validator() -> Any:
    import jsonschema  # type: ignore[import-untyped]  # noqa: PLC0415  - loads slowly, and only saving needs it

    return jsonschema.Draft202012Validator(SCHEMA)


def refused_options(configuration: ChatKitConfiguration) -> dict[str, str]:
    """Path of an option → why ChatKit would refuse it, with either backend."""
    found = {}
    for backend in ("hosted", "custom"):
        options = chatkit_options(configuration, ChatKitConnection(backend=backend, file_upload=True))
        for error in _validator().iter_errors(options):
            found[".".join(map(str, error.absolute_path))] = f"ChatKit refuses this: {error.message[:200]}"
    return found
