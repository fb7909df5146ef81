import pytest

from accounts.models import AuditEvent
from licenses.authority import NotAllowed
from licenses.entitlements import UNLIMITED, Feature, InvalidTerms, Metric
from licenses.models import Plan
from licenses.services import create_plan, edit_plan, issue_license, set_overrides
from tests.build import make_license, make_plan, make_user

pytestmark = pytest.mark.django_db


def test_unused_plan_is_edited_where_it_stands(plan):
    edited = edit_plan(actor=None, plan=plan, name="Better", limits={"widgets": 5})

    assert (edited.pk, edited.version, edited.name, edited.limits) == (plan.pk, 1, "Better", {"widgets": 5})
    assert (edited.features, edited.duration_days) == (["n8n"], 365)


def test_used_plan_gets_a_new_version_and_licences_keep_theirs(plan):
    license = issue_license(actor=None, plan=plan)

    edited = edit_plan(actor=None, plan=plan, limits={"widgets": 5})

    license.refresh_from_db()
    assert (edited.code, edited.version, edited.duration_days) == ("basic", 2, 365)
    assert (license.plan.version, license.limit(Metric.WIDGETS)) == (1, 2)
    assert list(Plan.objects.newest().values_list("version", flat=True)) == [2]


def test_old_version_is_never_edited(plan):
    create_plan(actor=None, code="basic", name="Basic", limits={}, features=[])

    assert edit_plan(actor=None, plan=plan, name="Third").version == 3


@pytest.mark.parametrize("value", [-2, 1.5, True, "3", [1]])
def test_limit_is_a_whole_number(value):
    with pytest.raises(InvalidTerms):
        create_plan(actor=None, code="x", name="X", limits={"widgets": value}, features=[])
    assert not Plan.objects.exists()


@pytest.mark.parametrize(("limits", "features"), [({"wigdets": 3}, []), ({}, ["fax"])])
def test_unknown_names_are_refused(limits, features):
    with pytest.raises(InvalidTerms):
        create_plan(actor=None, code="x", name="X", limits=limits, features=features)


@pytest.mark.parametrize(
    ("in_plan", "in_license", "effective"),
    [
        (3, None, 3),
        (3, 5, 5),
        (3, 0, 0),
        (3, UNLIMITED, UNLIMITED),
        (UNLIMITED, None, UNLIMITED),
        (UNLIMITED, 2, 2),
        (None, None, 0),  # nothing above the plan to inherit from
        ("many", None, 0),
        (-7, None, 0),
    ],
)
def test_limit_of_the_licence_comes_before_the_plans(in_plan, in_license, effective):
    license = make_license(domains=())
    license.plan.limits["widgets"] = in_plan
    license.limit_overrides = {"widgets": in_license}

    assert license.limit(Metric.WIDGETS) == effective


@pytest.mark.parametrize("metric", Metric)
def test_limit_that_nobody_names_is_none(metric):
    license = make_license(domains=())
    del license.plan.limits[metric]

    assert license.limit(metric) == 0


def test_features_are_added_and_removed_by_the_licence(plan):
    license = issue_license(actor=None, plan=plan)

    license = set_overrides(actor=None, license=license, features_added=["chatkit"], features_removed=["n8n"])

    assert [feature for feature in Feature if license.has(feature)] == [Feature.CHATKIT]


def test_plans_are_the_platforms(alice, plan):
    with pytest.raises(NotAllowed):
        create_plan(actor=alice, code="own", name="Own", limits={}, features=[])
    with pytest.raises(NotAllowed):
        edit_plan(actor=alice, plan=plan, name="Own")
    with pytest.raises(NotAllowed):
        create_plan(actor=make_user("bob"), code="own", name="Own", limits={}, features=[])


def test_audit_tells_what_a_plan_became(plan):
    edit_plan(actor=None, plan=plan, limits={"widgets": 7})

    event = AuditEvent.objects.get(action="plan.edited")
    assert (event.target, event.details["limits"]) == (plan.public_id, {"widgets": 7})


def test_every_feature_has_words():
    assert [feature.label for feature in Feature if not feature.label] == []
    assert make_plan().features == sorted(Feature)
