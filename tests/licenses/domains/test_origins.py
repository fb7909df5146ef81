import pytest

from core.codes import Code
from licenses.domains import LOCALHOST_RULES, RuleSet, origin_of_referer, parse_rule

LISTED = [
    "example.com",
    "*.shop.example.com",
    "münchen.de",
    "faß.de",
    "staging.example.com:8443",
    "*.example.net",
    "any.example.org:*",
]
LIVE = RuleSet([parse_rule(text) for text in LISTED])
LOCAL = RuleSet([*(parse_rule(text) for text in LISTED), *LOCALHOST_RULES])

NOT_ALLOWED, MALFORMED, OPAQUE = Code.DOMAIN_NOT_ALLOWED, Code.ORIGIN_MALFORMED, Code.ORIGIN_OPAQUE

ORIGINS = [
    ("https://example.com", None),
    ("https://EXAMPLE.COM", None),
    ("https://example.com:443", None),
    ("https://example.com:8443", NOT_ALLOWED),
    ("https://example.com:80", NOT_ALLOWED),
    ("https://staging.example.com:8443", None),
    ("https://staging.example.com", NOT_ALLOWED),
    ("https://any.example.org", None),
    ("https://any.example.org:65535", None),
    ("http://example.com", Code.ORIGIN_INSECURE),
    ("http://example.com:80", Code.ORIGIN_INSECURE),
    ("http://example.com:8080", NOT_ALLOWED),
    ("http://staging.example.com:8443", Code.ORIGIN_INSECURE),
    ("http://a.shop.example.com", Code.ORIGIN_INSECURE),
    ("http://other.example.org", NOT_ALLOWED),
    ("https://www.example.com", NOT_ALLOWED),
    ("https://com", NOT_ALLOWED),
    # a dot at the end
    ("https://example.com.", Code.ORIGIN_TRAILING_DOT),
    ("https://a.shop.example.com.", Code.ORIGIN_TRAILING_DOT),
    ("http://example.com.", Code.ORIGIN_TRAILING_DOT),
    ("https://example.com..", MALFORMED),
    # names that only look like a listed one
    ("https://evil-example.com", NOT_ALLOWED),
    ("https://example.com.evil.net", NOT_ALLOWED),
    ("https://evilshop.example.com", NOT_ALLOWED),
    ("https://shop.example.com.evil.net", NOT_ALLOWED),
    ("https://xn--exmple-4nf.com", NOT_ALLOWED),
    # wildcards
    ("https://shop.example.com", NOT_ALLOWED),
    ("https://a.shop.example.com", None),
    ("https://a.b.shop.example.com", None),
    ("https://-a-.shop.example.com", None),
    ("https://a.shop.example.com:8443", NOT_ALLOWED),
    ("https://.shop.example.com", MALFORMED),
    ("https://a..shop.example.com", MALFORMED),
    ("https://*.shop.example.com", MALFORMED),
    (f"https://{'a' * 64}.shop.example.com", MALFORMED),
    (f"https://{'a.' * 117}aa.shop.example.com", None),  # 253 characters
    (f"https://{'a.' * 118}a.shop.example.com", MALFORMED),
    # where URL parsers and browsers disagree
    ("https://example.com@evil.net", MALFORMED),
    ("https://evil.net@example.com", MALFORMED),
    ("https://user:p@example.com", MALFORMED),
    ("https://example.com\\@evil.net", MALFORMED),
    ("https://evil.net\\.shop.example.com", MALFORMED),
    ("https://evil.net%2f.shop.example.com", MALFORMED),
    ("https://evil.net#.shop.example.com", MALFORMED),
    ("https://evil.net/.shop.example.com", MALFORMED),
    ("https://evil.net?.shop.example.com", MALFORMED),
    ("https://evil.net;.shop.example.com", MALFORMED),
    ("https:example.com", MALFORMED),
    ("https:/example.com", MALFORMED),
    ("https:///example.com", MALFORMED),
    ("https://", MALFORMED),
    ("//example.com", MALFORMED),
    ("example.com", MALFORMED),
    ("example.com:443", MALFORMED),
    ("HTTPS://example.com", MALFORMED),
    # other letters
    ("https://xn--mnchen-3ya.de", None),
    ("https://xn--fa-hia.de", None),
    ("https://münchen.de", MALFORMED),
    ("https://fass.de", NOT_ALLOWED),
    ("https://foo_bar.example.net", None),
    ("https://example\u3002com", MALFORMED),
    ("https://a.\u017fhop.example.com", MALFORMED),  # long s, upper case S
    ("https://\u212a.shop.example.com", MALFORMED),  # Kelvin sign, lower case k
    # no website
    ("null", OPAQUE),
    ("file://", OPAQUE),
    ("data:", OPAQUE),
    ("data:text/html,hello", OPAQUE),
    ("blob:https://example.com/1", OPAQUE),
    ("about:srcdoc", OPAQUE),
    ("about:blank", OPAQUE),
    ("chrome-extension://abcdefgh", OPAQUE),
    ("capacitor://localhost", OPAQUE),
    ("NULL", MALFORMED),
    ("null\n", MALFORMED),
    ("nullable", MALFORMED),
    (None, Code.ORIGIN_MISSING),
    ("", Code.ORIGIN_MISSING),
    # addresses
    ("https://2130706433", MALFORMED),
    ("https://0x7f.1", MALFORMED),
    ("https://0x7F.1", MALFORMED),
    ("https://example.0x", MALFORMED),
    ("https://1.2.3.4.5", MALFORMED),
    ("https://1.2.3.256", MALFORMED),
    ("https://01.2.3.4", MALFORMED),
    ("https://1.2.3.4.", MALFORMED),
    ("https://93.184.216.34", NOT_ALLOWED),
    ("http://[::1]:3000", NOT_ALLOWED),
    ("https://[2001:db8::1]", NOT_ALLOWED),
    ("https://[::1", MALFORMED),
    ("https://[fe80::1%25eth0]", MALFORMED),
    # ports and what stands around
    ("https://any.example.org:65536", MALFORMED),
    ("https://any.example.org:99999", MALFORMED),
    ("https://any.example.org:0", MALFORMED),
    ("https://example.com:", MALFORMED),
    ("https://example.com:0443", MALFORMED),
    ("https://example.com:-443", MALFORMED),
    ("https://example.com:\u0664\u0664\u0663", MALFORMED),
    ("https://example.com/", MALFORMED),
    ("https://example.com/page", MALFORMED),
    (" https://example.com", MALFORMED),
    ("https://example.com ", MALFORMED),
    ("https://example.com\n", MALFORMED),
    ("https://exam\tple.com", MALFORMED),
    ("https://example.com\x00", MALFORMED),
    ("https://example.com, https://evil.net", MALFORMED),
    ("https://example.com https://evil.net", MALFORMED),
]


@pytest.mark.parametrize(("origin", "code"), ORIGINS)
def test_check_of_an_origin(origin, code):
    assert LIVE.check(origin) is code
    assert LOCAL.check(origin) is code


@pytest.mark.parametrize(
    ("origin", "live", "local"),
    [
        ("http://localhost:5173", NOT_ALLOWED, None),
        ("http://127.0.0.1:5173", NOT_ALLOWED, None),
        ("http://localhost", NOT_ALLOWED, None),
        ("https://localhost:8443", NOT_ALLOWED, None),
        ("https://127.0.0.1", NOT_ALLOWED, None),
        ("http://localhost:99999", MALFORMED, MALFORMED),
        ("http://app.localhost:3000", NOT_ALLOWED, NOT_ALLOWED),
        ("http://127.0.0.2:3000", NOT_ALLOWED, NOT_ALLOWED),
        ("http://127.1", MALFORMED, MALFORMED),
        ("http://localhost.evil.net", NOT_ALLOWED, NOT_ALLOWED),
    ],
)
def test_check_of_a_local_origin_depends_on_the_switch(origin, live, local):
    assert LIVE.check(origin) is live
    assert LOCAL.check(origin) is local


@pytest.mark.parametrize("origin", ["https://example.com", "null", "", None])
def test_check_without_rules_names_the_empty_list(origin):
    assert RuleSet([]).check(origin) is Code.DOMAIN_LIST_EMPTY


def test_check_looks_at_the_wildcard_when_the_exact_rule_has_another_port():
    rules = RuleSet([parse_rule("a.shop.example.com:8443"), parse_rule("*.shop.example.com")])

    assert rules.check("https://a.shop.example.com") is None
    assert rules.check("https://a.shop.example.com:8443") is None


@pytest.mark.parametrize(
    ("referer", "origin"),
    [
        (None, None),
        ("", None),
        ("https://example.com/", "https://example.com"),
        ("https://example.com", "https://example.com"),
        ("https://example.com:8443/a?b#c", "https://example.com:8443"),
        ("https://example.com?https://evil.net/", "https://example.com"),
        ("https://example.com#@evil.net", "https://example.com"),
        ("http://localhost:5173/page", "http://localhost:5173"),
        ("https://user@example.com/", "https://user@example.com"),
        ("https://example.com\\@evil.net/", "https://example.com\\@evil.net"),
        ("about:client", "about:client"),
        ("android-app://com.example/", "android-app://com.example/"),
        ("null", "null"),
        (" https://example.com/", " https://example.com/"),
        ("example.com/page", "example.com/page"),
    ],
)
def test_origin_of_referer(referer, origin):
    assert origin_of_referer(referer) == origin


@pytest.mark.parametrize(
    ("rules", "extra", "value"),
    [
        ([], (), "'none'"),
        ([], ("https://app.test",), "https://app.test"),
        (["example.com"], (), "https://example.com"),
        (
            ["example.com", "*.example.com:8443", "example.com:443"],
            ("https://app.test", "https://example.com"),
            "https://app.test https://example.com https://*.example.com:8443",
        ),
    ],
)
def test_frame_ancestors(rules, extra, value):
    assert RuleSet([parse_rule(text) for text in rules]).frame_ancestors(extra) == value


def test_frame_ancestors_with_local_development():
    assert RuleSet(LOCALHOST_RULES).frame_ancestors() == (
        "http://localhost:* https://localhost:* http://127.0.0.1:* https://127.0.0.1:*"
    )


def sites(count, suffix="example.com"):
    return [f"site{number}.{suffix}" for number in range(count)]


def listed(hosts):
    return " ".join(f"https://{host}" for host in hosts)


def test_frame_ancestors_at_the_cap_has_all():
    rules = RuleSet([parse_rule(host) for host in sites(50)])

    assert rules.frame_ancestors(["https://app.test"]) == f"https://app.test {listed(sites(50))}"


@pytest.mark.parametrize(
    ("referrer", "first"),
    [
        ("https://a.shop.example.com", ["*.shop.example.com"]),
        ("https://site40.example.com", ["site40.example.com"]),
        ("https://site3.example.com", ["site3.example.com"]),
        ("https://evil.net", []),
        ("null", []),
        (None, []),
    ],
)
def test_frame_ancestors_above_the_cap_has_the_referrer_and_the_first(referrer, first):
    rules = RuleSet([parse_rule(host) for host in [*sites(50), "*.shop.example.com"]])

    expected = listed(dict.fromkeys([*first, *sites(20)]))
    assert rules.frame_ancestors(referrer_origin=referrer) == expected


def test_frame_ancestors_too_long_for_a_header_is_cut():
    long = sites(30, suffix=f"{'a' * 60}.{'b' * 60}.com")

    assert RuleSet([parse_rule(host) for host in long]).frame_ancestors() == listed(long[:20])
