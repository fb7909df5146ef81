"""The pages of the site, and the tag that a site owner would paste on each."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

TEMPLATES = Path(__file__).parent / "templates"
# Ids: license, n8n_widget, chatkit_widget, other_license, other_widget.
# Addresses, without a slash at the end: embed, dashboard.
Facts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tag:
    """`license` and `widget` are names of facts."""

    widget: str
    license: str = "license"
    mode: str = "popup"
    target: str = ""

    def html(self, facts: Facts) -> str:
        src = f"{facts['embed']}/api/widget/{facts[self.license]}/chat-widget.js?widget={facts[self.widget]}"
        target = f' data-target="{self.target}"' if self.target else ""
        return f'<script async src="{escape(src)}" referrerpolicy="origin" data-mode="{self.mode}"{target}></script>'


@dataclass(frozen=True, slots=True)
class Page:
    path: str
    label: str  # in the navigation
    title: str
    template: str
    tag: Tag | None = None
    strict: bool = False  # served with `strict_policy`


PAGES = (
    Page("/", "Home", "Coffee from the quay", "home", Tag("n8n_widget")),
    Page("/beans", "Beans", "Our beans", "beans", Tag("chatkit_widget")),
    Page("/visit", "Visit us", "Visit us", "visit", Tag("n8n_widget", mode="inline", target="#chat")),
    Page("/chat", "Chat pages", "Chat on a page of its own", "chat"),
    Page("/strict", "Strict site", "A site with strict rules", "strict", Tag("n8n_widget"), strict=True),
    Page("/elsewhere", "Not listed", "Not on the list", "elsewhere", Tag("other_widget", "other_license")),
)


def render(page: Page, facts: Facts) -> str:
    tag = page.tag.html(facts) if page.tag else ""
    safe = {name: escape(value) for name, value in facts.items()}
    return _template("layout").substitute(
        safe,
        title=escape(page.title),
        links="".join(_link(one, here=one is page) for one in PAGES),
        body=_template(page.template).substitute(safe),
        note=_template("tag").substitute(tag=escape(tag, quote=False)) if tag else "",
        tag=tag,
    )


def _link(page: Page, *, here: bool) -> str:
    return f'<li><a href="{page.path}"{" aria-current=page" if here else ""}>{page.label}</a></li>'


def _template(name: str) -> Template:
    return Template((TEMPLATES / f"{name}.html").read_text())
