import pytest
from playwright.sync_api import expect

from config.demo.site.pages import PAGES
from tests.e2e.axe import BOTH, accessible

PATHS = [page.path for page in PAGES]


def test_pages_are_accessible(page, demo_site):
    for path in PATHS:
        page.goto(demo_site + path)
        assert accessible(page, *BOTH), path


def test_pages_fit_a_telephone(page, demo_site):
    page.set_viewport_size({"width": 360, "height": 740})
    for path in PATHS:
        page.goto(demo_site + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, path


def chat(page):
    return page.frame_locator("iframe")


def test_home_page_answers_through_n8n(page, demo_site):
    page.goto(demo_site)
    page.get_by_role("button", name="Ask the barista").click()
    chat(page).get_by_role("textbox").fill("hello")
    chat(page).get_by_role("textbox").press("Enter")
    expect(chat(page).get_by_text("Hello! I am a demo agent.").first).to_be_visible()


def test_beans_page_opens_chatkit_with_a_question(page, demo_site):
    page.goto(demo_site + "/beans")
    page.get_by_role("button", name="Ask about Low Tide").click()
    expect(chat(page).get_by_role("textbox")).to_have_value("What goes well with Low Tide?")


def test_visit_page_has_the_chat_in_it(page, demo_site):
    page.goto(demo_site + "/visit")
    expect(page.locator("#chat").frame_locator("iframe").get_by_role("textbox")).to_be_visible()


def test_strict_page_is_not_violated(page, demo_site):
    messages = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(demo_site + "/strict")
    page.evaluate("Chatdock.open()")
    expect(chat(page).get_by_role("textbox")).to_be_visible()
    assert messages == []


def test_other_page_says_that_the_site_is_not_listed(page, demo_site):
    page.goto(demo_site + "/elsewhere")
    page.evaluate("Chatdock.open()")
    expect(chat(page).get_by_text("This chat is not set up for this website.")).to_be_visible()


@pytest.mark.parametrize("name", ["Open the n8n chat", "Open the ChatKit chat"])
def test_chat_pages_open_on_their_own(page, demo_site, name):
    page.goto(demo_site + "/chat")
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("textbox")).to_be_visible()
