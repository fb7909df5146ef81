import pytest

from licenses.domains import describe_rule, parse_rule, suggestions


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("example.com", "example.com, not www.example.com"),
        ("www.example.com", "www.example.com, not example.com"),
        ("example.co.uk", "example.co.uk, not www.example.co.uk"),
        ("blog.example.com", "blog.example.com, not its subdomains"),
        ("staging.example.com:8443", "staging.example.com on port 8443, not its subdomains"),
        ("example.com:*", "example.com on every port, not www.example.com"),
        ("*.shop.example.com", "every subdomain of shop.example.com, at any depth, but not shop.example.com itself"),
        ("münchen.de", "münchen.de (xn--mnchen-3ya.de), not www.münchen.de"),
    ],
)
def test_describe_rule(text, words):
    assert describe_rule(parse_rule(text)) == words


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("example.com:8443", ["www.example.com:8443"]),
        ("www.example.com", ["example.com"]),
        ("www.blog.example.com", ["blog.example.com"]),
        ("www.com", ["www.www.com"]),
        ("blog.example.com", []),
        ("alice.github.io", []),
        ("*.shop.example.com:*", ["shop.example.com:*"]),
    ],
)
def test_suggestions(text, suggested):
    assert [rule.unicode for rule in suggestions(parse_rule(text))] == suggested
