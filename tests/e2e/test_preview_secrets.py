"""Secrets typed for the configurator's own preview, by pointer and by keyboard."""

import pytest
from playwright.sync_api import expect

from embed.models import VisitorSession
from tests.e2e.axe import accessible
from tests.e2e.configurator import chat, choose
from tests.e2e.dashboard import violations
from tests.e2e.loader_page import until
from tests.e2e.test_dashboard import press, tab_to
from widgets.models import Credential

pytestmark = pytest.mark.browser

TYPED = "sk-demo-typed-and-not-saved"
ANSWER = ".message.assistant:not(.greeting):not(.typing) .bubble"


STORED = "sk-demo-stored-and-of-use"


def key_sent(standins) -> str:
    """With the last session that was asked for; "" before the first."""
    asked = standins.state.received_by("openai", "/sessions")
    return asked[-1].headers["authorization"] if asked else ""


def greeting(page):
    return chat(page).get_by_text("What can I help with today?")


def note(page):
    return page.locator("#preview-typed")


def test_chatkit_session_is_made_with_the_typed_key_by_keyboard(page, standins, configurator):
    refused = violations(page)
    configurator("chatkit", secrets={"openai_key": STORED}, publish=False)
    expect(greeting(page)).to_be_visible()
    press(page, "link", "Skip to the preview")
    press(page, "button", "Secrets…")
    dialog = page.get_by_role("dialog", name="Secrets for this preview")
    expect(dialog).to_be_visible()
    assert accessible(page)
    press(page, "button", "Use in the preview")
    expect(dialog.get_by_role("alert")).to_have_text("Nothing is typed yet.")
    page.keyboard.type("no key")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("starts with sk-")
    expect(dialog.get_by_label("OpenAI API key")).to_be_focused()
    assert accessible(page)
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(TYPED)
    page.keyboard.press("Enter")
    expect(note(page)).to_contain_text("The preview uses secrets that are not stored, until")
    expect(page.get_by_role("button", name="Secrets…")).to_be_focused()
    until(page, lambda: key_sent(standins), f"Bearer {TYPED}")
    expect(greeting(page)).to_be_visible()
    assert refused == []
    assert Credential.objects.get().last4 == STORED[-4:]
    press(page, "button", "Use the stored ones")
    expect(note(page)).to_be_hidden()
    until(page, lambda: key_sent(standins), f"Bearer {STORED}")


def test_n8n_workflow_gets_what_is_typed_in_every_mode_by_pointer(page, standins, configurator):
    url = f"{standins.url}/n8n/webhook/demo/chat"
    configurator(connection={"url": url, "auth": "basic"}, publish=False)
    page.get_by_role("button", name="Secrets…").click()
    dialog = page.get_by_role("dialog", name="Secrets for this preview")
    dialog.get_by_label("User").fill("alice")
    dialog.get_by_label("Password", exact=True).fill("typed")
    dialog.get_by_role("button", name="Use in the preview").click()
    expect(note(page)).to_be_visible()
    for mode, frame in (("Full page", page.frame_locator("#preview-frame")), ("Inline", chat(page))):
        choose(page, "mode", mode)
        frame.get_by_role("textbox").fill("Hello")
        frame.get_by_role("textbox").press("Enter")
        expect(frame.locator(ANSWER).first).to_be_visible()
    sent = {request.headers.get("authorization") for request in standins.state.received_by("n8n")}
    assert sent == {"Basic YWxpY2U6dHlwZWQ="}
    assert set(VisitorSession.objects.values_list("is_test", flat=True)) == {True}


def test_typed_secrets_end_by_themselves(page, standins, configurator):
    page.clock.install()
    configurator("chatkit", publish=False)
    page.get_by_role("button", name="Secrets…").click()
    page.get_by_label("OpenAI API key").fill(TYPED)
    page.keyboard.press("Enter")
    expect(note(page)).to_be_visible()
    page.clock.fast_forward(600_000)
    expect(note(page)).to_be_hidden()
    expect(page.get_by_role("status").filter(has_text="no longer used")).to_be_visible()
    page.get_by_role("button", name="Secrets…").click()
    expect(page.get_by_label("OpenAI API key")).to_have_value("")
    tab_to(page, "button", "Cancel")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
