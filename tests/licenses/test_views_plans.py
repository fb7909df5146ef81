import pytest

from accounts.models import AuditEvent
from licenses.entitlements import Metric
from licenses.models import Plan
from licenses.services import create_plan, edit_plan, issue_license

pytestmark = pytest.mark.django_db
URL = "/o/operations/plans/"


def sent(**changes) -> dict[str, object]:
    limits = {f"limit_{metric}_0": "none" for metric in Metric} | {f"limit_{metric}_1": "" for metric in Metric}
    facts = {"name": "Large", "code": "large", "grace_days": 7, "renewal": "from_expiry", "features": ["n8n", "api"]}
    return limits | facts | changes


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_any_number(as_operator, count, django_assert_num_queries):
    for number in range(count):
        create_plan(actor=None, code=f"plan-{number}", name=f"Plan {number}", limits={"widgets": 1}, features=[])
    with django_assert_num_queries(6):  # session, user, memberships, count, plans, their licences
        rows = as_operator.get(URL).context["rows"]
    assert [plan.code for plan, *_ in rows] == [f"plan-{number}" for number in range(count)]


def test_list_tells_how_many_licences_run_under_an_older_version(as_operator, plan):
    for _ in range(2):
        issue_license(actor=None, plan=plan)
    newer = edit_plan(actor=None, plan=plan, limits={"widgets": 9})
    issue_license(actor=None, plan=newer)
    [(shown, _, used, older)] = as_operator.get(URL).context["rows"]
    assert (shown, used.total, older) == (newer, 3, 2)
    page = as_operator.get(f"{URL}{newer.public_id}/")
    assert [(version.version, count) for version, count in page.context["versions"]] == [(2, 1), (1, 2)]


def test_limit_of_sessions_says_what_is_counted(as_operator):
    labels = [field.label for field in as_operator.get(f"{URL}new/").context["form"].limit_fields]
    assert labels[list(Metric).index(Metric.CONCURRENT_SESSIONS)] == "Visitors within the session window"


def test_words_become_limits(as_operator, platform):
    words = {
        "limit_widgets_0": "number",
        "limit_widgets_1": "20",
        "limit_domains_0": "unlimited",
        "limit_domains_1": "3",  # left over from another word: it does not count
    }
    response = as_operator.post(f"{URL}new/", sent(**words, duration_days="365"))
    plan = Plan.objects.get(code="large")
    assert response.url == f"{URL}{plan.public_id}/"
    assert (plan.limits["widgets"], plan.limits["domains"], plan.limits["members"]) == (20, -1, 0)
    assert (plan.features, plan.duration_days) == (["api", "n8n"], 365)
    assert AuditEvent.objects.get(action="plan.created").actor.email == "operator@example.com"


@pytest.mark.parametrize(
    ("word", "number"), [("number", ""), ("number", "0"), ("number", "many"), ("", ""), ("inherit", "")]
)
def test_limit_that_says_nothing_is_refused_and_nothing_typed_is_lost(as_operator, word, number):
    response = as_operator.post(f"{URL}new/", sent(limit_widgets_0=word, limit_widgets_1=number))
    assert (response.status_code, Plan.objects.count()) == (422, 0)
    assert list(response.context["form"].errors) == ["limit_widgets"]
    assert 'value="Large"' in response.content.decode()


def test_code_that_exists_is_refused(as_operator, plan):
    response = as_operator.post(f"{URL}new/", sent(code="BASIC"))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["code"])


def test_edit_of_a_used_plan_makes_a_version_and_says_so(as_operator, plan):
    license = issue_license(actor=None, plan=plan)
    page = as_operator.get(f"{URL}{plan.public_id}/edit/")
    assert page.context["kept"] == "1 licence of version 1 stays as it was sold."
    assert page.context["form"]["limit_widgets"].initial == 2
    as_operator.post(f"{URL}{plan.public_id}/edit/", sent())
    license.refresh_from_db()
    assert (license.plan, Plan.objects.get(version=2).name) == (plan, "Large")


def test_reseller_sees_the_plans_it_may_issue_and_changes_none(as_alice, agency, plan):
    other = create_plan(actor=None, code="secret", name="Secret", limits={}, features=[])
    base = "/o/alices-agency/plans/"
    assert [shown for shown, *_ in as_alice.get(base).context["rows"]] == [plan]
    assert as_alice.get(f"{base}{plan.public_id}/").status_code == 200
    foreign, absent = as_alice.get(f"{base}{other.public_id}/"), as_alice.get(f"{base}pln_0/")
    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert [as_alice.get(f"{base}{path}").status_code for path in ("new/", f"{plan.public_id}/edit/")] == [403, 403]


def test_support_and_customers_are_kept_out(as_support, as_bob, as_alice, plan, platform):
    assert as_support.get("/o/alices-agency/plans/").status_code == 403
    assert as_bob.get("/o/bobs-shop/plans/").status_code == 403
    assert as_alice.get(URL).status_code == 404
