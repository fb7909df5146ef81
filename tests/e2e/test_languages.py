"""A chat in the visitor's language, and a configurator in which it is given one."""

import pytest
from playwright.sync_api import Page, expect

from tests.build import make_license, make_widget
from tests.e2e.chat_site import SHOP, tag
from tests.e2e.configurator import chat, choose, launcher, saved
from tests.e2e.server import Product
from tests.e2e.sites import Sites

pytestmark = pytest.mark.browser

GERMAN = {"language": "de", "texts": {"title": "Hilfe"}, "launcher": {"label": "Frag uns", "text": "Fragen?"}}
SPEAKING = {"translations": [GERMAN, {"language": "ar", "texts": {"title": "مساعدة"}}]}


def test_trigger_and_language_are_set_by_keyboard_and_seen(page: Page, configurator) -> None:
    widget = configurator()
    expect(chat(page).get_by_role("heading", name="How can we help?")).to_be_visible()
    page.get_by_role("button", name="Add to Languages").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Language", exact=True).last).to_be_focused()
    page.keyboard.press("g")  # the first: a whole word is taken for several when the machine is slow
    page.keyboard.press("Tab")
    page.keyboard.type("Hilfe")
    choose(page, "language", "German")
    expect(chat(page).get_by_role("heading", name="Hilfe")).to_be_visible()
    expect(chat(page).get_by_role("button", name="Nachricht senden")).to_be_visible()
    page.locator("#f-translations-0-texts-title").focus()
    page.keyboard.press("End")
    page.keyboard.type("!")
    expect(chat(page).get_by_role("heading", name="Hilfe!")).to_be_visible()
    choose(page, "state", "Closed, with teaser")
    expect(launcher(page)).to_have_attribute("aria-expanded", "false")
    page.locator("#f-triggers-delay").focus()
    page.keyboard.press("ArrowUp")
    expect(launcher(page)).to_have_attribute("aria-expanded", "true")
    saved(page)
    widget.refresh_from_db()
    assert widget.draft["triggers"]["delay"] == 1
    assert [row["texts"]["title"] for row in widget.draft["translations"]] == ["Hilfe!"]


def test_site_gets_the_chat_in_its_language(page: Page, site: Sites, secure_product: Product) -> None:
    widget = make_widget(make_license(), configuration=SPEAKING)
    page.goto(site.page(SHOP, tag(widget)))
    expect(page.get_by_role("button", name="Chat with us")).to_be_visible()

    early = "<script>Chatdock = [['open']]</script>"
    page.goto(site.page(f"{SHOP}de", early + tag(widget, 'data-lang="de-AT"')))
    expect(page.get_by_role("button", name="Frag uns")).to_have_text("Fragen?")
    frame = page.frame_locator("chat-dock iframe")
    expect(frame.get_by_role("heading", name="Hilfe")).to_be_visible()
    expect(frame.get_by_role("button", name="Chat schließen")).to_be_visible()

    arabic = "<script>document.documentElement.lang = 'ar'</script>"
    page.goto(site.page(f"{SHOP}ar", arabic + tag(widget)))
    page.get_by_role("button", name="Chat with us").click()  # nothing else is said in Arabic
    expect(page.locator("chat-dock")).to_have_attribute("dir", "rtl")
    frame = page.frame_locator("chat-dock iframe")
    expect(frame.get_by_role("heading", name="مساعدة")).to_be_visible()
    expect(frame.locator("html")).to_have_attribute("dir", "rtl")


def test_button_in_chatkits_header_does_what_it_says(page: Page, configurator) -> None:
    header = {"left": {"icon": "close", "does": "close"}, "right": {"icon": "history", "does": "history"}}
    configurator("chatkit", configuration={"header": header})
    expect(chat(page).get_by_text("What can I help with today?")).to_be_visible()
    chat(page).get_by_role("button", name="Left action").click()
    expect(launcher(page)).to_have_attribute("aria-expanded", "false")
