"""What axe finds, in as many looks as a page has, on one load of it."""

from axe_playwright_python.sync_playwright import Axe

VIOLATIONS = {"resultTypes": ["violations"]}
COLOURS_ASIDE = VIOLATIONS | {"rules": {"color-contrast": {"enabled": False}}}  # the dear rule
BOTH = ("light", "dark")


def accessible(page, *schemes: str) -> bool:
    """As it is, or in each of these colour schemes."""
    found = []
    for scheme in schemes or (None,):
        if scheme:
            page.emulate_media(color_scheme=scheme)
        found += barriers(page)
    assert found == []
    return True


def barriers(page, options=VIOLATIONS) -> list[str]:
    page.wait_for_load_state()  # with its style sheets
    result = Axe().run(page, options=options)
    return [result.generate_report()] if result.violations_count else []
