import re
from copy import deepcopy

import pytest

from core.codes import Code
from embed.assets import find_asset, get_asset
from embed.loader import ICONS, IN_RESERVE, bake, render_loader, render_refusal
from embed.strings import FAILED

CONFIG = {
    "o": "https://embed.chatdock.example",
    "f": "/widget/n8n/lic_8KxQm2VwTz4nRb7LpYc9Hd?widget=wgt_3JfGs6NvXa1eUk5WqZt0Mo",
    "l": {
        "label": "Chat with us",
        "text": "",
        "icon": "chat",
        "color": "#4338ca",
        "ink": "#ffffff",
        "size": 60,
        "side": "right",
        "x": 20,
        "y": 24,
        "z": 2147483000,
        "radius": 30,
    },
    "win": {"w": 400, "h": 640},
    "t": None,
    "open": {},
    "lang": "en",
    "dir": "ltr",
}
FULL = {
    "t": {"text": "Hello! Questions about your order? We usually answer at once.", "delay": 3},
    "open": {"delay": 30, "scroll": 60, "exit": True, "urls": ["/pricing", "/docs/*"]},
}


def config(**changes):
    made = deepcopy(CONFIG)
    launcher, window = changes.pop("l", {}), changes.pop("win", {})
    return made | changes | {"l": made["l"] | launcher, "win": made["win"] | window}


def baked(**changes):
    """The configuration that the script starts with."""
    return bake(config(**changes))


def test_stage_1_within_its_budget():
    assert len(render_loader(config()).br) <= 1_280  # the promise is 1,536


def test_stage_1_with_everything_on_within_its_budget():
    assert len(render_loader(config(**FULL, l={"text": "Ask us"})).br) <= 1_410  # the promise is 1,536


def test_configuration_is_written_without_the_quotes_of_its_keys():
    script = render_loader(config(l={"label": 'Say {"o":1},"f":2'})).body.decode()
    assert script.startswith('(()=>{let c={o:"https://embed.chatdock.example",f:"/widget/n8n/lic_')
    assert r'label:"Say {\"o\":1},\"f\":2",text:""' in script


LANGUAGES = ("en", "de", "fr", "pt-BR", "ar")
IMAGE = {"icon": "https://shop.example/logo.png"}
GERMAN = {"label": "Chatten Sie mit uns", "text": "Frag uns"}


@pytest.mark.parametrize(
    "more",
    [
        {"languages": LANGUAGES},
        {"l": IMAGE},
        {"l": {"text": "Ask us"}, "languages": LANGUAGES},
        {"l": IMAGE | {"text": "Ask us"}},
        {"l": IMAGE | {"text": "Ask us"}, "languages": LANGUAGES},
        {"l": IMAGE | GERMAN, "languages": LANGUAGES, "lang": "de"},
    ],
)
@pytest.mark.parametrize("full", [{}, FULL])
def test_stage_1_keeps_its_promise(more, full):
    assert len(render_loader(config(**full, **more)).br) <= 1_536


def test_loader_bakes_the_configuration():
    assert baked() == {
        "o": "https://embed.chatdock.example",
        "f": "/widget/n8n/lic_8KxQm2VwTz4nRb7LpYc9Hd?widget=wgt_3JfGs6NvXa1eUk5WqZt0Mo",
        "s": get_asset("loader.js").path,
        "label": "Chat with us",
        "text": "",
        "icon": ICONS["chat"],
        "css": ":host{all:initial!important;--c:#4338ca;--i:#ffffff;--s:60px;--r:30px;--z:2147483000;--x:20px;--y:24px;"
        "--at:auto 20px;--w:400px;--h:640px}",
        "at": {"lang": "en", "dir": "ltr"},
    }


def test_loader_on_the_left():
    assert "--at:20px auto;" in baked(l={"side": "left"})["css"]


def test_loader_with_text_gets_room_for_it():
    assert "button{padding:0 20px}" in baked(l={"text": "Ask us"})["css"]


def test_loader_with_an_image_keeps_an_icon_in_reserve():
    made = baked(l={"icon": "https://shop.example/logo.png"})
    assert (made["image"], made["icon"]) == ("https://shop.example/logo.png", IN_RESERVE)


def test_loader_without_a_direction_takes_the_page_s():
    assert baked(dir="", lang="")["at"] == {}


@pytest.mark.parametrize(
    ("lang", "close", "failed"),
    [
        ("de-AT", "Chat schließen", "Der Chat ist gerade nicht erreichbar."),
        ("sv", "Close", FAILED),
        ("en", "Close", FAILED),
    ],
)
def test_words_of_the_second_stage_are_in_the_language(lang, close, failed):
    stage_2 = find_asset(baked(lang=lang)["s"].removeprefix("/embed/"))
    script = stage_2.body.decode()
    assert (script.count(f'"{close}"'), script.count(f'"{failed}"')) == (2, 1)


def test_loader_keeps_the_language_s_own_characters():
    assert "Frag uns über alles".encode() in render_loader(config(l={"text": "Frag uns über alles"})).body


def test_loader_is_named_after_nothing_but_its_content():
    one, two = render_loader(config()), render_loader(config(l={"size": 56}))
    assert (one.path, one.etag == two.etag, one.etag == render_loader(config()).etag) == ("", False, True)


@pytest.mark.parametrize(
    ("triggers", "made"),
    [
        ({"delay": 5}, {"delay": 5, "urls": ""}),
        ({"scroll": 50}, {"scroll": 50, "urls": ""}),
        ({"exit": True, "delay": 0}, {"exit": True, "urls": ""}),
        ({"urls": ["/a"]}, {"delay": 0, "urls": r"^https?://[^/]+/a(?:[?#].*)?$"}),
    ],
)
def test_loader_bakes_triggers(triggers, made):
    assert baked(open=triggers)["open"] == made


@pytest.mark.parametrize(
    ("pattern", "url", "matches"),
    [
        ("/pricing", "https://shop.example/pricing", True),
        ("/pricing", "http://shop.example:8000/pricing?a=1#b", True),
        ("/pricing", "https://shop.example/pricing/more", False),
        ("/pricing", "https://shop.example/x/pricing", False),
        ("/docs/*", "https://shop.example/docs/a/b", True),
        ("/a.b", "https://shop.example/aXb", False),
        ("https://shop.example/*", "https://shop.example/", True),
        ("https://shop.example/*", "https://shopXexample/", False),
        ("shop.example/*", "https://shop.example/cart", True),
        ("/a(b)+[c]", "https://shop.example/a(b)+[c]", True),
    ],
)
def test_loader_address_patterns(pattern, url, matches):
    expression = baked(open={"urls": [pattern]})["open"]["urls"]
    assert bool(re.search(expression, url)) is matches


def test_refusal_only_logs_why():
    script = render_refusal(Code.LICENSE_EXPIRED).body.decode()
    assert script == (
        'console.warn("[Chatdock] license_expired: The licence has expired. Renew it to bring the chat back.");\n'
    )
