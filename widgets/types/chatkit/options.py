"""A chatkit widget's configuration as the options that `<openai-chatkit>` takes (without `api`)."""

from typing import Any

from widgets.types.chatkit.configuration import ChatKitConfiguration, Composer, Theme, Tool
from widgets.types.chatkit.connection import ChatKitConnection


def chatkit_options(configuration: ChatKitConfiguration, connection: ChatKitConnection) -> dict[str, Any]:
    """Only complete objects leave here: one unknown key, null or half a colour blanks the whole chat."""
    c = configuration
    return _filled(
        {
            "locale": c.locale,
            "frameTitle": c.title,
            "theme": _theme(c.theme),
            "header": {
                "enabled": c.header.enabled,
                "title": _filled({"enabled": c.header.title_enabled, "text": c.header.title}),
            },
            "history": {
                "enabled": c.history.enabled,
                "showDelete": c.history.show_delete,
                "showRename": c.history.show_rename,
            },
            "startScreen": {
                "greeting": c.start_screen.greeting,
                "prompts": [_filled(prompt.model_dump()) for prompt in c.start_screen.prompts],
            },
            # Always explicit: the element's own default for feedback differs from its documentation.
            "threadItemActions": {"feedback": c.thread.feedback, "retry": c.thread.retry},
            "thread": {"autoScroll": c.thread.auto_scroll},
            "composer": _composer(c.composer, connection),
            "disclaimer": {"text": c.disclaimer.text, "highContrast": c.disclaimer.high_contrast}
            if c.disclaimer.text
            else None,
        }
    )


def _theme(theme: Theme) -> dict[str, Any]:
    typography = theme.typography
    color = {
        "accent": theme.accent.model_dump(exclude={"enabled"}) if theme.accent.enabled else None,
        "grayscale": theme.grayscale.model_dump(exclude={"enabled"}) if theme.grayscale.enabled else None,
        "surface": theme.surface.model_dump(exclude={"enabled"}) if theme.surface.enabled else None,
    }
    return _filled(
        {
            "colorScheme": "dark" if theme.scheme == "dark" else "light",  # the frame resolves "auto" itself
            "radius": theme.radius,
            "density": theme.density,
            "color": _filled(color),
            "typography": _filled(
                {
                    "baseSize": typography.base_size,
                    "fontFamily": typography.font_family,
                    "fontFamilyMono": typography.font_family_mono,
                    "fontSources": [source.model_dump() for source in typography.font_sources],
                }
            ),
        }
    )


def _composer(composer: Composer, connection: ChatKitConnection) -> dict[str, Any]:
    attachments = composer.attachments
    custom = connection.backend == "custom"
    return _filled(
        {
            "placeholder": composer.placeholder,
            "dictation": {"enabled": composer.dictation},
            "attachments": {
                "enabled": True,
                "maxSize": attachments.max_mb * 1024 * 1024,
                "maxCount": attachments.max_count,
            }
            if attachments.enabled and connection.file_upload and not custom
            else {"enabled": False},
            "tools": [_tool(tool) for tool in composer.tools] if custom else None,
            "models": [_filled(model.model_dump()) for model in composer.models] if custom else None,
        }
    )


def _tool(tool: Tool) -> dict[str, Any]:
    return _filled(
        {
            "id": tool.id,
            "label": tool.label,
            "icon": tool.icon or "bolt",
            "shortLabel": tool.short_label,
            "placeholderOverride": tool.placeholder,
            "pinned": tool.pinned,
            "persistent": tool.persistent,
        }
    )


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty: ChatKit refuses null and takes an empty text for a value."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}
