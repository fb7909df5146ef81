from urllib.parse import unquote

import pytest
from django.conf import settings

from licenses.services import set_allow_localhost
from tests.build import make_widget
from widgets.snippets import PLATFORMS, Mode

BASE = "/o/alices-shop/widgets/"


def url(widget, page="", query="") -> str:
    return f"{BASE}{widget.public_id}/install/{page}{query}"


def shown(response) -> dict:
    return {one.platform.id: one for one in response.context["platforms"]}


def test_page_has_the_exact_tag(client, widget, license):
    source = f"{settings.EMBED_URL}/api/widget/{license.public_id}/chat-widget.js?widget={widget.public_id}"
    code = shown(client.get(url(widget)))["html"].guide.file.code
    assert code == f'<script async fetchpriority="low" referrerpolicy="origin" src="{source}"></script>'


def test_link_leads_to_the_frame(client, widget, license):
    code = shown(client.get(url(widget)))["link"].guide.file.code
    assert code == f"{settings.EMBED_URL}/widget/n8n/{license.public_id}?widget={widget.public_id}"


@pytest.mark.parametrize("mode", list(Mode))
def test_each_mode_shows_the_platforms_that_know_it(client, widget, mode):
    assert list(shown(client.get(url(widget, query=f"?mode={mode}")))) == [
        platform.id for platform in PLATFORMS if mode in platform.modes
    ]


def test_platform_of_another_mode_leads_to_it(client, widget):
    page = client.get(url(widget)).content.decode()
    assert '<a href="?mode=inline#on-iframe">Switch to “In the page”</a>' in page
    assert client.get(url(widget, query="?mode=inline")).context["elsewhere"] == []


def test_code_for_identity_is_folded_while_it_is_off(client, license):
    identified = {"visitors": {"identity": "optional"}}
    on = make_widget(license, configuration=identified, secrets={"identity_secret": "s" * 40})
    folded = "<details><summary>How your server signs"
    pages = [client.get(url(widget)).content.decode() for widget in (make_widget(license), on)]
    assert [folded in page for page in pages] == [True, False]


def test_options_go_into_the_code(client, widget):
    response = client.get(url(widget, query="?mode=inline&target=help&height=500"))
    assert '<div id="help" style="height: 500px"></div>' in shown(response)["html"].guide.file.code


def test_wrong_options_are_told_and_left_out(client, widget):
    response = client.get(url(widget, query="?mode=inline&target=a%20b&height=5"))
    assert sorted(response.context["form"].errors) == ["height", "target"]
    assert shown(response)["html"].guide.file.code.startswith('<div id="chat"></div>')
    assert "Begin with a letter" in response.content.decode()


def test_unknown_mode_is_a_popup(client, widget):
    assert client.get(url(widget, query="?mode=fax")).context["mode"] is Mode.POPUP


def test_file_is_what_the_page_shows(client, widget):
    page = shown(client.get(url(widget, query="?mode=inline")))["vue"].guide.file
    file = client.get(url(widget, "vue/", "?mode=inline"))
    assert file.content.decode() == page.code + "\n"
    assert file.headers["Content-Disposition"] == 'attachment; filename="Chat.vue"'


def test_mail_carries_steps_and_code(client, widget):
    one = shown(client.get(url(widget)))["shopify"]
    body = unquote(one.mail).replace("\r\n", "\n")
    assert body.startswith("mailto:?subject=The chat for our website&body=This puts our chat on the website (Shopify).")
    assert [part for part in (*one.guide.steps, one.guide.file.code) if part not in body] == []


def test_file_that_is_not_there(client, widget, charlies_widget):
    absent = client.get(f"{BASE}wgt_0/install/html/")
    answers = [
        client.get(url(widget, "fax/")),
        client.get(url(widget, "wix/", "?mode=none")),
        client.get(url(charlies_widget, "html/")),
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, absent.content)}


def test_page_names_domains_and_policy(client, widget, license, alice):
    set_allow_localhost(actor=alice, license=license, allowed=True)
    page = client.get(url(widget)).content.decode()
    assert ("shop.test" in page, "Localhost is allowed" in page) == (True, True)
    assert f"frame-src {settings.EMBED_URL};" in page
    assert "allowlist" not in page


def test_page_of_chatkit_names_the_host_for_openai(client, license, settings):
    settings.EMBED_URL = "https://chat.example.com:8443"
    response = client.get(url(make_widget(license, "chatkit")))
    assert (response.context["frame_host"], "OpenAI’s domain allowlist" in response.content.decode()) == (
        "chat.example.com",
        True,
    )


def test_page_takes_as_many_queries_as_ever(client, widget, django_assert_num_queries):
    with django_assert_num_queries(5):  # session, user, memberships, widget, rules
        client.get(url(widget, query="?mode=inline"))
