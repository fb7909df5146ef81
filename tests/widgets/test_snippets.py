"""What stands in a snippet; whether it works is tried in a browser (tests/e2e/test_snippets.py, make test-snippets)."""

import json

import pytest
from django.conf import settings

from tests.build import make_widget
from widgets.snippets import PLATFORMS, Mode, Options, csp_lines, make_embed

pytestmark = pytest.mark.django_db

HOSTILE = "\"'</script><b>{{ 7*7 }}{% x %}<?php ?>`${x}"
EVERY = [(platform, mode) for platform in PLATFORMS for mode in platform.modes]


def code(widget, platform_id, **options) -> str:
    embed = make_embed(widget, "https://chat.example.com/full", Options(**options))
    return next(platform for platform in PLATFORMS if platform.id == platform_id).guide(embed).file.code


def source(widget) -> str:
    return f"{settings.EMBED_URL}/api/widget/{widget.license.public_id}/chat-widget.js?widget={widget.public_id}"


def test_platforms_are_the_promised_ones():
    assert [platform.label for platform in PLATFORMS] == [
        "HTML",
        "React",
        "Next.js App Router",
        "Next.js Pages Router",
        "Vue",
        "Nuxt",
        "Svelte",
        "Angular",
        "WordPress",
        "Shopify",
        "Wix",
        "Webflow",
        "Squarespace",
        "Google Tag Manager",
        "Plain iframe",
        "Full-page link",
    ]


def test_popup_tag_has_no_default_option(widget):
    tag = f'<script async fetchpriority="low" referrerpolicy="origin" src="{source(widget)}"></script>'
    assert code(widget, "html") == tag


def test_inline_names_its_element(widget):
    tag = f'<script async fetchpriority="low" referrerpolicy="origin" src="{source(widget)}" data-mode="inline"'
    assert code(widget, "html", mode=Mode.INLINE) == f'<div id="chat"></div>\n{tag} data-target="#chat"></script>'
    tall = code(widget, "html", mode=Mode.INLINE, target="help", height=500)
    assert tall == f'<div id="help" style="height: 500px"></div>\n{tag} data-target="#help"></script>'


@pytest.mark.parametrize(("platform", "mode"), EVERY, ids=lambda value: getattr(value, "id", value))
def test_default_mode_and_target_are_never_spelled(widget, platform, mode):
    embed = make_embed(widget, "https://chat.example.com/full", Options(mode))
    assert "popup" not in platform.guide(embed).file.code


@pytest.mark.parametrize(("platform", "mode"), EVERY, ids=lambda value: getattr(value, "id", value))
def test_steps_are_sentences(widget, platform, mode):
    steps = platform.guide(make_embed(widget, "https://chat.example.com/full", Options(mode))).steps
    assert [step for step in steps if not step.endswith(".")] == []
    assert steps


@pytest.mark.parametrize(("platform", "mode"), EVERY, ids=lambda value: getattr(value, "id", value))
def test_hostile_label_leaves_no_language(license, platform, mode):
    widget = make_widget(license, configuration={"launcher": {"label": HOSTILE}})
    text = platform.guide(make_embed(widget, "https://chat.example.com/full", Options(mode))).file.code
    assert [part for part in ("</script><b>", "{{ 7", "{% x", "<?php ?") if part in text] == []


def test_label_is_the_launchers_in_each_language(license):
    widget = make_widget(license, configuration={"launcher": {"label": 'Ask "us" <now>'}})
    wanted = json.dumps('Ask "us" <now>').replace("<", "\\u003c")
    assert ">Ask &quot;us&quot; &lt;now&gt;</button>" in code(widget, "html", mode=Mode.API)
    assert f"{{{wanted}}}</button>" in code(widget, "react", mode=Mode.API)
    assert f"const label = {wanted};" in code(widget, "vue", mode=Mode.API)
    assert 'title="Ask &quot;us&quot; &lt;now&gt;"' in code(widget, "iframe", mode=Mode.INLINE)


def test_policy_names_our_host_and_the_launchers_image(license, widget):
    ours = f"script-src {settings.EMBED_URL};\nframe-src {settings.EMBED_URL};"
    pictured = make_widget(license, configuration={"launcher": {"image": "https://cdn.example.com/a/b.png"}})
    assert csp_lines(widget) == ours
    assert csp_lines(pictured) == f"{ours}\nimg-src https://cdn.example.com;"
