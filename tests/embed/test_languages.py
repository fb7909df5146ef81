"""A visitor gets the chat in her language, from the launcher to the last error."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from core.codes import MEANINGS
from embed.assets import ROOT, get_asset, stage_2
from embed.languages import choose, pattern
from embed.strings import _FOLDER, FAILED, strings_for
from tests.build import make_license, make_widget
from tests.frames import SITE, boot_of
from widgets.models import Widget

LANGUAGES = {"de", "fr", "es", "it", "pt", "nl", "pl", "ar", "he", "ja"}
FRAME = ("frame.css", "frame-n8n.css", "frame-n8n.js")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("de-AT", "de"),
        ("de", "de"),
        ("tlh,fr-CA,de", "fr"),
        ("en-US,de", "en"),
        ("pt", "pt-BR"),
        ("fr-de", "fr"),
        ("den,arq", "en"),
        ("zh-tw,zh", "zh-TW"),
        ("zh-HK", "zh"),
        ("", "en"),
        ("da, de;q=0.8, en;q=0.5", "de"),
    ],
)
def test_first_language_that_is_wanted_and_spoken(wanted, found):
    assert choose(("en", "de", "fr", "pt-BR", "ar", "zh", "zh-TW"), wanted) == found


def test_pattern_finds_nothing_to_fetch_for_the_default():
    found = re.search(pattern(("en", "de")), ",en-GB,de")
    assert found is not None
    assert found[1] == ""


def keys_of_the_scripts() -> set[str]:
    english = (ROOT / "frame/n8n/strings.js").read_text().partition("const ENGLISH = {")[2].partition("};")[0]
    keys = set(re.findall(r"^  (\w+):", english, re.MULTILINE))
    for script in (ROOT / "frame").rglob("*.js"):
        keys |= set(re.findall(r'\bsay\("(\w+)"', script.read_text()))
    return keys


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_language_has_every_word_with_its_holes(language):
    words = strings_for(language)
    assert set(words) == keys_of_the_scripts() | {meaning.say for meaning in MEANINGS.values()} | {FAILED}
    english = (ROOT / "frame/n8n/strings.js").read_text()
    for key, text in words.items():
        before = re.search(rf'^  {re.escape(key)}: "(.*)",$', english, re.MULTILINE)
        assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", before[1] if before else key), key


def test_languages_are_those_that_we_promise():
    assert {path.stem for path in _FOLDER.iterdir()} == LANGUAGES
    assert strings_for("pt-BR") == strings_for("pt")
    assert strings_for("en") == strings_for("") == strings_for("sv") == strings_for("../words/de") == {}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_frame_with_its_words_within_30_kilobytes(language):
    words = json.dumps(strings_for(language), ensure_ascii=False).encode()
    assert sum(len(get_asset(name).br) for name in FRAME) + len(words) <= 30_000


@pytest.fixture
def widget(db) -> Widget:
    rows = [
        {"language": "de", "texts": {"title": "Hilfe"}, "launcher": {"label": "Frag uns"}, "teaser": {"text": "Na?"}},
        {"language": "ar"},
    ]
    triggers = {"delay": 20, "scroll": 50, "exit": True, "urls": ["/pricing"]}
    return make_widget(make_license(), configuration={"translations": rows, "triggers": triggers})


def baked(script: bytes) -> Any:
    text = re.sub(r'(?<=[{,])(\w+):(?=["{\d]|true)', r'"\1":', script.decode())  # keys without quotes
    return json.JSONDecoder().raw_decode(text, text.index('{"o"'))[0]


pytestmark = pytest.mark.django_db(transaction=True)


def test_loader_knows_the_languages_and_the_triggers(client: Client, widget: Widget) -> None:
    config = baked(client.get(f"/api/widget/{widget.license.public_id}/chat-widget.js").content)
    assert (config["g"], config["label"], config["at"]) == (pattern(("en", "de", "ar")), "Chat with us", {"lang": "en"})
    assert config["open"] == {
        "delay": 20,
        "scroll": 50,
        "exit": True,
        "urls": r"^https?://[^/]+/pricing(?:[?#].*)?$",
    }


def test_words_of_a_language_are_a_module(client: Client, widget: Widget) -> None:
    path = f"/widget/n8n/{widget.license.public_id}?widget={widget.public_id}"
    german, arabic = (client.get(f"{path}&words={tag}") for tag in ("de", "ar"))
    assert german.content.startswith(b"export default {")
    assert (german["Access-Control-Allow-Origin"], german["Cache-Control"][:7]) == ("*", "public,")
    config = baked(german.content)
    assert (config["label"], config["t"]["text"], config["at"]) == ("Frag uns", "Na?", {"lang": "de"})
    assert config["s"] == stage_2("de").path
    assert baked(arabic.content)["at"] == {"lang": "ar", "dir": "rtl"}


def test_widget_of_one_language_has_no_words(client: Client, db: None) -> None:
    widget = make_widget(make_license())
    path = f"/widget/n8n/{widget.license.public_id}"
    assert client.get(f"{path}?words=de").status_code == 404
    assert b"navigator.languages" not in client.get(f"/api/widget/{widget.license.public_id}/chat-widget.js").content


def test_frame_is_in_the_language_that_the_loader_says_else_the_browsers(client: Client, widget: Widget) -> None:
    def boot(query: str = "", accept: str = "") -> Any:
        path = f"/widget/n8n/{widget.license.public_id}?widget={widget.public_id}{query}"
        headers = {"Referer": f"{SITE}/", "Sec-Fetch-Dest": "iframe", "Accept-Language": accept}
        return boot_of(client.get(path, headers=headers).content.decode())

    german = boot("&lang=de", "ar")
    assert (german["config"]["title"], german["lang"], german["dir"]) == ("Hilfe", "de", "ltr")
    assert german["strings"]["send"] == "Nachricht senden"
    assert boot("", "ar-EG,de")["dir"] == "rtl"
    assert boot("", "fr")["lang"] == "en"
    assert boot()["strings"] == {}
