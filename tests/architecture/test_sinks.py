"""What a strict Content-Security-Policy with Trusted Types forbids does not stand in our files."""

import re

import pytest

from tests.architecture import ROOT, name

SCRIPT = re.compile(
    r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function|setAttribute\(\s*[\"']style)\b"
)
MARKUP = re.compile(
    r"<[^>]*\s(on[a-z]+|style)\s*=|<script(?![^>]*(src=|nonce=|type=[\"']?(application/json|importmap)))"
)


def test_scripts_have_no_sinks():
    found = _findings(SCRIPT, (ROOT / "static").rglob("*.js"))
    assert found == []


def test_pages_have_no_inline_code():
    pages = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "config" / "demo").rglob("*.html")]
    assert _findings(MARKUP, pages) == []


@pytest.mark.parametrize("line", ["node.innerHTML = text", "eval(text)", 'node.setAttribute("style", text)'])
def test_a_sink_is_found(line):
    assert SCRIPT.search(line)


@pytest.mark.parametrize("line", ['<p style="x">', '<a href="#" onclick="x()">', "<script>"])
def test_inline_code_is_found(line):
    assert MARKUP.search(line)


def _findings(pattern, paths):
    return [
        f"{name(path)}:{number} {line.strip()}"
        for path in paths
        if "vendor" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]
