"""Every page of the dashboard (`fill` and `fill_business`): axe finds nothing, it fits, and Tab goes everywhere."""

from collections.abc import Iterator

import pytest

from tests.build import make_user
from tests.e2e.axe import COLOURS_ASIDE, VIOLATIONS, barriers
from tests.e2e.business import fill_business
from tests.e2e.dashboard import fill, log_in, violations

pytestmark = pytest.mark.browser
PARTS = 3  # of the pages: as many tests can run side by side
OUTSIDE = ("/login/", "/signup/", "/password/reset/", "/password/reset/done/")
LOOKS = [("light", "ltr", 1440), ("dark", "ltr", 360), ("light", "rtl", 360)]
WIDTHS = (320, 360, 720, 1440)  # 720 is 1440 at 200 %, 320 is 1280 at 400 %
# Not reached by Tab on purpose: the other tabs and radio buttons of a group, and the slider beside a number's field.
FOCUSABLE = """() => {
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=slider], [tabindex='0']";
  const names = new Set();
  return [...document.querySelectorAll(wanted)].filter((each) => {
    if (!each.checkVisibility({visibilityProperty: true}) || each.disabled) return false;
    if (each.matches("[role=tab]:not([aria-selected=true]), [type=range][tabindex='-1']")) return false;
    if (each.type !== "radio") return true;
    const seen = names.has(each.name);
    names.add(each.name);
    return !seen;
  });
}"""
NOTE = """(() => {
  window.reached = new Set();
  document.addEventListener("focusin", (event) => {
    window.reached.add(event.target.type === "radio" ? `radio ${event.target.name}` : event.target);
  });
})()"""
MISSED = f"""() => ({FOCUSABLE})()
  .filter((each) => !window.reached.has(each.type === "radio" ? `radio ${{each.name}}` : each))
  .map((each) => each.outerHTML.slice(0, 120))"""

MOVING = """() => [...document.querySelectorAll("*")].filter((each) => ["", "::before", "::after"].some((part) => {
  const {transitionDuration, animationDuration} = getComputedStyle(each, part);
  return `${transitionDuration}, ${animationDuration}`.split(", ").some((time) => parseFloat(time) > 0);
})).map((each) => each.outerHTML.slice(0, 120))"""


@pytest.fixture(params=[(rows, part) for rows in (fill, fill_business) for part in range(PARTS)])
def pages(request, page, context, product):
    """(name, address) of a part of all; those before logging in come first."""
    rows, part = request.param
    alice = make_user("alice")
    paths = list(rows(alice).items())[part::PARTS]

    def each():
        if part == 0:
            yield from ((path, f"{product.dashboard}{path}") for path in OUTSIDE)
        log_in(context, product, alice)
        yield from ((name, product.dashboard + path) for name, path in paths)

    return each()


@pytest.mark.timeout(300)  # many pages, each in several looks
def test_pages_are_accessible_and_fit(page, pages):
    page.emulate_media(reduced_motion="reduce")
    refused, found = violations(page), {}
    for name, address in pages:
        page.goto(address)
        if problems := [*_barriers(page), *_moving(page), *_too_wide(page), *_not_reached(page)]:
            found[name] = problems
    assert (found, refused) == ({}, [])


def _barriers(page) -> Iterator[str]:
    for scheme, direction, width in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        _turn(page, direction, width)
        for found in barriers(page, VIOLATIONS if direction == "ltr" else COLOURS_ASIDE):
            yield f"{scheme} {direction} {width}: {found}"


def _too_wide(page) -> Iterator[str]:
    for direction in ("rtl", "ltr"):
        for width in WIDTHS:
            _turn(page, direction, width)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                yield f"too wide: {direction} {width}"


def _turn(page, direction: str, width: int) -> None:
    """Until the page's scripts have heard of it, which is before the next picture."""
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(
        """async (direction) => {
          document.documentElement.dir = direction;
          await new Promise(requestAnimationFrame);
        }""",
        direction,
    )


def _moving(page) -> list[str]:
    """What moves although the browser asks for reduced motion."""
    return page.evaluate(MOVING)


def _not_reached(page) -> list[str]:
    """What the Tab key does not reach, in two rounds: from a frame the focus comes back a moment after the key."""
    page.evaluate(NOTE)
    page.evaluate("document.activeElement.blur()")
    for _ in range(2):
        for _ in range(page.evaluate(f"({FOCUSABLE})().length") + 24):  # those in a preview, too
            page.keyboard.press("Tab")
        if not (missed := page.evaluate(MISSED)):
            break
    return missed
