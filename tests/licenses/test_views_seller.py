"""The list of licences as those see it who issue them."""

import pytest

from licenses.services import issue_license, set_pool

pytestmark = pytest.mark.django_db
AGENCY, PLATFORM = "/o/alices-agency/licenses/", "/o/operations/licenses/"


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_any_number(as_alice, alice, shop, plan, count, django_assert_num_queries):
    for _ in range(count):
        issue_license(actor=alice, plan=plan, organization=shop)
    # session, user, memberships, the reseller's plans (its account, the plans), count, licences, usage
    with django_assert_num_queries(8):
        rows = as_alice.get(AGENCY).context["rows"]
    assert [words.word for _, words, _ in rows] == ["Active"] * count


@pytest.mark.parametrize("count", [1, 3])
def test_platforms_list_takes_the_same_queries_for_any_number(as_operator, plan, count, django_assert_num_queries):
    for _ in range(count):
        issue_license(actor=None, plan=plan)
    with django_assert_num_queries(7):  # session, user, memberships, plans, count, licences, usage
        assert len(as_operator.get(PLATFORM).context["rows"]) == count


def test_each_sees_its_own_and_the_platform_all(
    as_alice, as_support, as_operator, alice, charlie, shop, stranger, plan
):
    held, unheld = issue_license(actor=alice, plan=plan, organization=shop), issue_license(actor=alice, plan=plan)
    given = issue_license(actor=None, plan=plan, organization=shop)  # by the platform, out of no pool
    theirs = issue_license(actor=charlie, plan=plan, organization=stranger)
    theirs_unheld = issue_license(actor=charlie, plan=plan)

    def seen(client, path) -> set[str]:
        return {license for license, *_ in client.get(path).context["rows"]}

    assert seen(as_alice, AGENCY) == seen(as_support, AGENCY) == {held, unheld, given}
    assert seen(as_operator, PLATFORM) == {held, unheld, given, theirs, theirs_unheld}
    assert as_alice.get(PLATFORM).status_code == 404


def test_list_is_searched_and_filtered(as_alice, alice, agency, shop, plan):
    set_pool(actor=None, reseller=agency, plan_codes=["basic"])
    held, unheld = issue_license(actor=alice, plan=plan, organization=shop), issue_license(actor=alice, plan=plan)

    def found(**query) -> list[object]:
        return [license for license, *_ in as_alice.get(AGENCY, query).context["rows"]]

    assert found(q="bob's") == found(state="active") == [held]
    assert found(state="pool") == found(q=unheld.key_last4, state="pool") == [unheld]
    assert found(plan="basic") == [unheld, held]
