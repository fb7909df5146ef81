"""The first page: first steps, what needs attention, every widget's state, and usage."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.permissions import Role
from accounts.services import add_member
from analytics.incidents import Report, write_reports
from analytics.models import Sighting
from analytics.origins import Load, Refusal, write_loads, write_refusals
from core.codes import Code
from embed.models import VisitorSession
from licenses.domains import parse_rule
from licenses.entitlements import Metric
from licenses.models import DomainRule
from licenses.services import add_domains
from tests.build import make_license, make_organization, make_user, make_widget
from widgets.credentials import set_credential

pytestmark = pytest.mark.django_db
URL = "/o/alices-shop/overview/"


@pytest.fixture
def alice():
    return make_user("alice")


@pytest.fixture
def organization(alice):
    return make_organization("Alice's shop", alice)


@pytest.fixture
def license(organization):
    return make_license(organization)


@pytest.fixture
def client(client, alice):
    client.force_login(alice)
    return client


def chat(widget, *, days: int = 0, visitor: str = "v", **facts) -> None:
    began = timezone.now() - timedelta(days=days)
    VisitorSession.objects.create(
        organization=widget.organization,
        license=widget.license,
        widget=widget,
        visitor=visitor,
        evidence="referer",
        started_at=began,
        expires_at=began + timedelta(days=1),
        **facts,
    )


def see(widget, origin: str = "https://shop.test") -> None:
    write_loads([Load(widget.organization_id, widget.pk, origin, 1, timezone.now())])


def fail(widget, code: Code, days: int = 0) -> None:
    at = timezone.now() - timedelta(days=days)
    write_reports([Report(widget.organization_id, widget.pk, code.value, "", at)])
    widget.incidents.update(last_at=at)


def lines(client) -> list[str]:
    return [line.text for line in client.get(URL).context["attention"]]


def undone(client) -> list[str]:
    return [step.label for step in client.get(URL).context["checklist"].steps if not step.done]


@pytest.mark.parametrize("count", [1, 3])
def test_overview_takes_the_same_queries_for_any_number(client, organization, count, django_assert_num_queries):
    for number in range(count):
        widget = make_widget(make_license(organization), name=f"Chat {number}")
        chat(widget)
        fail(widget, Code.N8N_UNAUTHORIZED)
    # session, user, memberships; totals, licences, their domains, widgets; 3 for the meters; conversations, problems;
    # failing credentials, refused websites; the first conversation
    with django_assert_num_queries(15):
        response = client.get(URL)
    assert [card.widget.name for card in response.context["cards"]] == [f"Chat {number}" for number in range(count)]


def test_steps_are_done_one_after_the_other(client, organization):
    steps = ["Allow your website", "Create a widget", "Connect it", "Publish it", "Put it on your site"]
    steps.append("Have the first conversation")
    assert undone(client) == ["Have a licence", *steps]
    license = make_license(organization, domains=())
    assert undone(client) == steps
    add_domains(actor=None, license=license, rules=[parse_rule("shop.test")])
    assert undone(client) == steps[1:]
    agent = make_widget(license, "chatkit", name="Agent", publish=False)
    agent.credentials.all().delete()
    assert undone(client) == steps[2:]
    set_credential(actor=None, widget=agent, kind="openai_key", secret="sk-a-key-of-alices", now=timezone.now())
    assert undone(client) == steps[3:]
    widget = make_widget(license)
    assert undone(client) == steps[4:]
    see(widget)
    assert undone(client) == steps[5:]
    chat(widget, is_test=True)
    assert undone(client) == steps[5:]
    chat(widget, visitor="w")
    assert "First steps" not in client.get(URL).content.decode()


def test_next_step_leads_on(client, license):
    widget = make_widget(license, publish=False)
    step = client.get(URL).context["checklist"].left[0]
    assert (step.label, step.link) == ("Publish it", f"/o/alices-shop/widgets/{widget.public_id}/publish/")


def test_steps_of_others_are_no_links(client, organization):
    make_license(organization, domains=())
    bob = make_user("bob")
    add_member(actor=None, organization=organization, user=bob, role=Role.ANALYST)
    client.force_login(bob)
    assert [step.link for step in client.get(URL).context["checklist"].steps] == [""] * 7


def test_each_person_hides_the_steps_for_themselves(client, organization, license):
    bob = make_user("bob")
    add_member(actor=None, organization=organization, user=bob, role=Role.ADMIN)
    assert client.post(f"{URL}checklist/", {"shown": "off"}).url == URL
    assert "checklist" not in client.get(URL).context
    client.force_login(bob)
    assert "checklist" in client.get(URL).context
    Membership.objects.update(checklist_hidden=True)
    client.post(f"{URL}checklist/", {"shown": "on"})
    assert "checklist" in client.get(URL).context


def test_card_tells_state_sighting_conversations_and_problems(client, license):
    widget = make_widget(license)
    see(widget)
    chat(widget)
    chat(widget, visitor="w", days=6)
    chat(widget, visitor="x", days=8)
    chat(widget, visitor="y", is_test=True)
    fail(widget, Code.UPSTREAM_TIMEOUT)
    (card,) = client.get(URL).context["cards"]
    facts = (card.standing.word, card.conversations, card.problems, card.widget.last_seen_at is not None)
    assert facts == ("Live", 2, 1, True)


def test_conversations_are_drawn_day_by_day(client, license):
    widget = make_widget(license)
    for days, visitor in ((0, "v"), (0, "w"), (2, "x")):
        chat(widget, days=days, visitor=visitor)
    response = client.get(URL)
    (card,) = response.context["cards"]
    assert [day.begun for day in card.days] == [0, 0, 0, 0, 1, 0, 2]
    assert [top for _, top in card.bars] == [19, 19, 19, 19, 9, 19, 0]
    today = timezone.now()
    assert f'{today.day} {today:%b} 2"' in response.content.decode()


def test_tag_is_copied_where_it_is_the_next_step(client, license):
    widget = make_widget(license)
    page = client.get(URL).content.decode()
    assert f"widget={widget.public_id}" in page
    assert ['data-copy="tag"' in page, "<summary>5 of 7 done</summary>" in page] == [True, True]


def test_problems_of_last_month_are_over(client, license):
    widget = make_widget(license)
    fail(widget, Code.N8N_UNAUTHORIZED, days=8)
    assert (client.get(URL).context["cards"][0].problems, lines(client)) == (0, [])


def test_licence_that_ends_and_quota_that_runs_out_need_attention(client, organization):
    end = timezone.now() + timedelta(days=3)
    license = make_license(organization, expires_at=end, limits={"sessions_day": 5, "widgets": 1})
    license.usage_counters.create(
        organization=organization, metric=Metric.SESSIONS_DAY, period_start=timezone.now().date(), used=4
    )
    make_widget(license)
    assert lines(client) == [
        f"Test: ends soon on {end.day} {end:%B %Y}. Renew it within two weeks.",
        "Test: chats today (utc) 4 of 5.",
    ]


def test_failing_credential_comes_first_until_it_is_replaced(client, license):
    agent = make_widget(license, "chatkit", name="Agent")
    write_refusals([Refusal(agent.organization_id, agent.license_id, "https://evil.test", timezone.now())])
    fail(agent, Code.OPENAI_INVALID_KEY)
    refused = "https://evil.test tried to show the chat and was refused."
    assert lines(client) == ["Agent: OpenAI refused the API key. Store a valid one.", refused]
    set_credential(actor=None, widget=agent, kind="openai_key", secret="sk-another-of-alices", now=timezone.now())
    assert lines(client) == [refused]


def test_website_that_is_allowed_by_now_needs_nothing(client, license):
    widget = make_widget(license)
    for origin in ("https://one.test", "https://two.test"):
        write_refusals([Refusal(widget.organization_id, license.pk, origin, timezone.now())])
    assert lines(client) == ["https://two.test and 1 more tried to show the chat and were refused."]
    add_domains(actor=None, license=license, rules=[parse_rule("two.test")])
    assert lines(client) == ["https://one.test tried to show the chat and was refused."]


def test_things_of_others_are_not_told(client, license):
    charlies = make_widget(make_license(make_organization("Charlie's bakery", make_user("charlie"))))
    see(charlies)
    chat(charlies)
    fail(charlies, Code.N8N_UNAUTHORIZED)
    context = client.get(URL).context
    assert (context["cards"], context["attention"], context["totals"]["all"]) == ([], [], 0)
    assert client.get("/o/charlies-bakery/overview/").status_code == 404


def test_reseller_without_widgets_is_led_to_its_places(client, alice):
    make_organization("Alice's agency", alice, kind="reseller")
    places = client.get("/o/alices-agency/overview/").context["places"]
    assert [place.label for place in places][:3] == ["Widgets", "Customers", "Licences"]


def test_billing_has_no_overview(client, organization):
    bob = make_user("bob")
    add_member(actor=None, organization=organization, user=bob, role=Role.BILLING)
    client.force_login(bob)
    assert (client.get(URL).status_code, client.get("/o/alices-shop/").url) == (403, "/o/alices-shop/licenses/")


def reach(client, path: str) -> tuple[int, int, int]:
    context = client.get(path).context
    return context["number"], context["conversations"], context["running"]


def test_reach_of_widgets_counts_websites_and_conversations(client, license):
    widget, other = make_widget(license), make_widget(license, name="Other")
    see(widget)
    see(widget, "https://www.shop.test")
    see(other, "https://other.test")
    chat(widget)
    chat(widget, visitor="w", days=3)
    base = "/o/alices-shop/reach/?pick="
    assert reach(client, f"{base}{widget.public_id}") == (2, 2, 1)
    assert reach(client, f"{base}{widget.public_id}&pick={other.public_id}") == (3, 2, 1)
    Sighting.objects.update(last_at=timezone.now() - timedelta(days=8))
    assert reach(client, f"{base}{widget.public_id}") == (0, 2, 1)


def test_reach_of_a_domain_is_what_only_it_lets_in(client, organization):
    license = make_license(organization, domains=("shop.test", "*.shop.test", "www.shop.test"))
    widget = make_widget(license)
    for host in ("shop.test", "www.shop.test", "old.shop.test"):
        see(widget, f"https://{host}")
        chat(widget, visitor=host, origin=f"https://{host}")
    rules = {rule.rule.unicode: rule for rule in DomainRule.objects.all()}
    told = {name: reach(client, f"/o/alices-shop/reach/{rule.pk}/")[:2] for name, rule in rules.items()}
    assert told == {"shop.test": (1, 1), "*.shop.test": (1, 1), "www.shop.test": (0, 0)}


def test_reach_of_others_is_absent(client, license):
    charlies = make_widget(make_license(make_organization("Charlie's bakery", make_user("charlie"))))
    see(charlies)
    assert reach(client, f"/o/alices-shop/reach/?pick={charlies.public_id}") == (0, 0, 0)
    rule = charlies.license.domain_rules.get()
    assert client.get(f"/o/alices-shop/reach/{rule.pk}/").status_code == 404
