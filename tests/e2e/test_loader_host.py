"""The loader on somebody's page: launcher, calls, modes, and what it must not do there."""

import pytest
from playwright.sync_api import expect

from tests.e2e import loader_server
from tests.e2e.loader_page import add_tag, frame, launcher, opened, panel, told, until

STRICT = (
    "default-src 'none'; script-src {script}; style-src 'self'; frame-src {embed}; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
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


def test_launcher_is_a_button_with_a_name(page, world):
    page.goto(world.page())
    button = page.get_by_role("button", name="Chat with us")
    expect(button).to_have_attribute("aria-haspopup", "dialog")
    expect(button).to_have_attribute("aria-expanded", "false")
    assert button.bounding_box() == {"x": 1200, "y": 640, "width": 60, "height": 60}


def test_launcher_costs_one_request(page, world):
    page.goto(world.page())
    launcher(page).wait_for()
    page.wait_for_timeout(300)
    assert world.asked == ["/chat-widget.js"]


def test_nothing_of_the_page_is_changed(page, world):
    page.goto(world.page("<h1>Shop</h1>", head="<style>* { color: red; all: unset }</style>"))
    launcher(page).wait_for()
    clean = page.evaluate("Object.keys(window).filter((name) => isNaN(name))")
    opened(page)

    assert page.title() == "Shop"
    assert page.evaluate("Object.keys(window).filter((name) => isNaN(name))") == clean
    assert page.evaluate("[onmessage, onunload, onbeforeunload]") == [None, None, None]
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]
    assert page.evaluate("document.querySelectorAll('body > *').length") == 2  # heading and tag: the host stands beside
    assert page.context.cookies() == []


def test_intent_prepares_the_frame_and_no_more(page, world):
    page.goto(world.page())
    launcher(page).hover()
    until(page, lambda: told(page), [["connected", "popup"]])
    expect(panel(page)).to_be_hidden()


def test_a_click_opens_the_chat_and_moves_the_focus_in(page, world):
    page.goto(world.page())
    opened(page)
    expect(panel(page)).to_be_visible()
    expect(launcher(page)).to_have_attribute("aria-expanded", "true")
    until(page, lambda: frame(page).evaluate("document.hasFocus() && document.activeElement.tagName"), "INPUT")
    assert panel(page).bounding_box() == {"x": 860, "y": 16, "width": 400, "height": 612}


def test_keyboard_alone_opens_and_closes(page, world):
    page.goto(world.page("<a href='#'>a link</a>"))
    launcher(page).wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    until(page, lambda: told(page), [["connected", "popup"], "shown", "focus"])
    page.keyboard.press("Escape")  # heard by the frame, which asks to be closed
    expect(panel(page)).to_be_hidden()
    expect(launcher(page)).to_be_focused()
    page.keyboard.press("Enter")
    until(page, lambda: told(page)[-3:], ["hidden", "shown", "focus"])


def test_escape_on_the_launcher_closes(page, world):
    page.goto(world.page())
    opened(page)
    launcher(page).focus()
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()


def test_escape_elsewhere_is_the_page_s(page, world):
    page.goto(world.page("<input>"))
    opened(page)
    page.locator("input").first.focus()
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_visible()


def test_calls_before_the_script_are_kept(page, world):
    head = """<script>window.Chatdock = window.Chatdock || [];
    heard = []; for (const name of ["ready", "open", "close", "message", "unread", "error"])
      Chatdock.push(["on", name, (detail) => heard.push([name, detail])]);
    Chatdock.push(["identify", "a.b.c"], ["nonsense"], ["prefill", "Hel"], ["send", "Hello"]);</script>"""
    page.goto(world.page(head=head))
    wanted = [["connected", "popup"], ["identify", "a.b.c"], "shown", "focus", ["prefill", "Hel"], ["send", "Hello"]]
    until(page, lambda: told(page), wanted)
    assert frame(page).evaluate("[claims.origin, claims.identity]") == [world.site, "a.b.c"]

    frame(page).evaluate("port.emit('message', { role: 'user' }); port.unread(2)")
    frame(page).evaluate("port.failed('quota_exceeded', 'full')")
    page.evaluate("Chatdock.push(['close'])")
    wanted = [["open", {}], ["ready", {}], ["close", {}], ["message", {"role": "user"}], ["unread", {"count": 2}]]
    failed = ["error", {"code": "quota_exceeded", "message": "full"}]
    until(page, lambda: sorted(page.evaluate("heard"), key=str), sorted([*wanted, failed], key=str))


def test_a_listener_that_comes_late_still_hears_ready_and_one_that_leaves_hears_nothing(page, world):
    page.goto(world.page())
    opened(page)
    page.evaluate("heard = []; note = () => heard.push('close'); Chatdock.on('ready', () => heard.push('ready'))")
    page.evaluate("Chatdock.on('close', note); Chatdock.off('close', note); Chatdock.toggle(); Chatdock.toggle()")
    until(page, lambda: page.evaluate("heard"), ["ready"])  # which the frame may say after it was shown
    expect(panel(page)).to_be_visible()


@pytest.mark.parametrize("sources", ["'nonce-n0nce' {embed}", "'nonce-n0nce' 'strict-dynamic'"])
def test_strict_policy_and_trusted_types_see_no_violation(page, world, sources):
    policy = STRICT.format(script=sources.format(embed=world.embed), embed=world.embed)
    head = """<script nonce="n0nce">violations = []; addEventListener("securitypolicyviolation",
      ({ violatedDirective, sourceFile }) => violations.push([violatedDirective, sourceFile]), true);</script>"""
    world.config |= {"t": {"text": "Hello!", "delay": 1}, "open": {"scroll": 100}}
    page.goto(world.page(tag='nonce="n0nce"', head=head, headers={"Content-Security-Policy": policy}))
    opened(page)
    frame(page).evaluate("port.unread(1)")
    page.set_viewport_size(PHONE)
    page.evaluate("Chatdock.close()")
    assert page.evaluate("violations") == []
    assert launcher(page).evaluate("(button) => getComputedStyle(button).zIndex") == "2147483000"
    assert page.evaluate("try { document.body.innerHTML = ''; 'allowed' } catch { 'forbidden' }") == "forbidden"


def test_a_second_tag_does_nothing(page, world, console):
    page.goto(world.page())
    launcher(page).wait_for()
    add_tag(page, f"{world.embed}/chat-widget.js")
    until(page, lambda: console, ["[Chatdock] runs already"])
    expect(page.locator("chat-dock")).to_have_count(1)


def test_phone_is_filled_and_the_page_keeps_still(page, world):
    page.set_viewport_size(PHONE)
    page.goto(world.page("<p style='height:3000px'>", head="<style>html { overflow-y: scroll }</style>"))
    opened(page)
    assert panel(page).bounding_box() == {"x": 0, "y": 0, **PHONE}
    expect(panel(page)).to_have_attribute("aria-modal", "true")
    expect(launcher(page)).to_be_hidden()
    assert page.evaluate("[getComputedStyle(document.documentElement).overflowY]") == ["hidden"]
    frame(page).evaluate("port.close()")
    expect(launcher(page)).to_be_focused()
    assert page.evaluate("document.documentElement.getAttribute('style')") in (None, "")


def test_phone_keyboard_leaves_the_chat_what_is_free(page, world):
    page.set_viewport_size(PHONE)
    page.goto(world.page())
    opened(page)
    page.evaluate("""Object.defineProperties(visualViewport, { height: { value: 380 }, offsetTop: { value: 24 } });
      visualViewport.dispatchEvent(new Event("resize"))""")
    assert panel(page).bounding_box() == {"x": 0, "y": 24, "width": 375, "height": 380}


def test_a_short_window_is_filled_too(page, world):
    page.set_viewport_size({"width": 900, "height": 420})
    page.goto(world.page())
    opened(page)
    assert panel(page).bounding_box() == {"x": 0, "y": 0, "width": 900, "height": 420}


def test_a_small_window_clamps_the_panel(page, world):
    page.set_viewport_size({"width": 500, "height": 500})
    world.config["win"] = {"w": 800, "h": 900}
    page.goto(world.page())
    opened(page)
    assert panel(page).bounding_box() == {"x": 20, "y": 16, "width": 460, "height": 392}


def test_inline_fills_its_place(page, world):
    tag = 'data-mode="inline" data-target="#chat"'
    page.goto(world.page("<div id=chat style='width:500px;height:450px'></div>", tag=tag))
    until(page, lambda: told(page), [["connected", "inline"], "shown"])
    box = page.locator("chat-dock iframe").bounding_box()
    assert (box["width"], box["height"]) == (500, 450)
    expect(launcher(page)).to_have_count(0)
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_inline_in_a_place_without_height_takes_its_own(page, world):
    tag = 'data-mode="inline" data-target="#chat"'
    page.goto(world.page("<div style='display:flex'><div id=chat style='flex:1'></div></div>", tag=tag))
    until(page, lambda: told(page), [["connected", "inline"], "shown"])
    box = page.locator("chat-dock iframe").bounding_box()
    assert (box["width"], box["height"]) == (1264, 640)


def test_inline_far_down_waits_to_be_seen(page, world):
    tag = 'data-mode="inline" data-target="#chat"'
    page.goto(world.page("<p style='height:3000px'></p><div id=chat style='height:450px'></div>", tag=tag))
    page.locator("chat-dock").wait_for(state="attached")
    page.wait_for_timeout(300)
    assert "/frame" not in world.asked
    page.locator("#chat").scroll_into_view_if_needed()
    until(page, lambda: told(page), [["connected", "inline"], "shown"])


def test_inline_waits_for_the_document(page, world):
    head = world.tag('data-mode="inline" data-target="#chat"').replace("async ", "")
    page.goto(world.page("<div id=chat style='height:450px'></div>", head=head))
    until(page, lambda: told(page), [["connected", "inline"], "shown"])


@pytest.mark.parametrize("target", ["#nowhere", "", "]["])
def test_inline_without_its_place_says_so(page, world, console, target):
    page.goto(world.page(tag=f'data-mode="inline" data-target="{target}"'))
    until(page, lambda: console, [f'[Chatdock] nothing on this page matches data-target="{target}"'])
    page.evaluate("Chatdock.open()")
    expect(page.locator("iframe")).to_have_count(0)


def test_mode_none_opens_by_call_and_gives_the_focus_back(page, world):
    page.goto(world.page("<button onclick='Chatdock.toggle()'>Support</button>", tag='data-mode="none"'))
    expect(launcher(page)).to_be_hidden()
    page.get_by_role("button", name="Support").click()
    until(page, lambda: told(page), [["connected", "none"], "shown", "focus"])
    box = panel(page).bounding_box()
    assert 720 - box["y"] - box["height"] == 20
    frame(page).evaluate("port.close()")
    expect(page.get_by_role("button", name="Support")).to_be_focused()


def test_unread_is_shown_and_said_until_the_chat_is_opened(page, world):
    page.goto(world.page())
    opened(page)
    page.evaluate("Chatdock.close()")
    frame(page).evaluate("port.unread(3)")
    expect(launcher(page)).to_have_accessible_name("Chat with us (3)")
    expect(launcher(page)).to_have_text("3")
    page.evaluate("Chatdock.open()")
    expect(launcher(page)).to_have_accessible_name("Chat with us")
    expect(launcher(page)).to_have_text("")


def test_hide_and_show(page, world):
    page.goto(world.page(head="<script>Chatdock = [['hide']]</script>"))
    page.wait_for_timeout(200)
    expect(launcher(page)).to_be_hidden()
    page.evaluate("Chatdock.show()")
    opened(page)
    page.evaluate("Chatdock.hide()")
    expect(launcher(page)).to_be_hidden()
    expect(panel(page)).to_be_hidden()


def test_destroy_leaves_nothing_and_a_new_tag_may_start(page, world):
    page.goto(world.page())
    opened(page)
    page.evaluate("old = Chatdock; Chatdock.destroy(); old.open()")
    assert page.evaluate("[window.Chatdock, document.querySelector('chat-dock')]") == [None, None]
    add_tag(page, f"{world.embed}/chat-widget.js")
    expect(launcher(page)).to_be_visible()


def test_tag_that_came_meanwhile_keeps_its_calls(page, world):
    """Called before stage 2 is there, `destroy` comes late: another tag may stand there by then."""
    held = []

    def hold(route):
        held.append(route)

    page.route("**/embed/loader.*", hold)
    page.goto(world.page())
    page.evaluate("Chatdock.destroy(); delete window.Chatdock")
    add_tag(page, f"{world.embed}/chat-widget.js")
    expect(page.locator("chat-dock")).to_have_count(2)
    until(page, lambda: len(held), 1)
    held[0].continue_()
    expect(page.locator("chat-dock")).to_have_count(1)
    page.evaluate("Chatdock.open()")
    expect(panel(page)).to_be_visible()


def test_right_to_left_mirrors_the_side(page, world):
    world.config["dir"] = "rtl"
    page.goto(world.page())
    opened(page)
    assert (launcher(page).bounding_box()["x"], panel(page).bounding_box()["x"]) == (20, 20)


def test_direction_of_the_page_where_the_widget_has_none(page, world):
    world.config["dir"] = ""
    page.goto(world.page(head="<script>document.documentElement.dir = 'rtl'</script>"))
    assert launcher(page).bounding_box()["x"] == 20


def test_nothing_is_printed(page, world):
    page.goto(world.page())
    opened(page)
    page.emulate_media(media="print")
    expect(launcher(page)).to_be_hidden()
    expect(panel(page)).to_be_hidden()


def test_an_image_takes_the_icon_s_place_once_it_is_there(page, world):
    world.config["l"]["icon"] = f"{world.embed}/logo.svg"
    page.goto(world.page())
    expect(launcher(page).locator("img")).to_be_visible()
    expect(launcher(page).locator("svg")).to_have_count(0)


def test_an_image_that_does_not_come_leaves_the_icon(page, world):
    world.config["l"]["icon"] = f"{world.embed}/nothing.svg"
    page.goto(world.page())
    launcher(page).wait_for()
    page.wait_for_timeout(200)
    expect(launcher(page).locator("svg")).to_be_visible()


def test_accessibility_tree_holds_the_launcher_and_the_open_chat(page, world):
    page.goto(world.page())
    opened(page)
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    names = {(node["role"]["value"], node.get("name", {}).get("value")) for node in nodes if not node["ignored"]}
    assert {("button", "Chat with us"), ("dialog", "Chat with us"), ("Iframe", "Chat with us")} - names == set()


def test_hidden_inline_chat_comes_back_as_it_was(page, world):
    tag = 'data-mode="inline" data-target="#chat"'
    page.goto(world.page("<div id=chat style='height:450px'></div>", tag=tag))
    until(page, lambda: told(page), [["connected", "inline"], "shown"])
    page.evaluate("Chatdock.hide()")
    expect(page.locator("chat-dock iframe")).to_be_hidden()
    page.evaluate("Chatdock.show()")
    expect(page.locator("chat-dock iframe")).to_be_visible()
    assert world.asked.count("/frame") == 1
