"""What the documentation lists is what the code has."""

import re

from core.codes import MEANINGS, Code
from tests.architecture import ROOT

ROW = re.compile(r"^\| `(\w+)` \| (.+) \|$", re.MULTILINE)
MADE_IN_THE_BROWSER = re.compile(r"(?:code: |failure\(\s*|ApiError\(\s*)\"([a-z_]+)\"")
EMBEDDING = (ROOT / "docs" / "embedding.md").read_text()


def test_each_message_of_the_console_is_explained():
    explained = ROW.findall(EMBEDDING)

    assert explained[: len(Code)] == [(code.value, MEANINGS[code].mean) for code in Code]


def test_what_the_scripts_say_by_themselves_is_explained_too():
    scripts = [*(ROOT / "static/loader").rglob("*.js"), *(ROOT / "static/frame").rglob("*.js")]
    said = {code for path in scripts for code in MADE_IN_THE_BROWSER.findall(path.read_text())}

    assert said - {code for code, _ in ROW.findall(EMBEDDING)} == set()
    assert "no_answer" in said


def test_lines_without_a_code_are_those_of_the_loader():
    for words in ("runs already", "nothing on this page matches data-target"):
        assert any(words in path.read_text() for path in (ROOT / "static/loader").glob("*.js"))
        assert words in " ".join(EMBEDDING.split())
