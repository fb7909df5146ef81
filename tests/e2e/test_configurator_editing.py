"""Undo, autosave, two admins, contrast, finding one's way, devices: by keyboard and by pointer."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import BOTH, COLOURS_ASIDE, accessible, barriers
from tests.e2e.configurator import chat, draft, saved, saves_held, state, title, typed_without_a_pause
from tests.e2e.dashboard import violations
from tests.e2e.loader_page import until
from tests.e2e.test_dashboard import tab_to
from widgets.services import save_draft

pytestmark = pytest.mark.browser


def test_draft_is_stored_by_itself_and_sites_do_not_change(page, configurator):
    widget = configurator()
    with saves_held(page):
        title(page).fill("Tea")
        expect(state(page)).to_have_text(re.compile("^(Changes are not saved yet|Saving…)$"))
    saved(page)
    widget.refresh_from_db()
    assert widget.draft["texts"]["title"] == "Tea"
    expect(page.locator(".standing")).to_contain_text("Unpublished changes")
    assert widget.published.configuration["texts"]["title"] == "How can we help?"
    page.get_by_role("button", name="Save and publish…").click()  # its revision went along
    expect(page.get_by_role("heading", name="Ready to publish")).to_be_visible()


def test_what_a_field_has_no_room_for_is_told(page, configurator):
    configurator()
    title(page).fill("x" * 47)
    count = page.locator("#f-texts-title-count")
    expect(count).to_have_count(0)
    page.keyboard.type("y")
    expect(count).to_have_text("48 of 60")
    expect(title(page)).to_have_accessible_description(re.compile("48 of 60$"))
    expect(page.locator("#announcer")).to_have_text("48 of 60")
    page.context.grant_permissions(["clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('z'.repeat(20))")
    page.keyboard.press("ControlOrMeta+V")
    expect(count).to_have_text("60 of 60. The end of what you pasted did not fit.")
    assert accessible(page)
    page.locator("#f-texts-disclaimer").fill("d" * 300)
    expect(page.locator("#f-texts-disclaimer-count")).to_have_text("300 of 300")
    page.get_by_role("button", name="Undo").click(click_count=2)
    expect(page.locator("#f-texts-disclaimer-count")).to_have_count(0)


def test_typing_is_one_step_of_undo_by_keyboard(page, configurator):
    configurator()
    typed_without_a_pause(page)
    tab_to(page, "textbox", "Title")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Tea", delay=30)
    tab_to(page, "textbox", "Subtitle")
    page.keyboard.type("Green", delay=30)
    page.keyboard.press("Enter")  # saves, and takes no step away
    saved(page)
    page.keyboard.press("ControlOrMeta+Z")
    expect(page.get_by_label("Subtitle")).to_have_value("")
    expect(page.locator("#announcer")).to_have_text("Undone: Texts: Subtitle")
    page.keyboard.press("ControlOrMeta+Z")
    expect(title(page)).to_have_value("How can we help?")
    expect(chat(page).get_by_role("heading", name="How can we help?")).to_be_visible()
    page.keyboard.press("ControlOrMeta+Shift+Z")
    expect(title(page)).to_have_value("Tea")
    page.keyboard.press("ControlOrMeta+S")
    expect(page.locator("#announcer")).to_have_text("The draft is saved. Sites change when you publish.")
    assert draft()["texts"]["title"] == "Tea"
    page.keyboard.press("Control+Y")
    expect(page.get_by_label("Subtitle")).to_have_value("Green")
    saved(page)
    assert (draft()["texts"]["title"], draft()["texts"]["subtitle"]) == ("Tea", "Green")


def test_rows_are_undone_with_the_buttons(page, configurator):
    configurator(configuration={"prompts": [{"label": "one", "prompt": "1"}, {"label": "two", "prompt": "2"}]})
    labels = page.locator(".row").get_by_label("Label")
    page.get_by_role("group", name="Starter prompts: one").get_by_role("button", name="Remove: one").click()
    expect(labels).to_have_count(1)
    expect(page.get_by_role("button", name="Redo")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Undo").click()
    expect(labels).to_have_count(2)
    expect(labels.first).to_have_value("one")
    expect(page.get_by_role("button", name="Move up: two")).to_have_count(1)
    page.get_by_role("button", name="Redo").click()
    expect(labels).to_have_count(1)
    expect(labels).to_have_value("two")
    saved(page)
    assert draft()["prompts"] == [{"label": "two", "prompt": "2", "language": ""}]


def test_no_more_than_a_hundred_steps(page, configurator):
    configurator()
    page.evaluate(
        """() => {
          const field = document.getElementById("f-texts-title");
          const other = document.getElementById("f-texts-subtitle");
          for (let i = 0; i < 120; i++) {
            const one = i % 2 ? field : other;
            one.value = `Step ${i}`;
            one.dispatchEvent(new Event("input", { bubbles: true }));
          }
        }"""
    )
    undo = page.get_by_role("button", name="Undo")
    for _ in range(100):
        undo.dispatch_event("click")
    expect(undo).to_have_attribute("aria-disabled", "true")
    expect(title(page)).to_have_value("Step 19")


def test_what_is_wrong_is_told_at_its_field_and_heals(page, configurator):
    configurator()
    page.get_by_label("Z-index").fill("0")
    expect(state(page)).to_have_text("Not saved: please look at the marked fields")
    expect(page.get_by_label("Z-index")).to_have_accessible_description(
        "Lower it if the launcher covers a dialog. The least is 1."
    )
    assert accessible(page)
    page.get_by_label("Z-index").fill("5")
    saved(page)
    expect(page.get_by_label("Z-index")).not_to_have_attribute("aria-invalid", "true")
    assert draft()["launcher"]["z_index"] == 5


def test_error_stands_in_its_row_below_an_empty_one(page, configurator):
    configurator(configuration={"prompts": [{"label": "one", "prompt": "1"}]})
    page.get_by_role("button", name="Add to Starter prompts").click()
    page.locator(".row").nth(1).get_by_role("button", name="Move up").click()
    messages = page.locator(".row").get_by_label("Message")
    messages.nth(1).fill("")
    page.get_by_role("button", name="Save draft").click()
    expect(messages.nth(1)).to_be_focused()
    expect(messages.nth(1)).to_have_attribute("aria-invalid", "true")
    expect(messages.nth(0)).not_to_have_attribute("aria-invalid", "true")


JOINED = """async () => {
  const { joined } = await import("/static/dashboard/configurator/paths.js");
  const base = { a: { b: 1, c: 1 }, d: [1] };
  return [
    joined(base, { a: { b: 2, c: 1 }, d: [1] }, { a: { b: 1, c: 3 }, d: [4] }),
    joined(base, { a: { b: 2, c: 1 }, d: [1] }, { a: { b: 3, c: 1 }, d: [1] }),
    joined(base, { a: { b: 1, c: 1 }, d: [1, 2] }, { a: { b: 1, c: 1 }, d: [3] }),
  ];
}"""
TWICE = """async () => {
  const { askConflict } = await import("/static/dashboard/configurator/conflict.js");
  const dialog = document.getElementById("conflict");
  const theirs = { revision: 1, configuration: {} };
  const ask = () => askConflict(dialog, { theirs, mine: {}, apart: true, label: String });
  const first = ask();
  dialog.querySelector("[value=reload]").click();
  const second = ask();
  await new Promise((later) => setTimeout(later, 50)); // the browser tells of the first closing
  dialog.querySelector("[value=overwrite]").click();
  return Promise.all([first, second]);
}"""


def test_question_right_after_another_keeps_its_own_answer(page, configurator):
    configurator()
    assert page.evaluate(TWICE) == ["reload", "overwrite"]


def meet(page, widget, theirs: str) -> None:
    """Somebody else stores a title, then the subtitle is edited here."""
    texts = {**widget.draft["texts"], "title": theirs}
    save_draft(actor=None, widget=widget, configuration={**widget.draft, "texts": texts})
    page.get_by_label("Subtitle").fill("Mine")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_same_setting_of_two_is_not_put_together(page, configurator):
    configurator()
    assert page.evaluate(JOINED) == [{"a": {"b": 2, "c": 3}, "d": [4]}, None, None]


def test_undecided_conflict_overwrites_nothing(page, configurator):
    meet(page, configurator(), "Theirs")
    page.keyboard.press("Escape")
    page.get_by_label("Subtitle").fill("Still mine")
    page.wait_for_timeout(1500)
    expect(state(page)).to_have_text("Not saved: someone else changed this draft")
    assert draft()["texts"]["title"] == "Theirs"
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("dialog")).to_be_visible()


SLOW = """() => {
  const real = fetch;
  window.fetch = async (url, ...rest) => {
    const answer = await real(url, ...rest);
    if (!url.endsWith("/draft/")) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (window.lost) throw new TypeError("the answer was lost");
    return answer;
  };
}"""


def test_own_saves_are_nobody_elses(page, configurator):
    """On a slow line, after an answer that was lost, and with the connection stored in the meantime."""
    widget = configurator()
    page.evaluate(SLOW)
    save = page.get_by_role("button", name="Save draft")
    for text in ("A", "B", "C"):
        title(page).fill(text)
        save.click()
    saved(page)
    assert draft()["texts"]["title"] == "C"

    page.evaluate("window.lost = true")
    title(page).fill("Lost")
    save.click()
    expect(state(page)).to_have_text("Could not save. Trying again…")
    page.evaluate("window.lost = false")
    title(page).fill("D")
    save.click()
    saved(page)

    widget.refresh_from_db()
    save_draft(actor=None, widget=widget, connection={"url": "https://n8n.example.com/webhook/other/chat"})
    title(page).fill("E")
    save.click()
    saved(page)
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert draft()["texts"]["title"] == "E"


def test_what_is_taken_back_while_it_is_stored_is_stored_as_it_was(page, configurator):
    configurator()
    with saves_held(page):
        title(page).fill("Tea")
        page.get_by_role("button", name="Save draft").click()
        expect(state(page)).to_have_text("Saving…")
        page.get_by_role("button", name="Undo").click()
        expect(title(page)).to_have_value("How can we help?")
        expect(state(page)).to_have_text("Saving…")
    saved(page)
    assert draft()["texts"]["title"] == "How can we help?"


def test_what_is_typed_before_the_scripts_are_there_is_stored(page, configurator):
    configurator()
    held = []
    page.route("**/configurator/main*.js", lambda route: held.append(route))  # noqa: PLW0108
    page.reload(wait_until="commit")
    title(page).fill("Early")
    page.locator("#f-theme-scheme").select_option("dark")
    until(page, lambda: len(held), 1)
    held[0].continue_()
    expect(chat(page).get_by_role("heading", name="Early")).to_be_visible()
    saved(page)
    assert (draft()["texts"]["title"], draft()["theme"]["scheme"]) == ("Early", "dark")
    page.get_by_role("button", name="Undo").click()
    expect(title(page)).to_have_value("How can we help?")


def test_leaving_is_only_stopped_while_something_is_unsaved(page, configurator):
    configurator()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    title(page).fill("Tea")
    saved(page)
    page.get_by_role("link", name="Licences").click()
    page.wait_for_url("**/licenses/")
    assert asked == []


def test_contrast_is_told_and_mended(page, configurator):
    configurator()
    expect(page.locator(".contrast-count")).to_have_text("All pass")
    page.locator("#f-theme-accent").fill("#6d8cff")  # stands out from both surfaces, its text not from it
    expect(page.locator(".contrast-count")).to_have_text("1 issue")
    page.get_by_text("Contrast", exact=True).click()
    expect(page.get_by_text(re.compile(r"Text on the accent: 3\.\d\d : 1, fails \(needs 4\.5 : 1\)"))).to_be_visible()
    assert accessible(page)
    page.get_by_role("button", name="Fix text on the accent").press("Enter")
    expect(page.locator(".contrast-count")).to_have_text("All pass")
    expect(page.locator("#f-theme-accent_ink")).not_to_have_value("#ffffff")
    page.keyboard.press("ControlOrMeta+Z")
    expect(page.locator("#f-theme-accent_ink")).to_have_value("#ffffff")


def test_sections_close_open_and_are_jumped_to_and_keys_are_told(page, configurator):
    configurator()
    page.get_by_role("button", name="Close all").click()
    expect(title(page)).to_be_hidden()
    page.get_by_role("link", name="Texts").press("Enter")
    expect(title(page)).to_be_visible()
    page.get_by_role("button", name="Open all").click()
    expect(page.get_by_label("Z-index")).to_be_visible()

    title(page).press("End")
    page.keyboard.press("?")
    expect(title(page)).to_have_value("How can we help??")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()


@pytest.mark.parametrize("widget_type", ["n8n", "chatkit"])
def test_configurator_is_accessible_and_keeps_to_its_policy(page, configurator, widget_type):
    refused = violations(page)
    configurator(widget_type)
    expect(chat(page).get_by_text("help").first).to_be_visible()
    page.locator(".more summary").click()
    assert accessible(page, *BOTH)
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert (barriers(page, COLOURS_ASIDE), refused) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth") == 1440


def test_rows_are_drawn_to_their_place(page, configurator):
    configurator(configuration={"prompts": [{"label": label, "prompt": "?"} for label in ("one", "two", "three")]})
    rows = page.locator("#f-prompts .row")
    order = page.locator("#f-prompts [name$='.label']")

    def draw(here: int, there: int) -> None:
        rows.nth(here).locator(".grip").hover()
        page.mouse.down()
        box = rows.nth(there).bounding_box()
        page.mouse.move(box["x"] + 5, box["y"] + (5 if there < here else box["height"] - 5), steps=4)

    def labels() -> list[str]:
        return order.evaluate_all("(fields) => fields.map((field) => field.value)")

    draw(2, 0)
    expect(rows.first).to_have_class("row row--held")
    page.mouse.up()
    assert labels() == ["three", "one", "two"]
    expect(page.locator("#announcer")).to_have_text("Moved to place 1")
    expect(chat(page).get_by_role("button", name="three")).to_be_visible()
    saved(page)
    assert [prompt["label"] for prompt in draft()["prompts"]] == ["three", "one", "two"]
    draw(0, 1)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert labels() == ["three", "one", "two"]
    page.get_by_role("button", name="Undo").click()
    assert labels() == ["one", "two", "three"]
