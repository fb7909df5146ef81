"""A chatkit widget's configuration as the options that `<openai-chatkit>` takes (without `api`)."""

from typing import Any

from widgets.types.chatkit.accept import accepted
from widgets.types.chatkit.configuration import (
    ChatKitConfiguration,
    Composer,
    FontSource,
    Header,
    HeaderAction,
    Model,
    Theme,
    Tool,
)
from widgets.types.chatkit.connection import ChatKitConnection
from widgets.types.chatkit.rules import LOCALES


def chatkit_options(configuration: ChatKitConfiguration, connection: ChatKitConnection) -> dict[str, Any]:
    """Only complete objects leave here: one unknown key, null or half a colour blanks the whole chat."""
    c = configuration
    return _filled(
        {
            "locale": c.locale or _spoken(c.visitors.language),
            "frameTitle": c.title,
            "theme": _theme(c.theme),
            "header": _header(c.header),
            "history": {
                "enabled": c.history.enabled and (connection.backend == "custom" or connection.keep_history),
                "showDelete": c.history.show_delete,
                "showRename": c.history.show_rename,
            },
            "startScreen": {
                "greeting": c.start_screen.greeting,
                "prompts": [_filled(prompt.model_dump(exclude={"language"})) for prompt in c.start_screen.prompts],
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


def _spoken(language: str) -> str:
    return language if language in LOCALES else ""


def _header(header: Header) -> dict[str, Any]:
    """Without `onClick`: a function is the frame's to add, see `header_actions`."""
    return _filled(
        {
            "enabled": header.enabled,
            "title": _filled({"enabled": header.title_enabled, "text": header.title}),
            **{side: {"icon": action.icon} for side, action in _actions(header).items()},
        }
    )


def header_actions(header: Header) -> dict[str, Any]:
    """What the buttons of the header do: "leftAction" and "rightAction" → `{does, url}`."""
    return {side: {"does": action.does, "url": action.url} for side, action in _actions(header).items()}


def _actions(header: Header) -> dict[str, HeaderAction]:
    sides = {"leftAction": header.left, "rightAction": header.right}
    return {name: action for name, action in sides.items() if action.is_shown}


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
                    "fontSources": [_font(source) for source in typography.font_sources],
                }
            ),
        }
    )


def _font(source: FontSource) -> dict[str, Any]:
    return _filled(source.model_dump(exclude={"unicode_range"}) | {"unicodeRange": source.unicode_range})


def _composer(composer: Composer, connection: ChatKitConnection) -> dict[str, Any]:
    attachments = composer.attachments
    custom = connection.backend == "custom"
    return _filled(
        {
            "placeholder": composer.placeholder,
            "dictation": {"enabled": composer.dictation},
            "attachments": _filled(
                {
                    "enabled": True,
                    "maxSize": attachments.max_mb * 1024 * 1024,
                    "maxCount": attachments.max_count,
                    "accept": accepted(attachments.accept),
                }
            )
            if attachments.enabled and not custom
            else {"enabled": False},
            "tools": [_tool(tool) for tool in composer.tools] if custom else None,
            "models": [_model(model) for model in composer.models] if custom else None,
        }
    )


def _model(model: Model) -> dict[str, Any]:
    return _filled(model.model_dump(exclude={"language"}))


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
