"""The chat's Markdown, drawn by the shipped modules in a real browser."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.n8nui_server import FrameServer

pytestmark = pytest.mark.browser
pytest_plugins = ["tests.e2e.n8nui_fixtures"]

Draw = Callable[..., str]

DRAW = """async ([sources, partial]) => {
  const { showMarkdown } = await import("/frame/n8n/markdown.js");
  const target = document.createElement("div");
  for (const source of sources) showMarkdown(target, source, partial);
  return target.innerHTML;
}"""
NOISE = re.compile(r' (?:dir="(?:auto|ltr)"|target="_blank"|rel="noopener noreferrer nofollow ugc"|tabindex="0")')


@pytest.fixture(autouse=True)
def _rows_for_the_server() -> None:
    """No database here."""


@pytest.fixture(scope="module")
def draw(chromium: Browser, _chat_server: FrameServer) -> Iterator[Draw]:
    """`draw(markdown, …)` shows one text after the other in the same place and gives the HTML of what stands there."""
    _chat_server.reset()  # the tests of a module before may have left it another language
    page = chromium.new_page()
    page.goto(_chat_server.url)
    yield lambda *sources, partial=False: NOISE.sub("", page.evaluate(DRAW, [list(sources), partial]))
    page.close()


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("", ""),
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("**b** *i* __b__ _i_ ~~s~~", "<p><strong>b</strong> <em>i</em> <strong>b</strong> <em>i</em> <s>s</s></p>"),
        ("***both***", "<p><strong><em>both</em></strong></p>"),
        ("*a **b** c*", "<p><em>a <strong>b</strong> c</em></p>"),
        ("snake_case_name 2 * 3 * 4 ~ 5", "<p>snake_case_name 2 * 3 * 4 ~ 5</p>"),
        ("un*frigging*believable", "<p>un<em>frigging</em>believable</p>"),
        (r"\*not\* \_it\_", "<p>*not* _it_</p>"),
        ("`a*b*` ``c`d``", "<p><code>a*b*</code> <code>c`d</code></p>"),
        ("a &amp; b &lt;c&gt; &copy;", "<p>a &amp; b &lt;c&gt; &amp;copy;</p>"),
        ("one<br>two", "<p>one<br>two</p>"),
        ("## Title ##", '<p class="heading"><strong>Title</strong></p>'),
        ("#hashtag", "<p>#hashtag</p>"),
        ("a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"),
        ("> a\n> b\n>\n> - c", "<blockquote><p>a<br>b</p><ul><li><p>c</p></li></ul></blockquote>"),
    ],
)
def test_text(draw: Draw, source: str, html: str) -> None:
    assert draw(source) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("- a\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li><p>a</p></li><li><p>b</p></li></ol>'),
        (
            "1. a\n  - b\n  - c\n2. d",
            "<ol><li><p>a</p><ul><li><p>b</p></li><li><p>c</p></li></ul></li><li><p>d</p></li></ol>",
        ),
        ("1. a\n\n   more\n\n2. b", "<ol><li><p>a</p><p>more</p></li><li><p>b</p></li></ol>"),
        ("- a\nlazy\n\nafter", "<ul><li><p>a<br>lazy</p></li></ul><p>after</p>"),
        ("Steps:\n1. a\n2. b", "<p>Steps:</p><ol><li><p>a</p></li><li><p>b</p></li></ol>"),
        ("Since\n1984. we sell", "<p>Since<br>1984. we sell</p>"),
        ("1. a\n- b", "<ol><li><p>a</p></li></ol><ul><li><p>b</p></li></ul>"),
        ("- [x] a\n- [ ] b", '<ul><li class="task"><p>☑ a</p></li><li class="task"><p>☐ b</p></li></ul>'),
        ("-", "<ul><li></li></ul>"),
    ],
)
def test_list(draw: Draw, source: str, html: str) -> None:
    assert draw(source) == html


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("```py\na = '<b>'\n\tb\n```", "a = '&lt;b&gt;'\n\tb"),
        ("~~~\n```\n~~~", "```"),
        ("```\nstill open", "still open"),
        ("```", ""),
    ],
)
def test_code_block(draw: Draw, source: str, code: str) -> None:
    html = draw(source)

    assert re.search(r"<pre><code>(.*)</code></pre>", html, re.DOTALL)[1] == code  # type: ignore[index]
    assert html.count('aria-label="Copy code"') == 1


def test_table(draw: Draw) -> None:
    html = draw("| a | b |\n|:-:|--:|\n| 1\\|2 | **3** | surplus |\n| 4 |\nafter")

    assert html == (
        '<div class="table" role="region" aria-label="Table"><table>'
        '<thead><tr><th class="center" scope="col">a</th><th class="end" scope="col">b</th></tr></thead>'
        '<tbody><tr><td class="center">1|2</td><td class="end"><strong>3</strong></td></tr>'
        '<tr><td class="center">4</td></tr></tbody></table></div><p>after</p>'
    )


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[shop](https://a.test/x)", '<p><a href="https://a.test/x">shop</a></p>'),
        ('[shop](https://a.test/x_(y) "Title")!', '<p><a href="https://a.test/x_(y)">shop</a>!</p>'),
        ("[**b** c](<https://a.test/x y>)", '<p><a href="https://a.test/x%20y"><strong>b</strong> c</a></p>'),
        ("[write](mailto:a@b.test)", '<p><a href="mailto:a@b.test">write</a></p>'),
        (
            "<https://a.test>, <a@b.test>",
            '<p><a href="https://a.test/">https://a.test</a>, <a href="mailto:a@b.test">a@b.test</a></p>',
        ),
        ("See https://a.test/x_y_z.", '<p>See <a href="https://a.test/x_y_z">https://a.test/x_y_z</a>.</p>'),
        ("(**https://a.test/b**)", '<p>(<strong><a href="https://a.test/b">https://a.test/b</a></strong>)</p>'),
        ("Mail first_last+x@b.test now", "<p>Mail first_last+x@b.test now</p>"),
        ("Mail a.b@b-c.test.", '<p>Mail <a href="mailto:a.b@b-c.test">a.b@b-c.test</a>.</p>'),
        ("[https://a.test](https://b.test)", '<p><a href="https://b.test/">https://a.test</a></p>'),
        ("![a cat](https://a.test/cat.png)", '<p><a href="https://a.test/cat.png">a cat</a></p>'),
        ("![](https://a.test/cat.png)", '<p><a href="https://a.test/cat.png">https://a.test/cat.png</a></p>'),
        ("[1] and [a][b]", "<p>[1] and [a][b]</p>"),
        ("[a](x) [b](/y) [c](ftp://a.test)", "<p>a b c</p>"),
    ],
)
def test_link(draw: Draw, source: str, html: str) -> None:
    assert draw(source) == html


def test_link_attributes(chat: Callable[[], Page]) -> None:
    html = chat().evaluate(DRAW, [["[a](https://a.test/)"], False])

    link = '<a href="https://a.test/" target="_blank" rel="noopener noreferrer nofollow ugc">a</a>'
    assert html == f'<p dir="auto">{link}</p>'


TABLE_TAGS = ("table", "thead", "tbody", "tr", "th", "td")


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<iframe src=javascript:alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](<java\nscript:alert(1)>)",
        "[x](\x01javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:msgbox(1))",
        "[x](&#106;avascript:alert(1))",
        "![x](javascript:alert(1))",
        "<javascript:alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        '[x](https://a.test/"onmouseover="alert(1))',
        '```x" onmouseover="alert(1)\n```',
        "| <img src=x onerror=alert(1)> |\n|---|\n| <b onclick=alert(1)>x |",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "`<img src=x onerror=alert(1)>`",
        "https://a.test/<script>alert(1)</script>",
        "[![x](https://a.test/x.png)](javascript:alert(1))",
    ],
)
def test_nothing_becomes_active(draw: Draw, source: str) -> None:
    html = draw(source)

    tags = set(re.findall(r"<([a-z0-9]+)", html))
    assert tags <= {"p", "a", "code", "pre", "div", "span", "button", "svg", "path", "br", *TABLE_TAGS}
    assert re.findall(r'(?:href|src)="(?!https://a\.test/)[^"]*"', html) == []
    assert re.findall(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', '""', html)) == []


GROWING = """# A *title*

Some **bold `code` and [a link](https://a.test/x_(y))**, then ~~gone~~.

1. one
   - two **three
2. four

| a | b |
|---|:-:|
| `1` | *2* |

```js
let a = "`";
```
> quote with ![image](https://a.test/i.png)
"""


def test_every_beginning_of_a_text_can_be_drawn(draw: Draw) -> None:
    beginnings = [GROWING[:end] for end in range(len(GROWING) + 1)]

    assert draw(*beginnings, partial=True) == draw(GROWING, partial=True)
    assert draw(*beginnings, GROWING.replace("quote", "end")) == draw(GROWING.replace("quote", "end"))


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Some **bo", "<p>Some <strong>bo</strong></p>"),
        ("Some **", "<p>Some </p>"),
        ("Some `co", "<p>Some <code>co</code></p>"),
        ("A [link](https://a.te", "<p>A link</p>"),
        ("*a **b", "<p><em>a <strong>b</strong></em></p>"),
    ],
)
def test_open_marks_count_as_closed_while_more_is_to_come(draw: Draw, source: str, html: str) -> None:
    assert draw(source, partial=True) == html


def test_a_growing_text_keeps_what_is_drawn(chat: Callable[[], Page]) -> None:
    kept = chat().evaluate(
        """async () => {
          const { showMarkdown } = await import("/frame/n8n/markdown.js");
          const target = document.createElement("div");
          showMarkdown(target, "one\\n\\n```\\na", true);
          const [first, code] = target.children;
          const button = code.querySelector("button");
          showMarkdown(target, "one\\n\\n```\\nab\\n```\\n\\ntwo");
          const same = [first === target.children[0], button === target.children[1].querySelector("button")];
          return [...same, target.textContent];
        }"""
    )

    assert kept == [True, True, "oneCodeabtwo"]


PATHOLOGICAL = {
    "emphasis": "*a " * 30_000,
    "openers": "*a _b " * 20_000,
    "closers": "a* b_ " * 20_000,
    "runs": "*" * 100_000,
    "alternating": "**x *y " * 15_000,
    "brackets": "[" * 100_000,
    "closed brackets": "[a]" * 30_000,
    "link starts": "[a](" * 25_000,
    "link titles": '[a](b "' * 15_000,
    "link spaces": "[a](b" + " " * 100_000,
    "images": "![" * 50_000,
    "ticks": " ".join("`" * (i % 400) for i in range(500)),
    "quotes": ">" * 100_000,
    "quote lines": "> " * 20 + "a\n" + ">" * 50_000,
    "lists": "- " * 50_000,
    "nested lists": "\n".join(" " * (2 * i) + "- a" for i in range(300)),
    "rules": "- " * 50_000 + "x",
    "fences": "```\n~~~\n" * 12_000 + "```x`",
    "tables": "a|" * 20_000 + "\n" + "-|" * 20_000 + "\n" + "|\n" * 20_000,
    "table heads": "|a\n" * 30_000,
    "spaces": "a" + " " * 100_000 + "b",
    "heading": "#" + " " * 50_000 + "a" + " #" * 20_000,
    "tildes": "~~a" * 30_000,
    "angles": "<https:" * 15_000,
    "mails": "a@" * 50_000,
    "addresses": "http://" * 15_000,
    "address ends": "https://a.test/" + ")." * 40_000,
    "escapes": "\\*" * 50_000,
    "no direction": "😀*" * 30_000,
    "line breaks": "1\n" * 30_000,
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_a_hostile_text_is_drawn(draw: Draw, name: str) -> None:
    """Quadratic time would show as the test's own time limit."""
    assert draw(PATHOLOGICAL[name]) != ""
