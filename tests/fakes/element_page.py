"""A page with the stand-in element on it, for the browser tests."""

from collections.abc import Callable
from typing import Any

import httpx
from playwright.sync_api import BrowserContext, Page, expect

from tests.fakes.serve import Served

_HTML = """<!doctype html><html lang="en"><head><title>Chat</title><meta charset="utf-8">
<style>html, body { height: 100%; margin: 0 }</style></head>
<body><script src="SCRIPT"></script></body></html>"""

# `mint` is a name of the test's; `seen` collects [event, what it says] in order.
_MOUNT = """({ options, api }) => {
  const element = document.createElement("openai-chatkit");
  const say = { error: (d) => `${d.error.name}: ${d.error.message}`, log: (d) => d.name };
  window.element = element;
  window.seen = [];
  window.thrown = [];
  window.asked = [];
  window.addEventListener("error", (event) => { window.thrown.push(event.error?.name); event.preventDefault(); });
  for (const name of ["ready", "error", "log", "response.start", "response.end", "thread.change", "thread.load.start",
    "thread.load.end", "effect", "history.open", "history.close", "tool.change"]) {
    element.addEventListener(`chatkit.${name}`, ({ detail }) => {
      window.seen.push([name, say[name]?.(detail) ?? detail ?? null]);
    });
  }
  const getClientSecret = (current) => { window.asked.push(current); return window.mint(); };
  element.setOptions({ api: api ?? { getClientSecret }, ...options });
  document.body.append(element);
}"""


FULL: dict[str, Any] = {
    "locale": "en",
    "theme": {
        "colorScheme": "light",
        "radius": "round",
        "density": "compact",
        "typography": {"baseSize": 15, "fontFamily": "Arial"},
        "color": {
            "grayscale": {"hue": 400, "tint": 5, "shade": -2},
            "accent": {"primary": "#4f46e5", "level": 2},
            "surface": {"background": "#ffffff", "foreground": "#f4f4f5"},
        },
    },
    "frameTitle": "Help",
    "initialThread": None,
    "header": {"enabled": True, "title": {"enabled": True, "text": "Support"}},
    "history": {"enabled": True, "showDelete": True, "showRename": True},
    "startScreen": {
        "greeting": "How can we help?",
        "prompts": [
            {"label": "A list", "prompt": "Give me a list", "icon": "sparkle"},
            {"label": "A table", "prompt": [{"type": "input_text", "text": "a table"}], "icon": "lucide:table"},
        ],
    },
    "threadItemActions": {"feedback": True, "retry": True},
    "thread": {"autoScroll": True},
    "composer": {"placeholder": "Ask us", "attachments": {"enabled": True, "maxCount": 2}},
    "disclaimer": {"text": "May be *wrong*."},
}


class ElementPage:
    """`mint` answers the element's getClientSecret; it may raise."""

    def __init__(
        self, context: BrowserContext, fakes: Served, mint: Callable[[], str], *, url: str = "", **headers: str
    ):
        self.fakes = fakes
        self.page: Page = context.new_page()
        self.page.expose_function("mint", mint)
        self.url = url or f"{fakes.url}/page"
        html = _HTML.replace("SCRIPT", f"{fakes.url}/cdn/chatkit.js")
        answer = {"Content-Type": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
        self.page.route(self.url, lambda route: route.fulfill(body=html, headers=answer))
        self.page.goto(self.url)

    def mount(self, options: dict[str, Any] | None = None, api: dict[str, Any] | None = None) -> None:
        self.page.evaluate(_MOUNT, {"options": options or {}, "api": api})

    def wait_for(self, event: str, says: Any = None, times: int = 1) -> None:
        self.page.wait_for_function(
            "([event, says, times]) => "
            "window.seen.filter(([e, s]) => e === event && (says === null || s === says)).length >= times",
            arg=[event, says, times],
        )

    def seen(self, *names: str) -> list[Any]:
        """What the events of these names said, in order."""
        return [says for event, says in self.page.evaluate("window.seen") if event in names]

    def say(self, text: str) -> None:
        """Once nothing is being answered: until then the element sends nothing."""
        self.page.get_by_test_id("composer").fill(text)
        expect(self.page.get_by_role("button", name="Send message")).to_be_enabled()
        self.page.keyboard.press("Enter")

    def texts(self, role: str) -> list[str]:
        return self.page.locator(f"[data-role={role}] .body").all_inner_texts()


def new_secret(fakes: Served, user: str = "alice", **more: Any) -> str:
    body = {"user": user, "workflow": {"id": "wf_demo"}, "rate_limits": {"max_requests_per_1_minute": 100}} | more
    headers = {"Authorization": "Bearer sk-demo-1", "OpenAI-Beta": "chatkit_beta=v1"}
    answer = httpx.post(f"{fakes.url}/openai/v1/chatkit/sessions", json=body, headers=headers, trust_env=False)
    secret: str = answer.json()["client_secret"]
    return secret


def is_pending(one: ElementPage, call: str) -> bool:
    """Has the method not settled after a while?"""
    wait = "new Promise((resolve) => setTimeout(() => resolve(true), 300))"
    pending: bool = one.page.evaluate(f"Promise.race([window.element.{call}.then(() => false, () => false), {wait}])")
    return pending
