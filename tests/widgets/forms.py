"""Forms as a browser would send them back."""

from html.parser import HTMLParser
from typing import Any


class _Fields(HTMLParser):
    """The successful controls of the form with an id; what stands in <template> and <noscript> is no part of it."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside, self.ignored = form_id, False, 0
        self.values: dict[str, list[str]] = {}
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("template", "noscript"):
            self.ignored += 1
        elif tag == "form":
            self.inside = given.get("id") == self.form_id
        elif self.inside and not self.ignored:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "select":
            self.select = name
        elif tag == "option" and "selected" in given and self.select:
            self.add(self.select, given["value"])
        elif tag == "textarea":
            self.textarea = name
            self.add(name, "")
        elif tag == "input" and name and (given.get("type") != "checkbox" or "checked" in given):
            self.add(name, given.get("value", "on" if given.get("type") == "checkbox" else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("template", "noscript"):
            self.ignored -= 1
        elif tag == "form":
            self.inside = False
        elif tag in ("textarea", "select"):
            self.select = self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea and self.inside and not self.ignored:
            self.values[self.textarea][-1] += data.removeprefix("\n")

    def add(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)


def fields_of(response: Any, form_id: str = "draft") -> dict[str, list[str]]:
    parser = _Fields(form_id)
    parser.feed(response.content.decode())
    parser.values.pop("csrfmiddlewaretoken", None)
    return parser.values
