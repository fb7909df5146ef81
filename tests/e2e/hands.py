"""Two hands that tell the same story: one with a mouse, one with nothing but a keyboard.

The mouse points at what it uses, and types only into fields. The keyboard comes to each control with Tab or Shift and
Tab from where the focus is, sees it there, and works it with keys. What is far away, or behind a frame, it comes to
from beside it, which saves the way; that the whole way can be walked shows test_every_page. Both wait for a page that
loads: before its scripts are there, nothing but the browser answers.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

FAR = 8  # controls
WAY = 40  # presses of Tab: a preview in between has controls of its own

# In the order of Tab; of a group of radio buttons the one that takes the focus. Leaves out what stands in frames.
STOPS = """() => {
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex='0']";
  const within = document.querySelector("dialog:modal") ?? document;
  return [...within.querySelectorAll(all)].filter((each) => {
    if (each.disabled || each.tabIndex < 0 || !each.checkVisibility({visibilityProperty: true})) return false;
    if (each.type !== "radio") return true;
    const group = [...document.getElementsByName(each.name)];
    return each === (group.find((one) => one.checked) ?? group[0]);
  });
}"""
# Where the way begins: [whether the focus is lost, whether it goes backwards]. Jumps beside what is far away, and past
# frames: the focus leaves one of another site a moment after the key.
BEGIN = f"""(target, far) => {{
  const stops = ({STOPS})(), goal = stops.indexOf(target), focused = document.activeElement;
  const [known, nowhere] = [window.byHand, focused === document.body || focused === null];
  window.byHand = true;
  if (goal < 0) return [false, false];
  let here = stops.findIndex((stop) => stop === focused || stop.contains(focused));
  if (here < 0) here = stops.findLastIndex((stop) => stop.compareDocumentPosition(focused) & 4);
  const way = stops.slice(Math.max(0, Math.min(here, goal)), Math.max(here, goal) + 1);
  const framed = way.some((stop) => stop.tagName === "IFRAME");
  if (nowhere || framed || Math.abs(goal - here) > far) {{
    here = goal > 0 && stops[goal - 1].tagName !== "IFRAME" ? goal - 1 : goal + 1;
    stops[here]?.focus({{ preventScroll: true }});
  }}
  return [Boolean(known && nowhere), here > goal];
}}"""
# It is seen when it has the focus: outlined, and not all of it below something else or outside the window. What follows
# the scrolling, such as the preview's height, takes its place with the next picture.
SEEN = """async (target) => {
  const marked = (one) => {
    const {outlineStyle, outlineWidth} = getComputedStyle(one);
    return outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
  };
  const open = () => {
    const {left, top, width, height} = target.getBoundingClientRect();
    return [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]].some(([x, y]) => {
      const met = document.elementFromPoint(left + x * width, top + y * height);
      return met && (target.contains(met) || met.contains(target) || met.closest("label")?.control === target);
    });
  };
  const look = () => [target.matches(":focus-visible"), marked(target) || marked(target.parentElement), open()].join();
  for (let pictures = 0; pictures < 10 && look() !== "true,true,true"; pictures++) {
    await new Promise(requestAnimationFrame);
  }
  return look();
}"""


class Hand(Protocol):
    page: "Page"
    points: bool

    def press(self, control: "Locator") -> None:
        """A button, a link, a summary, a tab: what one presses."""

    def switch(self, box: "Locator") -> None:
        """A check box."""

    def pick(self, radio: "Locator") -> None:
        """One of several radio buttons."""

    def option(self, option: "Locator") -> None:
        """Of the command palette, in whose field the focus is."""

    def moment(self, field: "Locator", at: datetime) -> None:
        """Of a field for a day and a time."""

    def tab(self, tab: "Locator", key: str) -> None:
        """One of several tabs; key: what leads to it from the one that is chosen."""

    def choose(self, select: "Locator", label: str) -> None: ...

    def type(self, field: "Locator", text: str) -> None:
        """In place of what stands in it."""

    def stretch(self, handle: "Locator", across: int, down: int) -> None:
        """A handle, by so many pixels: tens."""

    def close(self, dialog: "Locator") -> None: ...


class Mouse:
    points = True

    def __init__(self, page: "Page") -> None:
        self.page = page

    def press(self, control: "Locator") -> None:
        self.page.wait_for_load_state()
        control.click()

    option = press

    def switch(self, box: "Locator") -> None:
        """What is pressed there may be its label."""
        before = box.is_checked()
        self.page.mouse.click(*self._middle(box))
        assert box.is_checked() != before

    pick = switch

    def moment(self, field: "Locator", at: datetime) -> None:
        """Its calendar opens in a window of the browser's own, in which no test can point."""
        self.page.wait_for_load_state()
        field.click(trial=True)
        field.fill(f"{at:%Y-%m-%dT%H:%M}")

    def tab(self, tab: "Locator", key: str) -> None:
        tab.click()

    def choose(self, select: "Locator", label: str) -> None:
        """Where its list opens is the browser's own window, in which no test can point."""
        self.page.wait_for_load_state()
        select.click(trial=True)
        select.select_option(label=label)

    def type(self, field: "Locator", text: str) -> None:
        self.page.wait_for_load_state()
        field.click(click_count=3)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(text) if text else self.page.keyboard.press("Delete")

    def stretch(self, handle: "Locator", across: int, down: int) -> None:
        x, y = self._middle(handle)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + across, y + down, steps=4)
        self.page.mouse.up()

    def _middle(self, control: "Locator") -> tuple[float, float]:
        self.page.wait_for_load_state()
        control.scroll_into_view_if_needed()
        control.element_handle().wait_for_element_state("stable")  # what follows the scrolling has its place
        box = control.bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def close(self, dialog: "Locator") -> None:
        dialog.get_by_role("button", name="Close").click()
        expect(dialog).to_be_hidden()


class Keyboard:
    points = False

    def __init__(self, page: "Page") -> None:
        self.page = page

    def press(self, control: "Locator") -> None:
        self.reach(control)
        control.press("Enter")  # waits for the page that it leads to, as a click does; it has the focus already

    def switch(self, box: "Locator") -> None:
        self.reach(box)
        self.page.keyboard.press("Space")

    def pick(self, radio: "Locator") -> None:
        name = radio.get_attribute("name")
        group = self.page.locator(f"[type=radio][name={name}]")
        self.reach(group.and_(self.page.locator(":checked")).or_(group).first)
        for _ in range(group.count()):
            if not radio.is_checked():
                self.page.keyboard.press("ArrowDown")
        assert radio.is_checked()

    def option(self, option: "Locator") -> None:
        chosen = option.and_(self.page.locator("[aria-selected=true]"))
        expect(option).to_be_visible()
        for _ in range(10):
            if chosen.count():
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")

    def moment(self, field: "Locator", at: datetime) -> None:
        self.reach(field)
        self.page.keyboard.type(f"{at:%m%d%Y}")
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(f"{at:%I%M%p}")

    def tab(self, tab: "Locator", key: str) -> None:
        self.reach(tab.page.locator("[role=tab][aria-selected=true]"))
        self.page.keyboard.press(key)
        expect(tab).to_be_focused()

    def choose(self, select: "Locator", label: str) -> None:
        self.reach(select)
        steps = select.evaluate(
            """(select, label) => {
              const note = () => (select.chosen = select.selectedOptions[0].label);
              note();
              select.addEventListener("change", note); // the page may take it back
              const open = [...select.options].filter((one) => (!one.disabled && !one.hidden) || one.selected);
              return open.findIndex((one) => one.label === label) - open.indexOf(select.selectedOptions[0]);
            }""",
            label,
        )
        for _ in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
        assert select.evaluate("select => select.chosen") == label

    def type(self, field: "Locator", text: str) -> None:
        self.reach(field)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text) if text else self.page.keyboard.press("Delete")

    def stretch(self, handle: "Locator", across: int, down: int) -> None:
        self.reach(handle)
        for pixels, more, less in ((across, "ArrowRight", "ArrowLeft"), (down, "ArrowDown", "ArrowUp")):
            for _ in range(abs(pixels) // 10):
                self.page.keyboard.press(more if pixels > 0 else less)

    def close(self, dialog: "Locator") -> None:
        self.page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()

    def reach(self, control: "Locator") -> None:
        self.page.wait_for_load_state()
        expect(control).to_be_visible()
        control = control.element_handle()
        lost, backwards = control.evaluate(BEGIN, FAR)
        assert not lost, f"the focus was lost before {control}"
        for _ in range(WAY):
            if control.evaluate("each => each === document.activeElement"):
                break
            self.page.keyboard.press("Shift+Tab" if backwards else "Tab")
        else:
            raise AssertionError(f"Tab does not reach {control.evaluate('each => each.outerHTML.slice(0, 200)')}")
        seen = control.evaluate(SEEN)
        assert seen == "true,true,true", f"focus-visible, outlined, not covered: {seen} of {control}"
