import re

import pytest
from aiohttp.test_utils import TestClient, TestServer

from config.demo.site.app import make_app
from config.demo.site.pages import PAGES

EMBED, DASHBOARD = "https://widgets.test", "https://dashboard.test"
IDS = {
    "license": "lic_own",
    "n8n_widget": "wgt_n8n",
    "chatkit_widget": "wgt_chatkit",
    "other_license": "lic_other",
    "other_widget": "wgt_other",
}


@pytest.fixture
def ids():
    return dict(IDS)


@pytest.fixture
async def client(ids):
    app = make_app(embed_url=EMBED, dashboard_url=DASHBOARD, ids=lambda: ids or None)
    async with TestClient(TestServer(app)) as client:
        yield client


async def read(client, path):
    async with client.get(path) as response:
        return response.status, response.headers, await response.text()


def tag(path, attributes='data-mode="popup"'):
    return f'<script async src="{EMBED}/api/widget/{path}" referrerpolicy="origin" {attributes}></script>'


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", tag("lic_own/chat-widget.js?widget=wgt_n8n")),
        ("/beans", tag("lic_own/chat-widget.js?widget=wgt_chatkit")),
        ("/visit", tag("lic_own/chat-widget.js?widget=wgt_n8n", 'data-mode="inline" data-target="#chat"')),
        ("/strict", tag("lic_own/chat-widget.js?widget=wgt_n8n")),
        ("/elsewhere", tag("lic_other/chat-widget.js?widget=wgt_other")),
    ],
)
async def test_page_carries_its_tag_once(client, path, expected):
    _, _, html = await read(client, path)
    assert re.findall(rf"<script async src=\"{EMBED}.*?</script>", html) == [expected]


async def test_chat_pages_are_linked(client):
    _, _, html = await read(client, "/chat")
    assert re.findall(rf'href="({EMBED}[^"]*)"', html) == [
        f"{EMBED}/widget/n8n/lic_own?widget=wgt_n8n",
        f"{EMBED}/widget/chatkit/lic_own?widget=wgt_chatkit",
    ]


async def test_every_page_links_to_all_and_to_the_dashboard(client):
    for page in PAGES:
        _, _, html = await read(client, page.path)
        links = re.findall(r'<li><a href="([^"]+)"', html)
        assert links == [one.path for one in PAGES]
        assert html.count(f'href="{DASHBOARD}"') == 1
        assert html.count("aria-current=page") == 1


async def test_only_the_strict_page_has_a_policy(client):
    policies = [page.path for page in PAGES if "Content-Security-Policy" in (await read(client, page.path))[1]]
    assert policies == ["/strict"]


async def test_strict_policy_names_the_embed_origin_twice(client):
    _, headers, _ = await read(client, "/strict")
    assert headers["Content-Security-Policy"].count(EMBED) == 2


async def test_ids_are_escaped(client, ids):
    ids["n8n_widget"] = '"><b>'
    _, _, html = await read(client, "/")
    assert "<b>" not in html


async def test_site_says_when_it_is_not_ready(client, ids):
    ids.clear()
    status, headers, _ = await read(client, "/")
    assert (status, headers["Refresh"]) == (503, "1")
