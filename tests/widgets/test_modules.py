from django.template import Context, Template
from django.test import RequestFactory

from tests.widgets.test_views_edit import url
from widgets.templatetags import modules


class Hashed:
    base_url = "/static/"
    hashed_files = {
        "dashboard/a.js": "dashboard/a.123.js",
        "dashboard/sub/b.js": "dashboard/sub/b.456.js",
        "dashboard/a.css": "dashboard/a.789.css",
        "admin/c.js": "admin/c.000.js",
    }


def render():
    request = RequestFactory().get("/")
    request.csp_nonce = "n0nce"
    return Template('{% load modules %}{% module_map "dashboard/" %}').render(Context({"request": request}))


def test_map_leads_modules_to_their_hashed_files(monkeypatch):
    monkeypatch.setattr(modules, "staticfiles_storage", Hashed())
    monkeypatch.setattr(modules, "static", lambda name: f"/static/{Hashed.hashed_files[name]}")
    assert render() == (
        '<script type="importmap" nonce="n0nce">{"imports":{"/static/dashboard/a.js":"/static/dashboard/a.123.js",'
        '"/static/dashboard/sub/b.js":"/static/dashboard/sub/b.456.js"}}</script>'
    )


def test_files_that_keep_their_names_need_no_map():
    assert render() == ""


def test_page_with_a_map_allows_it_by_its_nonce(client, widget, monkeypatch):
    monkeypatch.setattr(modules, "staticfiles_storage", Hashed())
    monkeypatch.setattr(modules, "static", lambda name: f"/static/{name}")
    answer = client.get(url(widget))
    nonce = answer.content.decode().partition('type="importmap" nonce="')[2].partition('"')[0]
    assert nonce
    assert f"'nonce-{nonce}'" in answer["Content-Security-Policy"]
