from typing import Any

from widgets.types.n8n.configuration import FONTS, N8nConfiguration
from widgets.types.n8n.connection import N8nConnection


def frame_config(configuration: N8nConfiguration, connection: N8nConnection) -> dict[str, Any]:
    """What static/frame/n8n.js draws from."""
    theme, files = configuration.theme, configuration.files
    return {
        **configuration.texts.model_dump(),
        "prompts": [prompt.model_dump(exclude={"language"}) for prompt in configuration.prompts],
        "theme": {
            "scheme": theme.scheme,
            "accent": theme.accent,
            "accentInk": theme.accent_ink,
            "radius": theme.radius,
            "fontSize": theme.font_size,
            "font": FONTS[theme.font],
        },
        "header": {"enabled": configuration.header.enabled, "avatar": configuration.header.avatar or None},
        "files": {
            "enabled": files.enabled,
            "maxCount": files.max_count,
            "maxBytes": files.max_mb * 1024 * 1024,
            "accept": files.accept,
        },
        "history": connection.load_history and connection.kind == "chat_trigger",
    }
