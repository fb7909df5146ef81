import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from licenses.domains import LOCALHOST_RULES, RuleError, parse_many, parse_rule


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("example.com", "https://example.com"),
        ("  Example.COM  ", "https://example.com"),
        ("HTTPS://example.com", "https://example.com"),
        ("https://example.com:443", "https://example.com"),
        ("example.com:8443", "https://example.com:8443"),
        ("example.com:80", "https://example.com:80"),
        ("example.com:1", "https://example.com:1"),
        ("example.com:65535", "https://example.com:65535"),
        ("example.com:*", "https://example.com:*"),
        ("example.com.", "https://example.com"),
        ("*.shop.example.com", "https://*.shop.example.com"),
        ("https://*.example.com:8443", "https://*.example.com:8443"),
        ("-x-.example.net", "https://-x-.example.net"),
        ("-x-.münchen.de", "https://-x-.xn--mnchen-3ya.de"),
        ("MÜNCHEN.de", "https://xn--mnchen-3ya.de"),
        ("faß.de", "https://xn--fa-hia.de"),
        ("xn--fa-hia.de", "https://xn--fa-hia.de"),
        ("ex\u0430mple.com", "https://xn--exmple-4nf.com"),  # Cyrillic a
        ("example\u3002com", "https://example.com"),  # ideographic full stop
        ("\uff45xample.com", "https://example.com"),  # full-width e
        ("exam\u00adple.com", "https://example.com"),  # soft hyphen
        ("例え.テスト", "https://xn--r8jz45g.xn--zckzah"),
        ("alice.github.io", "https://alice.github.io"),
        ("github.io", "https://github.io"),
        ("*.alice.github.io", "https://*.alice.github.io"),
        ("shop.test", "https://shop.test"),
        (f"{'a.' * 125}com", f"https://{'a.' * 125}com"),  # 253 characters
    ],
)
def test_parse_rule_of_a_website(text, source):
    assert parse_rule(text).source == source


EMPTY = "Write a domain, such as example.com."
NO_HOST = "This is not a domain name. Write it as in the browser's address bar: example.com."
NO_IP = "An IP address cannot be allowed. Write a domain, such as example.com."
NO_PORT = "A port is a number from 1 to 65535, or * for every port. Most websites need none."
NO_USER = "Leave out the user name and the @. Write the domain alone, such as example.com."
NO_HTTP = "A website needs https to embed the chat. Write the domain without http://."
LOCALHOST = "Local development has its own switch. Turn on “Allow localhost”: it covers localhost and 127.0.0.1."
STAR = "A * can only stand in front, for every subdomain: *.example.com."
SCHEME = "Only websites on https can be allowed. Write the domain alone, such as example.com."
PART = "This is only a part of a domain. Write the whole, such as example.com."


def one_page(website):
    return f"A rule covers the whole website, not one page. Write {website}."


def underscore(parent):
    return f"Browsers ignore a rule with an underscore. Allow all of *.{parent} instead."


def strangers(host):
    return f"Strangers have websites under {host}. List your own addresses one by one."


REFUSED = [
    ("", EMPTY),
    ("https://", EMPTY),
    ("*.", EMPTY),
    (":443", EMPTY),
    ("https://example.com/", one_page("example.com")),
    ("example.com:8443/page", one_page("example.com:8443")),
    ("example.com?a=1", one_page("example.com")),
    ("example.com#top", one_page("example.com")),
    ("//example.com", one_page("example.com")),
    ("user@example.com", NO_USER),
    ("https://user:secret@example.com", NO_USER),
    ("ftp://example.com", SCHEME),
    ("javascript://example.com", SCHEME),
    ("http://example.com", NO_HTTP),
    ("http://*.example.com:8080", NO_HTTP),
    ("*", "A * alone would allow every website. Write the domain, such as example.com or *.example.com."),
    ("a*.example.com", STAR),
    ("a.*.example.com", STAR),
    ("*.*.example.com", STAR),
    ("*example.com", STAR),
    ("example.*", STAR),
    ("foo_bar.example.net", underscore("example.net")),
    ("*.a.foo_bar.b_c.münchen.de:8443", underscore("münchen.de")),
    ("foo_bar.exa mple.net", NO_HOST),
    ("foo_bar", NO_HOST),
    ("intranet", PART),
    ("com", PART),
    ("co.uk", "co.uk is an ending, not a website. Write the whole domain, such as example.co.uk."),
    ("*.com", strangers("com")),
    ("*.co.uk", strangers("co.uk")),
    ("*.github.io", strangers("github.io")),
    ("*.vercel.app", strangers("vercel.app")),
    ("*.amazonaws.com", strangers("amazonaws.com")),
    ("*.intranet", strangers("intranet")),
    ("*.xn--p1ai", strangers("xn--p1ai")),
    ("localhost", LOCALHOST),
    ("localhost:3000", LOCALHOST),
    ("http://localhost:3000", LOCALHOST),
    ("app.localhost", LOCALHOST),
    ("*.localhost", LOCALHOST),
    ("127.0.0.1:8000", LOCALHOST),
    ("93.184.216.34", NO_IP),
    ("2130706433", NO_IP),
    ("0x7f.1", NO_IP),
    ("*.0.0.1", NO_IP),
    ("::1", NO_IP),
    ("https://[::1]:3000", NO_IP),
    ("example.com:", NO_PORT),
    ("example.com:0", NO_PORT),
    ("example.com:65536", NO_PORT),
    ("example.com:0443", NO_PORT),
    ("example.com:\u0664", NO_PORT),
    (".example.com", NO_HOST),
    ("a..example.com", NO_HOST),
    ("example.com..", NO_HOST),
    ("exa mple.com", NO_HOST),
    ("example.com\\evil.net", NO_HOST),
    ("example%2ecom", NO_HOST),
    ("a\uff0fb.example.com", NO_HOST),  # full-width slash
    ("\uff0a.example.com", NO_HOST),  # full-width asterisk
    ("❤.example.com", NO_HOST),  # IDNA knows no emoji
    (f"{'a' * 64}.com", NO_HOST),
    ("a." * 126 + "com", "A domain has at most 253 characters."),
    ("ü." * 120 + "com", NO_HOST),  # too long once in ASCII
    # attempts to write a second directive, source or header
    ("example.com; script-src *", STAR),
    ("example.com; sandbox", NO_HOST),
    ("example.com 'unsafe-inline'", NO_HOST),
    ("example.com,evil.net", NO_HOST),
    ("example.com\r\nSet-Cookie:a", NO_PORT),
    ("example.com\nhttps", NO_HOST),
    ('example.com"', NO_HOST),
    ("'none'", NO_HOST),
    ("'self'", NO_HOST),
    ("example.com\x00", NO_HOST),
    ("https:", NO_PORT),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_parse_rule_refused_tells_what_to_write(text, message):
    with pytest.raises(RuleError) as caught:
        parse_rule(text)

    assert caught.value.message == message


@pytest.mark.parametrize(
    "fault",
    [
        {"host": "example.com; script-src *"},
        {"host": "example.com evil.net"},
        {"host": "Example.com"},
        {"host": "foo_bar.example.com"},
        {"host": "example.com."},
        {"host": ""},
        {"host": "*"},
        {"scheme": "data"},
        {"port": -1},
        {"port": 65536},
    ],
)
def test_rule_cannot_be_made_of_parts_unfit_for_a_header(fault):
    with pytest.raises(ValueError, match="not a rule"):
        replace(parse_rule("example.com"), **fault)


def test_parse_many_reads_lines_commas_and_urls():
    rules, remarks = parse_many(
        "example.com, www.example.com\r\n\nhttps://example.com/\tshop.example.com/en?a=1 *.github.io\nhttp://example.org/,"
    )

    assert [rule.unicode for rule in rules] == ["example.com", "www.example.com", "shop.example.com"]
    assert remarks == [
        ("shop.example.com/en?a=1", "Added as shop.example.com: a rule covers the whole website, not one page."),
        ("*.github.io", strangers("github.io")),
        ("http://example.org/", NO_HTTP),
    ]


def test_parse_many_tells_of_a_phrase_once():
    told = "This is not a domain name. Write it as in the browser's address bar: example.com."
    assert parse_many("example.com, not www.example.com\nnot a  domain!\nshop.test b.test") == (
        [parse_rule("example.com"), parse_rule("shop.test"), parse_rule("b.test")],
        [("not www.example.com", told), ("not a domain!", told)],
    )


@pytest.mark.parametrize(
    ("wildcard", "other", "covered"),
    [
        ("*.example.com", "www.example.com", True),
        ("*.example.com", "*.shop.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "www.notexample.com", False),
        ("*.example.com", "www.example.com:8443", False),
        ("*.example.com:*", "www.example.com:8443", True),
        ("example.com", "www.example.com", False),
    ],
)
def test_wildcard_covers_what_stands_under_it(wildcard, other, covered):
    assert parse_rule(wildcard).covers(parse_rule(other)) is covered


@pytest.mark.parametrize("text", ["", " ,\n, "])
def test_parse_many_of_nothing(text):
    assert parse_many(text) == ([], [])


@pytest.mark.parametrize(
    ("text", "unicode"),
    [
        ("xn--mnchen-3ya.de", "münchen.de"),
        ("*.faß.de:8443", "*.faß.de:8443"),
        ("xn--i-7iq.ws", "xn--i-7iq.ws"),  # an emoji
        ("-x-.example.net:*", "-x-.example.net:*"),
    ],
)
def test_unicode_is_for_people(text, unicode):
    assert parse_rule(text).unicode == unicode


def test_unicode_of_http_has_its_scheme():
    assert LOCALHOST_RULES[0].unicode == "http://localhost:*"


words = st.text(max_size=40) | st.text(alphabet="aAß.ü*:/@;'\" \n\r0189-_\u3002\uff0f\u200d", max_size=20).map(
    lambda text: text + ".com"
)


@given(words)
@example("a.com\n")
@settings(max_examples=500, deadline=None)
def test_parse_rule_yields_one_source_that_reads_back_or_refuses(text):
    try:
        rule = parse_rule(text)
    except RuleError:
        return
    assert re.fullmatch(r"https://(\*\.)?[a-z0-9.-]+(:(\*|[0-9]+))?", rule.source)
    assert parse_rule(rule.source) == rule
    assert parse_rule(rule.unicode) == rule
