"""Looks, files and versions, by keyboard and by pointer."""

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import BOTH, accessible
from tests.e2e.configurator import saved
from widgets.services import publish_widget

pytestmark = pytest.mark.browser


def test_foreign_file_is_refused_in_words(page, configurator, tmp_path):
    configurator()
    (tmp_path / "other.json").write_text('{"format": "chatdock-widget", "type": "chatkit"}')
    page.get_by_role("button", name="File…").click()
    page.get_by_label("Import a file").set_input_files(tmp_path / "other.json")
    expect(page.get_by_role("alert").filter(has_text="another type of widget")).to_be_visible()
    (tmp_path / "huge.json").write_text(" " * 256 * 1024 + "{}")
    page.get_by_label("Import a file").set_input_files(tmp_path / "huge.json")
    expect(page.get_by_role("alert").filter(has_text="The file is larger than 256 KB.")).to_be_visible()


def test_versions_are_compared_previewed_and_restored(page, context, configurator):
    widget = configurator()
    page.get_by_label("Title", exact=True).fill("Second")
    saved(page)
    publish_widget(actor=None, widget=widget, note="Shorter")
    page.get_by_role("link", name="Versions").click()
    page.get_by_text("1 change since the version before").press("Enter")
    expect(page.get_by_role("row", name="Texts: Title How can we help? Second")).to_be_visible()
    assert accessible(page, *BOTH)
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
