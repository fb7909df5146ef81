"""ChatKit's schema, walked: every option can be set over its whole range, or says why not."""

from collections.abc import Iterator
from typing import Any

import pytest

from widgets.services import InvalidConfiguration, save_draft
from widgets.types import get_type
from widgets.types.chatkit.connection import ChatKitConnection
from widgets.types.chatkit.options import chatkit_options
from widgets.types.chatkit.rules import HEADER_ICONS, LOCALES, PROMPT_ICONS, SCHEMA
from widgets.types.chatkit.schema import refused_options
from widgets.types.languages import localized

MODEL = get_type("chatkit").configuration
HOSTED, CUSTOM = (ChatKitConnection(backend=backend) for backend in ("hosted", "custom"))
FONT = {"family": "Inter", "src": "https://fonts.test/a.woff2", "unicode_range": "U+0-FF"}
TOOL = {"id": "t", "label": "Tool", "short_label": "T", "placeholder": "Ask", "pinned": True, "persistent": True}
EVERYTHING = {
    "locale": "de",
    "theme": {
        "accent": {"enabled": True},
        "grayscale": {"enabled": True},
        "surface": {"enabled": True},
        "typography": {"font_family": "Inter", "font_family_mono": "Mono", "font_sources": [FONT]},
    },
    "header": {"title": "Help", "left": {"icon": "menu"}, "right": {"icon": "close", "does": "close"}},
    "start_screen": {"prompts": [{"label": "a", "prompt": "b", "icon": "bolt"}]},
    "composer": {
        "attachments": {"enabled": True, "accept": ["image/jpeg .jpg .jpeg", "image/jpeg .jpe", "text/plain .txt"]},
        "tools": [TOOL],
        "models": [{"id": "m", "label": "Model", "description": "Fast", "default": True, "disabled": True}],
    },
    "disclaimer": {"text": "May be wrong.", "high_contrast": True},
}

# The options that nobody can set here, and why. Every other is set by some configuration.
NOT_OFFERED = {
    "initialThread": "The frame knows it: the conversation that this visitor had last.",
    "startScreen.prompts[].prompt[]": "A prompt is a text; parts with tags belong to entities, which need functions.",
    "composer.attachments.maxSize.*": "One size for all kinds of files.",
}


def options(values: Any = EVERYTHING, connection: ChatKitConnection = HOSTED) -> Any:
    return chatkit_options(MODEL.model_validate(values), connection)


def schema_paths(prop: Any, path: str = "") -> Iterator[str]:
    """Every place where a value may stand: "composer.tools[].id"."""
    if "$ref" in prop:
        yield path
    for choice in prop.get("anyOf", prop.get("oneOf", [])):
        yield from schema_paths(choice, path)
    for name, child in prop.get("properties", {}).items():
        yield from schema_paths(child, f"{path}.{name}" if path else name)
    if isinstance(prop.get("additionalProperties"), dict):
        yield from schema_paths(prop["additionalProperties"], f"{path}.*")
    if "items" in prop:
        yield from schema_paths(prop["items"], f"{path}[]")
    if not {"$ref", "anyOf", "oneOf", "properties", "additionalProperties", "items"} & prop.keys():
        yield path


def value_paths(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        known = path == "composer.attachments.accept"
        for name, child in value.items():
            yield from value_paths(child, f"{path}.{'*' if known else name}" if path else name)
    elif isinstance(value, list):
        for child in value:
            yield from value_paths(child, f"{path}[]")
    else:
        yield path


def test_every_option_is_set_by_some_configuration_or_says_why_not():
    set_here = {*value_paths(options()), *value_paths(options(connection=CUSTOM))}
    short = "theme"  # a word in place of the object that is always sent
    places = {place for place in schema_paths(SCHEMA) if place not in set_here and place != short}
    left = {place for place in places if not any(place == why or place.startswith(f"{why}.") for why in NOT_OFFERED)}
    assert left == set()
    assert [why for why in NOT_OFFERED if not any(place.startswith(why) for place in places)] == []


@pytest.mark.parametrize(
    ("path", "choices"),
    [
        ("theme.grayscale.hue", [0, 360]),
        ("theme.grayscale.tint", [0, 9]),
        ("theme.grayscale.shade", [-4, 4]),
        ("theme.accent.level", [0, 3]),
        ("theme.radius", ["pill", "round", "soft", "sharp"]),
        ("theme.density", ["compact", "normal", "spacious"]),
        ("theme.typography.base_size", [14, 15, 16, 17, 18]),
        ("header.left.icon", HEADER_ICONS),
        ("locale", LOCALES),
    ],
)
def test_an_option_has_its_true_range(path, choices):
    for choice in choices:
        values: Any = choice
        for name in reversed(path.split(".")):
            values = {name: values}
        assert refused_options(MODEL.model_validate(values)) == {}


def test_prompts_take_every_icon_and_lucide():
    for icon in (*PROMPT_ICONS, "lucide:table"):
        prompts = [{"label": "a", "prompt": "b", "icon": icon}]
        assert options({"start_screen": {"prompts": prompts}})["startScreen"]["prompts"] == prompts


def test_what_chatkit_would_refuse_is_not_stored(license, monkeypatch):
    """The declaration forbids it; should it ever let something through, the schema does not."""
    from tests.build import make_widget  # noqa: PLC0415
    from widgets.types.chatkit import schema  # noqa: PLC0415

    widget = make_widget(license, "chatkit")
    monkeypatch.setattr(schema, "chatkit_options", lambda *_: {"theme": {"radius": "medium"}, "logo": "x"})
    with pytest.raises(InvalidConfiguration) as raised:
        save_draft(actor=None, widget=widget, configuration=widget.draft)
    assert set(raised.value.errors) == {"", "theme"}


def test_accepted_files_are_joined_by_their_kind():
    accept = options()["composer"]["attachments"]["accept"]
    assert accept == {"image/jpeg": [".jpg", ".jpeg", ".jpe"], "text/plain": [".txt"]}


def test_link_without_an_address_is_no_button():
    left = {"icon": "share", "does": "link"}
    assert "leftAction" not in options({"header": {"left": left}})["header"]
    kind = get_type("chatkit")
    shown = MODEL.model_validate({"header": {"left": left | {"url": "https://shop.test/help"}}})
    config = kind.frame_config(shown, HOSTED)
    assert config["options"]["header"]["leftAction"] == {"icon": "share"}
    assert config["actions"] == {"leftAction": {"does": "link", "url": "https://shop.test/help"}}


def test_locale_is_the_chats_language_where_chatkit_speaks_it():
    german = localized(MODEL.model_validate({}), "de")
    assert chatkit_options(german, HOSTED)["locale"] == "de"
    assert options({"visitors": {"language": "he"}}).get("locale") is None


@pytest.mark.parametrize(
    ("connection", "shown"),
    [(HOSTED, True), (CUSTOM, True), (HOSTED.model_copy(update={"keep_history": False}), False)],
)
def test_history_is_offered_where_conversations_are_kept(connection, shown):
    assert options({}, connection)["history"]["enabled"] is shown


def test_files_of_visitors_take_one_switch_and_its_former_second_one_does_no_harm():
    connection = ChatKitConnection.model_validate({"file_upload": False, "max_file_mb": 3})
    taken = options({"composer": {"attachments": {"enabled": True, "max_mb": 9}}}, connection)
    assert taken["composer"]["attachments"]["maxSize"] == 9 * 1024 * 1024
    assert connection == ChatKitConnection()
