"""Every page of the dashboard (`fill` and `fill_business`): axe finds nothing, it fits, and Tab goes everywhere."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.build import make_user
from tests.e2e.business import fill_business
from tests.e2e.dashboard import fill, log_in, violations

pytestmark = pytest.mark.browser
LOOKS = [("light", "ltr", 1440), ("dark", "ltr", 360), ("light", "rtl", 360), ("dark", "rtl", 1440)]
WIDTHS = (320, 360, 720, 1440)  # 720 is 1440 at 200 %, 320 is 1280 at 400 %
COLOURS_ASIDE = {"rules": {"color-contrast": {"enabled": False}}}  # the dear rule; direction does not change it
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


@pytest.fixture(params=[fill, fill_business])
def pages(request, page, context, product):
    """(name, address) of all, logged in; the page for logging in comes first."""
    alice = make_user("alice")
    paths = request.param(alice)

    def each():
        yield "login", f"{product.dashboard}/login/"
        log_in(context, product, alice)
        yield from ((name, product.dashboard + path) for name, path in paths.items())

    return each()


@pytest.mark.parametrize(("scheme", "direction", "width"), LOOKS)
def test_pages_are_accessible(page, pages, scheme, direction, width):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    refused, reports = violations(page), {}
    for name, address in pages:
        page.goto(address)
        page.evaluate("direction => { document.documentElement.dir = direction }", direction)
        result = Axe().run(page, options=COLOURS_ASIDE if direction == "rtl" else None)
        if result.violations_count:
            reports[name] = result.generate_report()
    assert (reports, refused) == ({}, [])


def test_pages_fit_keep_still_and_are_walked_by_tab(page, pages):
    too_wide, missed, moving = [], {}, {}
    for name, address in pages:
        page.goto(address)
        if found := page.evaluate(MOVING):  # the browser asks for reduced motion
            moving[name] = found
        for direction in ("rtl", "ltr"):
            page.evaluate("direction => { document.documentElement.dir = direction }", direction)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    too_wide.append((name, direction, width))
        if left := _walk(page):
            missed[name] = left
    assert (too_wide, missed, moving) == ([], {}, {})


def _walk(page) -> list[str]:
    """What the Tab key does not reach."""
    page.evaluate(NOTE)
    page.evaluate("document.activeElement.blur()")
    for _ in range(page.evaluate(f"({FOCUSABLE})().length") + 24):  # those in a preview, too
        page.keyboard.press("Tab")
    return page.evaluate(MISSED)
