import pytest

from accounts.permissions import Role
from accounts.services import add_member
from licenses.domains import parse_rule
from licenses.models import DomainRule
from licenses.services import add_domains
from tests.build import make_license, make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return make_user("alice")


@pytest.fixture
def license(alice):
    return make_license(make_organization("Alice's shop", alice), domains=("shop.test",), limits={"domains": 4})


@pytest.fixture
def client(client, alice):
    client.force_login(alice)
    return client


def url(license, page="") -> str:
    return f"/o/alices-shop/licenses/{license.public_id}/domains/{page}"


def listed(license) -> list[str]:
    return [str(rule) for rule in license.domain_rules.all()]


def test_page_explains_each_rule(client, license):
    add_domains(actor=None, license=license, rules=[parse_rule("*.example.com")])
    rows = client.get(url(license)).context["rows"]
    assert [(str(row.rule), row.words, row.suggested) for row in rows] == [
        (
            "*.example.com",
            "every subdomain of example.com, at any depth, but not example.com itself",
            ["example.com"],
        ),
        ("shop.test", "shop.test, not www.shop.test", ["www.shop.test"]),
    ]


def test_suggestion_that_a_wildcard_covers_is_not_suggested(client, license):
    client.post(url(license), {"domains": "example.org, *.example.org"})
    rows = client.get(url(license)).context["rows"]
    assert [row.suggested for row in rows if str(row.rule).endswith("example.org")] == [[], []]


def test_suggestion_that_is_listed_is_not_suggested(client, license):
    add_domains(actor=None, license=license, rules=[parse_rule("www.shop.test")])
    assert [row.suggested for row in client.get(url(license)).context["rows"]] == [[], []]


def test_what_a_wildcard_covers_may_go(client, license):
    rules = [parse_rule(text) for text in ("*.shop.test", "www.shop.test", "www.shop.test:8443")]
    add_domains(actor=None, license=license, rules=rules)
    page = client.get(url(license))
    covered = {str(row.rule): row.covered for row in page.context["rows"] if row.covered}
    assert covered == {"www.shop.test": "*.shop.test"}
    told = "<code>*.shop.test</code> covers it already: it can be removed and makes room for another."
    assert told in page.content.decode()


def test_many_are_pasted_at_once(client, license):
    response = client.post(url(license), {"domains": "a.example.com, b.example.com\nhttps://c.example.com"})
    assert (response.status_code, response.url) == (302, url(license))
    assert listed(license) == ["a.example.com", "b.example.com", "c.example.com", "shop.test"]


def test_what_is_wrong_is_said_for_each_and_stays_in_the_field(client, license):
    response = client.post(url(license), {"domains": "good.example.com\nhttps://cut.example.com/page\n10.0.0.1\ncom"})
    assert response.status_code == 422
    assert [entry for entry, _ in response.context["remarks"]] == ["https://cut.example.com/page", "10.0.0.1", "com"]
    assert response.context["form"].initial["domains"] == "10.0.0.1\ncom"
    assert listed(license) == ["cut.example.com", "good.example.com", "shop.test"]


def test_too_many_add_none_and_lose_nothing(client, license):
    text = "a.example.com b.example.com c.example.com d.example.com"
    response = client.post(url(license), {"domains": text})
    assert (response.status_code, text in response.content.decode()) == (422, True)
    assert "The plan allows 4 domains. Nothing was added." in response.content.decode()
    assert listed(license) == ["shop.test"]


def test_removing_asks_first(client, license):
    rule = license.domain_rules.get()
    page = client.get(url(license, f"{rule.pk}/remove/"))
    assert (page.status_code, page.context["reach"]) == (200, f"/o/alices-shop/reach/{rule.pk}/")
    assert license.domain_rules.count() == 1


def test_rule_is_removed(client, license):
    rule = license.domain_rules.get()
    assert client.post(url(license, f"{rule.pk}/remove/")).status_code == 302
    assert listed(license) == []
    assert "No domain is allowed yet" in client.get(url(license)).content.decode()


def test_localhost_is_switched(client, license):
    for value, allowed in (("on", True), ("off", False)):
        client.post(url(license, "localhost/"), {"allowed": value})
        license.refresh_from_db()
        assert license.allow_localhost is allowed


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_for_any_number(client, license, count, django_assert_num_queries):
    add_domains(actor=None, license=license, rules=[parse_rule(f"{n}.example.com") for n in range(count - 1)])
    with django_assert_num_queries(5):  # session, user, memberships, licence, rules
        rows = client.get(url(license)).context["rows"]
    assert len(rows) == count


def test_licence_of_others_is_as_absent_as_none(client, license):
    charlies = make_license(make_organization("Charlie's bakery", make_user("charlie")))
    rule = charlies.domain_rules.get()
    answers = [
        client.get(url(charlies)),
        client.get("/o/alices-shop/licenses/lic_0/domains/"),
        client.post(url(charlies), {"domains": "a.example.com"}),
        client.post(url(charlies, f"{rule.pk}/remove/")),
        client.post(url(license, f"{rule.pk}/remove/")),
        client.post(url(charlies, "localhost/"), {"allowed": "on"}),
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert DomainRule.objects.filter(license=charlies).count() == 1


def test_analyst_may_not(client, license):
    bob = make_user("bob")
    add_member(actor=None, organization=license.organization, user=bob, role=Role.ANALYST)
    client.force_login(bob)
    rule = license.domain_rules.get()
    answers = [
        client.get(url(license)).status_code,
        client.post(url(license), {"domains": "a.example.com"}).status_code,
        client.post(url(license, f"{rule.pk}/remove/")).status_code,
        client.post(url(license, "localhost/"), {"allowed": "on"}).status_code,
    ]
    assert (answers, listed(license)) == ([403] * 4, ["shop.test"])
