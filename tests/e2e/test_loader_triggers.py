"""What the loader does unasked: teaser, triggers, and what it does not do while nobody looks."""

import pytest
from playwright.sync_api import expect

from tests.e2e import loader_server
from tests.e2e.loader_page import begun, launcher, opened, panel, stand_still, told, until

LONG = "<p style='height:3000px'>Text</p><input>"


@pytest.fixture(scope="module")
def _world():
    with loader_server.served() as world:
        yield world


@pytest.fixture
def world(_world):
    _world.reset()
    return _world


def teaser(page):
    return page.locator("chat-dock [role=status]")


def test_teaser_comes_after_its_delay_and_can_be_closed(page, world):
    world.config["t"] = {"text": "Can we help?", "delay": 4}
    stand_still(page)
    page.goto(world.page())
    launcher(page).wait_for()
    page.clock.run_for(1100)
    begun(page)
    page.clock.run_for(2500)
    expect(teaser(page)).to_have_count(0)
    page.clock.run_for(1000)
    expect(teaser(page)).to_contain_text("Can we help?")
    teaser(page).get_by_role("button", name="Close").click()
    expect(teaser(page)).to_have_count(0)
    expect(panel(page)).to_be_hidden()


def test_teaser_opens_the_chat_and_goes(page, world):
    world.config["t"] = {"text": "Can we help?", "delay": 1}
    page.goto(world.page())
    page.get_by_role("button", name="Can we help?").click()
    until(page, lambda: told(page), [["connected", "popup"], "shown", "focus"])
    expect(teaser(page)).to_have_count(0)


@pytest.mark.parametrize("call", ["open", "hide"])
def test_teaser_does_not_come_after(page, world, call):
    world.config["t"] = {"text": "Can we help?", "delay": 2}
    stand_still(page)
    page.goto(world.page())
    launcher(page).wait_for()
    page.evaluate(f"Chatdock.{call}(); Chatdock.close()")
    begun(page)
    page.clock.run_for(9000)
    expect(teaser(page)).to_have_count(0)


def test_delay_opens_and_leaves_the_focus(page, world):
    world.config["open"] = {"delay": 1}
    page.goto(world.page(LONG))
    page.locator("input").first.focus()
    until(page, lambda: told(page), [["connected", "popup"], "shown"])
    expect(page.locator("input").first).to_be_focused()


def test_delay_does_not_reopen_what_the_visitor_closed(page, world):
    world.config["open"] = {"delay": 3}
    stand_still(page)
    page.goto(world.page())
    launcher(page).click()
    until(page, lambda: told(page)[:2], [["connected", "popup"], "shown"])
    page.evaluate("Chatdock.close()")
    page.clock.run_for(9000)
    expect(panel(page)).to_be_hidden()


def test_scroll_opens_far_enough_down(page, world):
    world.config["open"] = {"scroll": 50}
    page.goto(world.page(LONG))
    begun(page)
    page.evaluate("scrollTo(0, 1000)")
    page.wait_for_timeout(200)
    expect(panel(page)).to_be_hidden()
    page.evaluate("scrollTo(0, 1300)")
    expect(panel(page)).to_be_visible()


def test_exit_opens_when_the_pointer_leaves_through_the_top(page, world):
    world.config["open"] = {"exit": True}
    page.goto(world.page())
    begun(page)
    leave = "(y) => document.documentElement.dispatchEvent(new MouseEvent('mouseleave', { clientY: y }))"
    page.evaluate(leave, 300)
    expect(panel(page)).to_be_hidden()
    page.evaluate(leave, 0)
    expect(panel(page)).to_be_visible()


@pytest.mark.parametrize(("pattern", "visible"), [("/", True), ("/elsewhere", False)])
def test_addresses_say_where(page, world, pattern, visible):
    world.config["open"] = {"urls": [pattern]}
    page.goto(world.page())
    begun(page)
    page.wait_for_timeout(0 if visible else 400)
    expect(panel(page)).to_be_visible(visible=visible)


def test_phone_is_never_filled_unasked(page, world):
    world.config["open"] = {"delay": 1}
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto(world.page())
    begun(page)
    page.wait_for_timeout(300)
    expect(panel(page)).to_be_hidden()


def test_a_page_that_is_only_prepared_loads_no_frame(page, world):
    page.add_init_script("Object.defineProperty(document, 'prerendering', { value: true, configurable: true })")
    page.goto(world.page(head="<script>Chatdock = [['open']]</script>"))
    begun(page)
    page.wait_for_timeout(200)
    expect(page.locator("iframe")).to_have_count(0)
    page.evaluate("delete document.prerendering; document.dispatchEvent(new Event('prerenderingchange'))")
    until(page, lambda: told(page), [["connected", "popup"], "shown", "focus"])


def test_intent_loads_no_frame_where_data_is_saved(page, world):
    page.add_init_script("Object.defineProperty(navigator.connection, 'saveData', { value: true })")
    page.goto(world.page())
    launcher(page).hover()
    begun(page)
    page.wait_for_timeout(200)
    expect(page.locator("iframe")).to_have_count(0)
    opened(page)


def test_messages_of_strangers_are_ignored(page, world):
    page.goto(world.page())
    opened(page)
    page.evaluate("postMessage({ chatdock: 1, type: 'refused', code: 'x', message: 'x' })")
    page.evaluate("postMessage({ chatdock: 1, type: 'hello', id: 7 }); postMessage(null)")
    page.wait_for_timeout(200)
    assert told(page) == [["connected", "popup"], "shown", "focus"]
