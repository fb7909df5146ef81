"""The configurator's controls, each with a mouse and with a keyboard alone."""

import json

import pytest
from playwright.sync_api import expect

from licenses.services import issue_license
from tests.build import make_organization, make_user, make_widget
from tests.e2e.axe import accessible
from tests.e2e.configurator import chat, saved, saves_held, size, typed_without_a_pause
from tests.e2e.hands import SEEN, STOPS
from tests.e2e.loader_page import until
from tests.e2e.test_configurator import PIXEL
from widgets.models import Preset, Widget
from widgets.services import save_draft

pytestmark = pytest.mark.browser
GREETING = "Hello! What would you like to know?"


def button(page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def test_preview_is_steered(page, configurator, hand):
    configurator()
    frame = page.frame_locator("#preview-frame")

    def choose(tool: str, option: str) -> None:
        hand.choose(page.locator(f"[data-tool={tool}]"), option)

    expect(chat(page).get_by_text(GREETING)).to_be_visible()
    choose("mode", "Inline")
    expect(frame.locator("#chat chat-dock")).to_be_visible()
    hand.press(page.locator(".more summary"))
    choose("host", "Busy")
    expect(frame.locator("html")).to_have_attribute("data-host", "busy")
    choose("device", "iPhone SE, 375 × 667")
    choose("zoom", "75 %")
    expect(page.locator(".device-size")).to_have_text("375 × 667 · 75 %")
    hand.press(button(page, "Rotate"))
    assert size(page) == "667x375"
    choose("state", "A conversation")
    expect(chat(page).get_by_text("We are open from 8 to 18, on Sundays from 10.")).to_be_visible()
    hand.press(button(page, "New chat"))
    expect(chat(page).locator(".message.user")).to_have_count(0)
    frame.locator("html").evaluate("html => html.dataset.before = ''")
    hand.press(button(page, "Reload"))
    expect(frame.locator("[data-before]")).to_have_count(0)
    choose("zoom", "100 %")
    hand.stretch(page.get_by_role("slider", name="Width", exact=True), -50, 0)
    assert size(page) == "617x375"
    hand.stretch(page.get_by_role("slider", name="Height", exact=True), 0, 40)
    hand.stretch(page.get_by_role("slider", name="Width and height"), 20, 30)
    assert size(page) == "637x445"
    hand.press(button(page, "Share…").or_(page.get_by_role("link", name="Share…")))
    expect(page.get_by_role("heading", name="Share a preview")).to_be_visible()


def test_more_of_the_preview_is_steered(page, configurator, hand):
    configurator()
    frame = page.frame_locator("#preview-frame")
    more = page.locator(".more summary")

    def choose(tool: str, option: str) -> None:
        hand.choose(page.locator(f"[data-tool={tool}]"), option)

    expect(chat(page).get_by_text(GREETING)).to_be_visible()
    hand.press(more)
    choose("scheme", "Dark")
    expect(chat(page).locator("html")).to_have_attribute("data-scheme", "dark")
    choose("direction", "Right to left")
    expect(chat(page).locator("html")).to_have_attribute("dir", "rtl")
    choose("direction", "As set")
    choose("language", "German")
    expect(chat(page).locator("html")).to_have_attribute("lang", "de")
    with page.expect_file_chooser() as chooser:
        hand.press(page.get_by_label("A picture of your site"))
    chooser.value.set_files({"name": "site.png", "mimeType": "image/png", "buffer": PIXEL})
    expect(frame.get_by_role("img", name="Your website")).to_be_visible()
    choose("visitor", "Identified")
    expect(page.locator("#announcer")).to_contain_text("There is no identity secret yet.")
    hand.type(page.get_by_label("Preview width"), "500")
    hand.type(page.get_by_label("Preview height"), "400")
    page.keyboard.press("Enter")
    assert size(page) == "500x400"
    hand.press(more)
    expect(page.get_by_label("Preview width")).to_be_hidden()
    hand.choose(page.locator("#f-visitors-direction"), "Right to left")
    hand.press(button(page, "Restart preview"))
    expect(page.locator("#preview-restart")).to_be_hidden()
    hand.press(button(page, "Rotate"))
    assert size(page) == "400x500"
    expect(frame.locator("chat-dock")).to_have_count(1)
    choose("mode", "Full page")
    expect(page.locator("#preview-alone")).to_be_visible()


@pytest.fixture
def looks(page, hand):
    """Their dialog, and a function that opens it."""
    dialog = page.get_by_role("dialog", name="Looks")

    def opened():
        hand.press(button(page, "Looks…"))
        expect(dialog.get_by_role("heading", name="Ready-made")).to_be_visible()

    return dialog, opened


def test_ready_look_is_taken_and_undone_by_its_toast(page, configurator, hand, looks):
    configurator()
    accent, (dialog, open_looks) = page.locator("#f-theme-accent"), looks
    open_looks()
    assert accessible(page)
    hand.press(dialog.get_by_role("button", name="Terminal"))
    expect(accent).to_have_value("#7ee787")
    toast = page.get_by_role("status").filter(has_text="The look is “Terminal” now.")
    hand.press(toast.get_by_role("button", name="Undo"))
    expect(accent).to_have_value("#1f5eff")
    expect(page.locator("#undo")).to_be_focused()
    hand.press(button(page, "Redo"))
    expect(chat(page).locator("html")).to_have_attribute("data-scheme", "dark")


def test_look_is_copied_from_a_widget_of_ones_own(page, configurator, hand, looks):
    own = configurator()
    make_widget(own.license, name="Tea guide", configuration={"theme": {"accent": "#8f1d56"}})
    stranger = make_organization("Charlie's shop", make_user("charlie"))
    make_widget(issue_license(actor=None, organization=stranger, plan=own.license.plan), name="Charlie's own")
    dialog, open_looks = looks
    open_looks()
    expect(dialog.get_by_text("Charlie's own")).to_have_count(0)
    hand.press(dialog.get_by_role("button", name="Tea guide"))
    expect(page.get_by_role("status").filter(has_text="The look is “Tea guide” now.")).to_be_visible()
    expect(page.locator("#f-theme-accent")).to_have_value("#8f1d56")
    expect(chat(page).locator("html")).to_have_css("--t-accent", "#8f1d56")
    hand.press(page.locator("#undo"))
    expect(page.locator("#f-theme-accent")).to_have_value("#1f5eff")


def test_look_is_kept_and_deleted(page, configurator, hand, looks):
    configurator(configuration={"theme": {"accent": "#8f1d56"}})
    dialog, open_looks = looks
    name, keep = dialog.get_by_label("Keep this look as"), dialog.get_by_role("button", name="Keep", exact=True)
    autumn, delete = (dialog.get_by_role("button", name=words, exact=True) for words in ("Autumn", "Delete Autumn"))
    sure = page.get_by_role("dialog", name="“Autumn”?")
    open_looks()
    hand.type(name, "Autumn")
    hand.press(keep)
    expect(autumn).to_be_visible()
    hand.type(name, "Autumn")
    hand.press(keep)
    hand.press(sure.get_by_role("button", name="Replace"))
    expect(name).to_have_value("")
    hand.press(delete)
    assert accessible(page)
    hand.press(sure.get_by_role("button", name="Cancel"))
    assert Preset.objects.get().values["theme"]["accent"] == "#8f1d56"
    hand.press(delete)
    hand.press(sure.get_by_role("button", name="Delete"))
    expect(autumn).to_have_count(0)
    hand.press(dialog.get_by_role("button", name="Close"))
    hand.press(button(page, "Keys"))


def test_file_is_taken_out_and_in(page, configurator, hand, tmp_path):
    configurator()
    dialog = page.get_by_role("dialog", name="As a file")
    hand.press(button(page, "File…"))
    with page.expect_download() as download:
        hand.press(dialog.get_by_role("link", name="Export"))
    content = json.loads(download.value.path().read_text())
    content["configuration"]["texts"]["title"] = "From a file"
    content["configuration"]["theme"]["accent"] = "#0f766e"
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(content))
    with page.expect_file_chooser() as chooser:
        hand.press(dialog.get_by_label("Import a file"))
    chooser.value.set_files(changed)
    expect(page.get_by_role("row", name="Texts: Title How can we help? From a file")).to_be_visible()
    expect(page.get_by_role("row", name="#0f766e").locator(".swatch")).to_have_count(2)
    assert accessible(page)
    hand.press(dialog.get_by_role("button", name="Take these changes"))
    expect(page.get_by_label("Title", exact=True)).to_have_value("From a file")
    hand.press(button(page, "Save draft"))
    saved(page)
    assert Widget.objects.get().draft["texts"]["title"] == "From a file"
    hand.press(button(page, "File…"))
    hand.close(dialog)
    hand.press(page.locator("#undo"))
    expect(page.get_by_label("Title", exact=True)).to_have_value("How can we help?")
    hand.press(button(page, "Redo"))  # the focus stays on the last step of undo, too
    expect(page.get_by_label("Title", exact=True)).to_have_value("From a file")


def test_fields_are_edited_undone_and_reset(page, configurator, hand):
    configurator()
    title, size_field = page.get_by_label("Title", exact=True), page.locator("#f-launcher-size")
    hand.type(title, "Tea")
    hand.type(page.get_by_label("Greeting"), "One")
    hand.switch(page.locator("#f-header-enabled"))
    expect(page.locator("#f-header-enabled")).not_to_be_checked()
    hand.choose(page.locator("#f-theme-scheme"), "Dark")
    hand.type(page.locator("#f-launcher-color"), "#00aa00")
    if hand.points:
        hand.stretch(page.get_by_label("Size: slide", exact=True), 40, 0)
    else:
        hand.stretch(size_field, 0, -40)
    hand.press(button(page, "Save draft"))
    expect(page.locator("#announcer")).to_have_text("The draft is saved. Sites change when you publish.")
    draft = Widget.objects.get().draft
    assert (draft["texts"]["greeting"], draft["theme"]["scheme"]) == (["One"], "dark")
    assert (draft["launcher"]["color"], draft["launcher"]["size"] > 56) == ("#00aa00", True)
    hand.press(page.locator("#undo"))
    hand.press(button(page, "Redo"))
    hand.press(button(page, "Reset Texts"))
    expect(title).to_have_value("How can we help?")
    expect(size_field).to_have_value(str(draft["launcher"]["size"]))
    hand.press(button(page, "Reset everything"))
    expect(size_field).to_have_value("56")
    hand.press(page.locator("#undo"))
    hand.press(page.locator("#undo"))
    expect(title).to_have_value("Tea")
    hand.press(button(page, "Redo"))
    hand.press(button(page, "Redo"))
    hand.press(button(page, "Save and publish…"))
    expect(page.get_by_role("heading", name="Sites show the draft")).to_be_visible()


def test_rows_are_added_moved_and_removed(page, configurator, hand):
    configurator(configuration={"prompts": [{"label": label, "prompt": "?"} for label in ("one", "two")]})
    hand.press(button(page, "Add to Starter prompts"))
    hand.type(page.locator(".row").nth(2).get_by_label("Label"), "three")
    hand.type(page.locator(".row").nth(2).get_by_label("Message"), "?")
    hand.press(button(page, "Move up: three"))
    hand.press(button(page, "Move up: three"))
    expect(page.locator("#announcer")).to_have_text("Moved to place 1")
    hand.press(button(page, "Move down: one"))
    hand.press(button(page, "Remove: two"))
    hand.press(button(page, "Save draft"))
    saved(page)
    assert [prompt["label"] for prompt in Widget.objects.get().draft["prompts"]] == ["three", "one"]


def test_way_is_found_in_the_form(page, configurator, hand):
    configurator()
    title, find = page.get_by_label("Title", exact=True), page.get_by_label("Find a setting")
    hand.type(find, "z-index")
    expect(title).to_be_hidden()
    expect(page.locator("#found")).to_have_text("1 field found")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Z-index")).to_be_focused()
    hand.type(find, "nothing like it")
    page.keyboard.press("Escape")
    expect(title).to_be_visible()
    hand.press(button(page, "Close all"))
    expect(title).to_be_hidden()
    hand.press(page.get_by_role("link", name="Texts"))
    expect(title).to_be_visible()
    hand.press(page.locator("#f-texts > summary"))
    expect(title).to_be_hidden()
    hand.press(button(page, "Open all"))
    hand.type(page.locator("#f-theme-accent"), "#6d8cff")
    hand.press(page.locator(".contrasts summary"))
    hand.press(page.get_by_role("button", name="Fix text on the accent"))
    expect(page.locator(".contrast-count")).to_have_text("All pass")
    hand.press(page.locator(".contrasts summary"))
    hand.press(button(page, "Keys"))
    hand.close(page.get_by_role("dialog", name="Keys"))
    hand.press(page.locator("#undo"))
    expect(page.locator(".contrast-count")).to_have_text("1 issue")


DECISIONS = {
    "Keep both": ("Theirs", "Mine"),
    "Take theirs": ("Theirs", ""),
    "Overwrite theirs": ("How can we help?", "Mine"),
}


def stored() -> tuple[str, str]:
    texts = Widget.objects.get().draft["texts"]
    return texts["title"], texts["subtitle"]


@pytest.mark.parametrize("choice", DECISIONS)
def test_conflict_is_decided(page, configurator, hand, choice):
    widget = configurator()
    texts = {**widget.draft["texts"], "title": "Theirs"}
    save_draft(actor=None, widget=widget, configuration={**widget.draft, "texts": texts})
    typed_without_a_pause(page)
    with saves_held(page):  # else what is stored by itself may ask before the button is reached
        hand.type(page.get_by_label("Subtitle"), "Mine")
        hand.press(button(page, "Save draft"))
    dialog = page.get_by_role("dialog")
    hand.press(dialog.get_by_role("button", name="See the difference"))
    expect(dialog.get_by_role("row", name="Texts: Title Theirs How can we help?")).to_be_visible()
    hand.press(dialog.get_by_role("button", name=choice))
    title, _ = DECISIONS[choice]
    expect(page.get_by_label("Title", exact=True)).to_have_value(title)
    until(page, stored, DECISIONS[choice])
    hand.press(page.locator("#undo"))  # the focus is where one was
    if choice == "Keep both":  # it takes back one's own alone
        expect(page.get_by_label("Subtitle")).to_have_value("")
        expect(page.get_by_label("Title", exact=True)).to_have_value("Theirs")


def test_telephone_has_two_panes(page, configurator, hand):
    configurator(width=360)
    expect(chat(page).get_by_role("heading", name="How can we help?")).to_be_visible()
    hand.press(button(page, "Hide the preview"))
    expect(page.locator("#preview-frame")).to_be_hidden()
    hand.press(button(page, "Show the preview"))
    hand.tab(page.get_by_role("tab", name="Preview"), "ArrowRight")
    expect(page.get_by_label("Title", exact=True)).to_be_hidden()
    hand.press(page.locator(".more summary"))
    hand.choose(page.locator("[data-tool=mode]"), "Inline")
    expect(page.frame_locator("#preview-frame").locator("#chat chat-dock")).to_be_visible()
    hand.tab(page.get_by_role("tab", name="Settings"), "ArrowLeft")
    expect(page.get_by_label("Title", exact=True)).to_be_visible()


def test_focus_is_seen_all_the_way_back_on_a_telephone(page, configurator):
    configurator(width=360)
    stops = page.evaluate(f"(({STOPS})()).length")
    page.evaluate(f"({STOPS})().at(-1).focus()")
    unseen = []
    for _ in range(stops + 10):  # the chat in the preview has some of its own
        page.keyboard.press("Shift+Tab")
        focused = page.evaluate_handle("document.activeElement")
        if focused.evaluate("each => each.matches('.skip')"):
            break
        if focused.evaluate(SEEN) != "true,true,true" and focused.evaluate("each => each.tagName") != "IFRAME":
            unseen.append(focused.evaluate("each => each.outerHTML.slice(0, 120)"))
    assert unseen == []
