"""Light or dark, chosen by a person."""

import pytest
from django.test import RequestFactory
from django.views.defaults import page_not_found

from core.themes import COOKIE

LOGIN = "/login/"


def choose(client, theme: str, back: str = LOGIN):
    return client.post("/theme/", {"theme": theme, "next": back})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_choice_comes_with_the_page(client, theme):
    assert choose(client, theme).url == LOGIN
    page = client.get(LOGIN).content.decode()
    assert f'<html lang="en" data-theme="{theme}">' in page
    assert f'<meta name="color-scheme" content="{theme}">' in page
    assert page.count('aria-pressed="true"') == 1


@pytest.mark.parametrize("theme", ["system", "", "pink"])
def test_anything_else_is_what_the_system_says(client, theme):
    choose(client, "light")
    choose(client, theme)
    page = client.get(LOGIN).content.decode()
    assert '<html lang="en">' in page
    assert '<meta name="color-scheme" content="light dark">' in page


def test_cookie_that_was_meddled_with_is_left_out(client):
    client.cookies[COOKIE] = 'dark"><script>'
    assert '<html lang="en">' in client.get(LOGIN).content.decode()


def test_error_pages_follow():
    request = RequestFactory().get("/nowhere/")
    request.COOKIES[COOKIE] = "dark"
    assert 'data-theme="dark"' in page_not_found(request, ValueError()).content.decode()


@pytest.mark.parametrize("back", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", ""])
def test_it_leads_to_our_own_pages_only(client, back):
    assert choose(client, "dark", back).url == "/"


def test_cookie_is_kept_a_year_and_out_of_reach_of_scripts(client):
    cookie = choose(client, "dark").cookies[COOKIE]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (31536000, True, "Lax")


def test_choosing_takes_a_post(client):
    assert client.get("/theme/").status_code == 405
