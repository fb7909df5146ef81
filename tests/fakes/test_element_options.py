"""The stand-in `<openai-chatkit>` in a real browser: options, methods, life."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.fakes.element_page import FULL, ElementPage, is_pending
from tests.fakes.serve import Served

pytestmark = pytest.mark.browser


_OUTCOME = """async (cases) => {
  const outcome = {};
  window.addEventListener("error", (event) => event.preventDefault());
  for (const [name, options] of Object.entries(cases)) {
    const element = document.createElement("openai-chatkit");
    const failed = new Promise((resolve) => {
      element.addEventListener("chatkit.error", ({ detail }) => resolve(detail.error.message));
      element.addEventListener("chatkit.log", () => resolve("fine"));
    });
    element.setOptions({ api: { getClientSecret: async () => "" }, ...options });
    document.body.append(element);
    outcome[name] = await failed;
    element.remove();
  }
  return outcome;
}"""


def color(**parts: Any) -> dict[str, Any]:
    return {"theme": {"color": parts}}


def prompt(**fields: Any) -> dict[str, Any]:
    return {"startScreen": {"prompts": [fields]}}


FILES = {"composer": {"attachments": {"enabled": True}}}
CUSTOM = {"url": "/x", "domainKey": "k"}
# What was seen to leave the real frame blank: name → options, and where the trouble is
INVALID: dict[str, tuple[Any, list[str]]] = {
    "radius": ({"theme": {"radius": "medium"}}, ["theme.radius"]),
    "density": ({"theme": {"density": "relaxed"}}, ["theme.density"]),
    "scheme": ({"theme": {"colorScheme": "system"}}, ["theme.colorScheme"]),
    "theme": ({"theme": "system"}, ["theme"]),
    "accent": (color(accent="#fff"), ["theme.color.accent"]),
    "accent level": (color(accent={"primary": "#fff"}), ["theme.color.accent.level"]),
    "tint": (color(grayscale={"hue": 1, "tint": 20}), ["theme.color.grayscale.tint"]),
    "tint as text": (color(grayscale={"hue": 1, "tint": "5"}), ["theme.color.grayscale.tint"]),
    "shade": (color(grayscale={"hue": 1, "tint": 1, "shade": 2.5}), ["theme.color.grayscale.shade"]),
    "no tint": (color(grayscale={"hue": 1}), ["theme.color.grayscale.tint"]),
    "surface": (color(surface={"background": "#fff"}), ["theme.color.surface.foreground"]),
    "size": ({"theme": {"typography": {"baseSize": 13}}}, ["theme.typography.baseSize"]),
    "size as text": ({"theme": {"typography": {"baseSize": "16"}}}, ["theme.typography.baseSize"]),
    "icon": (prompt(label="a", prompt="b", icon="paperclip"), ["startScreen.prompts[0].icon"]),
    "no label": (prompt(prompt="b"), ["startScreen.prompts[0].label"]),
    "header icon": (
        {"header": {"leftAction": {"icon": "user"}}},
        ["header.leftAction.onClick", "header.leftAction.icon"],
    ),
    "attachments": ({"composer": {"attachments": {}}}, ["composer.attachments.enabled"]),
    "composer": ({"composer": None}, ["composer"]),
    "no domain key": ({"api": {"url": "/x"}}, ["api"]),
    "both backends": ({"api": CUSTOM | {"getClientSecret": "f"}}, ["api"]),
}
UNKNOWN: dict[str, tuple[Any, str]] = {
    "workflowId": ({"workflowId": "wf"}, ""),
    "onThreadChange": ({"onThreadChange": "f"}, ""),
    "primaryColor": ({"theme": {"primaryColor": "red"}}, " → at theme"),
    "name": (prompt(label="a", prompt="b", name="c"), " → at startScreen.prompts[0]"),
}
FINE: dict[str, Any] = {
    "nothing": {},
    "everything": FULL,
    "unknown locale": {"locale": "tlh"},
    "variable as colour": color(accent={"primary": "var(--x)", "level": 0}),
    "more in the disclaimer": {"disclaimer": {"text": "a", "more": 1}},
    "custom": {"api": CUSTOM},
    "upload": {"api": CUSTOM | {"uploadStrategy": {"type": "two_phase"}}} | FILES,
}


@pytest.fixture
def outcome(context: BrowserContext, fakes: Served) -> Callable[[dict[str, Any]], dict[str, str]]:
    """What becomes of an element with these options: the text of its error, or "fine"."""
    page = ElementPage(context, fakes, lambda: "").page
    return lambda cases: page.evaluate(_OUTCOME, cases)


def test_invalid_values_are_refused(outcome: Callable[..., dict[str, str]]) -> None:
    expected = {
        name: "\n✖ ".join(["ChatKit.create():", *(f"Invalid input → at {place}" for place in places)])
        for name, (_, places) in INVALID.items()
    }

    assert outcome({name: options for name, (options, _) in INVALID.items()}) == expected


def test_unknown_keys_are_refused(outcome: Callable[..., dict[str, str]]) -> None:
    expected = {name: f'ChatKit.create():\n✖ Unrecognized key: "{name}"{where}' for name, (_, where) in UNKNOWN.items()}

    assert outcome({name: options for name, (options, _) in UNKNOWN.items()}) == expected


def test_valid_options_are_accepted(outcome: Callable[..., dict[str, str]]) -> None:
    assert outcome(FINE) == dict.fromkeys(FINE, "fine")


def test_custom_backend_with_files_needs_an_upload_strategy(outcome: Callable[..., dict[str, str]]) -> None:
    assert outcome({"files": {"api": CUSTOM} | FILES}) == {
        "files": "ChatKit.create():\n✖ uploadStrategy is required in options.api when attachments are enabled"
    }


def test_invalid_options_leave_the_frame_blank_although_ready(mounted: Callable[..., ElementPage]) -> None:
    one = mounted({"workflowId": "wf_demo"})
    one.wait_for("error")

    assert one.seen("error") == ['IntegrationError: ChatKit.create():\n✖ Unrecognized key: "workflowId"']
    assert one.page.evaluate("window.thrown") == ["IntegrationError"]
    expect(one.page.get_by_test_id("frame")).to_be_empty()
    assert is_pending(one, "focusComposer()")


def test_later_options_replace_all_and_invalid_ones_are_ignored(mounted: Callable[..., ElementPage]) -> None:
    one = mounted(FULL)
    again = "(options) => window.element.setOptions({ api: { getClientSecret: window.mint }, ...options })"

    one.page.evaluate(again, {"theme": "dark", "startScreen": {"greeting": "New"}})

    expect(one.page.get_by_test_id("greeting")).to_have_text("New")
    expect(one.page.get_by_test_id("prompt")).to_have_count(0)
    expect(one.page.get_by_test_id("frame")).to_have_attribute("data-color-scheme", "dark")
    one.page.evaluate(again, {"startScreen": {"greeting": 5}})
    one.wait_for("error", "IntegrationError: ChatKit.create():\n✖ Invalid input → at startScreen.greeting")
    expect(one.page.get_by_test_id("greeting")).to_have_text("New")


def test_options_object_cannot_be_used_twice(mounted: Callable[..., ElementPage]) -> None:
    one = mounted()

    one.page.evaluate("""() => {
      const options = { api: { getClientSecret: window.mint } };
      window.element.setOptions(options);
      window.element.setOptions(options);
    }""")

    one.wait_for("error", "IntegrationError: ChatKit.create():\n✖ Invalid input → at api")


def test_moved_element_is_dead(mounted: Callable[..., ElementPage]) -> None:
    one = mounted()

    one.page.evaluate("document.body.append(window.element)")

    expect(one.page.get_by_test_id("frame")).to_be_empty()
    assert is_pending(one, "focusComposer()")


def test_methods_drive_the_composer_and_the_history(mounted: Callable[..., ElementPage]) -> None:
    one = mounted()

    one.page.evaluate("window.element.setComposerValue({ text: 'draft' })")
    one.page.evaluate("window.element.focusComposer()")
    expect(one.page.get_by_test_id("composer")).to_have_value("draft")
    expect(one.page.get_by_test_id("composer")).to_be_focused()
    one.page.evaluate("window.element.showHistory()")
    expect(one.page.get_by_role("dialog")).to_be_visible()
    one.page.evaluate("window.element.hideHistory()")
    expect(one.page.get_by_role("dialog")).to_be_hidden()
    ignored = one.page.evaluate("window.element.sendCustomAction({ type: 'x' }).catch((error) => error.message)")
    assert ignored == "The action was ignored."
