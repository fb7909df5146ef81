"""Looks, files and versions, by keyboard and by pointer."""

import json

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import accessible
from tests.e2e.configurator import chat, saved
from tests.e2e.test_dashboard import tab_to
from widgets.models import Preset, Widget
from widgets.services import publish_widget

pytestmark = pytest.mark.browser


def test_ready_look_is_taken_by_keyboard_and_undone(page, configurator):
    configurator()
    expect(chat(page).get_by_role("heading", name="How can we help?")).to_be_visible()
    tab_to(page, "button", "Looks…")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Terminal")).to_be_visible()
    assert accessible(page)
    tab_to(page, "button", "Terminal")
    page.keyboard.press("Enter")
    expect(page.locator("#f-theme-accent")).to_have_value("#7ee787")
    expect(chat(page).locator("html")).to_have_css("--t-accent", "#7ee787")
    expect(chat(page).locator("html")).to_have_attribute("data-scheme", "dark")
    toast = page.get_by_role("status").filter(has_text="The look is “Terminal” now.")
    toast.get_by_role("button", name="Undo").click()
    expect(page.locator("#f-theme-accent")).to_have_value("#1f5eff")
    expect(toast).to_be_hidden()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()


def test_look_is_kept_for_the_next_widget_and_deleted(page, configurator):
    configurator()
    page.locator("#f-theme-accent").fill("#8f1d56")
    page.get_by_role("button", name="Looks…").click()
    page.get_by_label("Keep this look as").fill("Autumn")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("button", name="Autumn", exact=True)).to_be_visible()
    assert Preset.objects.get().values["theme"]["accent"] == "#8f1d56"
    page.get_by_label("Keep this look as").fill("Autumn")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Replace “Autumn”?")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Delete Autumn").click()
    sure = page.get_by_role("dialog", name="Delete “Autumn”?")
    expect(sure).to_be_visible()
    assert accessible(page)
    sure.get_by_role("button", name="Cancel").click()
    assert Preset.objects.count() == 1
    page.get_by_role("button", name="Delete Autumn").press("Enter")
    sure.get_by_role("button", name="Delete").press("Enter")
    expect(page.get_by_role("button", name="Autumn", exact=True)).to_have_count(0)


def test_file_is_exported_changed_and_imported(page, configurator, tmp_path):
    configurator()
    page.get_by_role("button", name="File…").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    content = json.loads(download.value.path().read_text())
    content["configuration"]["texts"]["title"] = "From a file"
    content["configuration"]["theme"]["accent"] = "#0f766e"
    (tmp_path / "changed.json").write_text(json.dumps(content))
    page.get_by_label("Import a file").set_input_files(tmp_path / "changed.json")
    expect(page.get_by_role("row", name="Texts: Title How can we help? From a file")).to_be_visible()
    expect(page.get_by_role("row", name="#0f766e").locator(".swatch")).to_have_count(2)
    assert accessible(page)
    page.get_by_role("button", name="Take these changes").click()
    expect(chat(page).get_by_role("heading", name="From a file")).to_be_visible()
    saved(page)
    assert Widget.objects.get().draft["texts"]["title"] == "From a file"
    page.keyboard.press("ControlOrMeta+Z")
    expect(page.get_by_label("Title", exact=True)).to_have_value("How can we help?")


def test_foreign_file_is_refused_in_words(page, configurator, tmp_path):
    configurator()
    (tmp_path / "other.json").write_text('{"format": "chatdock-widget", "type": "chatkit"}')
    page.get_by_role("button", name="File…").click()
    page.get_by_label("Import a file").set_input_files(tmp_path / "other.json")
    expect(page.get_by_role("alert").filter(has_text="another type of widget")).to_be_visible()
    (tmp_path / "huge.json").write_text(" " * 256 * 1024 + "{}")
    page.get_by_label("Import a file").set_input_files(tmp_path / "huge.json")
    expect(page.get_by_role("alert").filter(has_text="The file is larger than 256 KB.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_versions_are_compared_previewed_and_restored(page, context, configurator, scheme):
    page.emulate_media(color_scheme=scheme)
    widget = configurator()
    page.get_by_label("Title", exact=True).fill("Second")
    saved(page)
    publish_widget(actor=None, widget=widget, note="Shorter")
    page.get_by_role("link", name="Versions").click()
    page.get_by_text("1 change since the version before").press("Enter")
    expect(page.get_by_role("row", name="Texts: Title How can we help? Second")).to_be_visible()
    assert accessible(page)
    with context.expect_page() as opened:
        page.get_by_role("link", name="Preview version 1 (new tab)").click()
    expect(opened.value.get_by_role("heading", name="How can we help?")).to_be_visible()
    opened.value.close()
    page.get_by_role("link", name="Restore… version 1").press("Enter")
    expect(page.get_by_text("1 setting of the draft will be as in version 1.")).to_be_visible()
    page.get_by_role("button", name="Restore version 1").press("Enter")
    expect(page.get_by_text("The draft is version 1 again.")).to_be_visible()
    expect(page.get_by_label("Title", exact=True)).to_have_value("How can we help?")
    page.get_by_role("link", name="Versions").click()
    page.get_by_role("link", name="Discard the draft…").click()
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Second")


def test_widget_is_duplicated(page, configurator):
    configurator()
    page.get_by_role("link", name="Settings", exact=True).click()
    page.get_by_role("button", name="Duplicate").click()
    expect(page.get_by_role("heading", name="Copy of Helper")).to_be_visible()
