"""The loader and its frame: torn out, reloaded, silent, refused."""

import pytest
from playwright.sync_api import expect

from core.codes import Code
from tests.e2e import loader_server
from tests.e2e.loader_page import frame, launcher, opened, panel, told, until

PHONE = {"width": 375, "height": 700}


@pytest.fixture(scope="module")
def _world():
    with loader_server.served() as world:
        yield world


@pytest.fixture
def world(_world):
    _world.reset()
    return _world


@pytest.fixture
def console(page):
    lines = []
    page.on("console", lambda message: lines.append(message.text) if "[Chatdock]" in message.text else None)
    return lines


def test_launcher_survives_a_framework_that_replaces_the_body(page, world):
    page.goto(world.page())
    launcher(page).wait_for()
    page.evaluate("document.body.replaceChildren()")
    expect(launcher(page)).to_be_visible()
    page.evaluate("document.body.replaceWith(document.createElement('body'))")
    expect(launcher(page)).to_be_visible()
    page.evaluate("document.body.replaceChildren()")
    expect(launcher(page)).to_be_visible()


def test_open_chat_survives_it_without_a_reload(page, world):
    page.goto(world.page())
    opened(page)
    page.evaluate("document.body.replaceWith(document.createElement('body'))")
    page.wait_for_timeout(200)
    assert told(page) == [["connected", "popup"], "shown", "focus"]
    expect(panel(page)).to_be_visible()


def test_open_chat_torn_out_comes_back_and_is_told_again(page, world):
    page.goto(world.page())
    opened(page)
    page.evaluate("document.querySelector('chat-dock').remove()")
    until(page, lambda: told(page), [["connected", "popup"], "shown", "focus"])
    assert world.asked.count("/frame") == 2


def test_frame_that_reloads_itself_is_told_again(page, world):
    page.goto(world.page())
    opened(page)
    page.evaluate("Chatdock.identify('a.b.c')")
    frame(page).evaluate("location.reload()")
    until(page, lambda: told(page), [["connected", "popup"], ["identify", "a.b.c"], "shown", "focus"])


def test_silent_frame_is_reported_and_tried_again(page, world, console):
    world.frame = loader_server.SILENT
    page.clock.install()
    page.goto(world.page(head="<script>errors = []; Chatdock = [['on', 'error', (e) => errors.push(e.code)]]</script>"))
    launcher(page).click()
    expect(panel(page)).to_be_visible()
    until(page, lambda: world.asked.count("/frame"), 1)
    page.clock.fast_forward(8100)
    expect(panel(page).get_by_role("alert")).to_have_text("The chat cannot be reached right now.")
    until(page, lambda: [line[:21] for line in console], ["[Chatdock] no_answer:"])
    assert page.evaluate("errors") == ["no_answer"]

    world.frame = loader_server.FRAME
    panel(page).get_by_role("button", name="Close").click()
    launcher(page).click()
    until(page, lambda: told(page)[1:2], ["shown"])
    expect(panel(page).get_by_role("alert")).to_have_count(0)


def test_refused_frame_stays_visible_and_can_be_closed(page, world, console):
    world.frame = loader_server.REFUSED
    page.set_viewport_size(PHONE)
    page.goto(world.page(head="<script>errors = []; Chatdock = [['on', 'error', (e) => errors.push(e)]]</script>"))
    launcher(page).click()
    until(page, lambda: console, ["[Chatdock] domain_not_allowed: Add it under Domains."])
    assert page.evaluate("errors") == [{"code": "domain_not_allowed", "message": "Add it under Domains."}]
    expect(page.frame_locator("chat-dock iframe").get_by_text("This chat is not set up")).to_be_visible()
    panel(page).get_by_role("button", name="Close").click()
    expect(panel(page)).to_be_hidden()


def test_close_button_of_the_loader_goes_when_the_chat_is_there(page, world):
    page.goto(world.page())
    opened(page)
    expect(panel(page).get_by_role("button", name="Close")).to_be_hidden()


def test_stage_2_that_does_not_load_is_tried_again(page, world, console):
    page.goto(world.page())
    page.route("**/embed/loader.*", lambda route: route.abort())
    launcher(page).dispatch_event("click")  # without the pointer, whose coming alone would load it, too
    until(page, lambda: len(console), 1)
    page.unroute("**/embed/loader.*")
    launcher(page).dispatch_event("click")
    until(page, lambda: told(page), [["connected", "popup"], "shown", "focus"])


def test_a_refused_loader_only_speaks_to_the_console(page, world, console):
    world.refusal = Code.LICENSE_EXPIRED
    page.goto(world.page())
    until(page, lambda: [line.split(":")[0] for line in console], ["[Chatdock] license_expired"])
    expect(page.locator("chat-dock")).to_have_count(0)
