"""The operators' admin: every page opens, none shows what is sealed, and changes go through services."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.acting import begin_acting
from accounts.apitokens import create_token
from accounts.branding import name_host, set_branding
from accounts.grants import grant_access
from accounts.guest_models import Invitation
from accounts.idempotency import begin
from accounts.mfa import has_second_factor
from accounts.models import AuditEvent, Membership, Organization, User
from accounts.webhooks import create_endpoint, emit
from analytics.counting import add_counts
from analytics.incidents import Report, write_reports
from analytics.origins import Load, Refusal, write_loads, write_refusals
from chatkit_sessions.models import ChatKitSession
from embed.models import VisitorSession
from licenses.entitlements import Metric
from licenses.metering import take
from licenses.models import License, Plan
from licenses.pool import take_session
from licenses.reminders import note_due, send_quota_warnings
from licenses.services import create_reseller, renew_license
from tests.accounts.people import set_up_app
from tests.build import make_license, make_organization, make_plan, make_user, make_widget
from widgets.models import Widget
from widgets.planning import plan_publication
from widgets.presets import save_preset
from widgets.services import open_connection
from widgets.sharing import share_preview

pytestmark = pytest.mark.django_db
CANARY = "sk-canary-secret-that-must-not-show"
HIDDEN_URL = "https://n8n.example.com/webhook/canary-address/chat"
OURS = {"accounts", "licenses", "widgets", "analytics", "embed", "chatkit_sessions"}
REGISTERED = [model for model in admin.site._registry if model._meta.app_label in OURS]


@pytest.fixture
def operator(client):
    operator = make_user("alice", is_staff=True, is_superuser=True)
    client.force_login(operator)
    return operator


@pytest.fixture
def rows(operator):
    """One row of every model, the secret ones with a canary."""
    now = timezone.now()
    license = make_license(make_organization("Alice's shop", operator))
    widget = make_widget(license, "chatkit", secrets={"openai_key": CANARY}, connection={"url": HIDDEN_URL})
    assert open_connection(widget, widget.draft_connection).url == HIDDEN_URL
    owner = {"license_id": license.pk, "organization_id": license.organization_id, "anchor_day": 1}
    take(**owner, limits={Metric.SESSIONS_DAY: 1}, now=now)
    send_quota_warnings(now=now)
    add_counts([((license.organization_id, widget.pk, "2026-11-20", "opened", ""), 1)])
    write_reports([Report(license.organization_id, widget.pk, "openai_busy", "429", now)])
    write_refusals([Refusal(license.organization_id, license.pk, "https://evil.test", now)])
    write_loads([Load(license.organization_id, widget.pk, "https://shop.test", 1, now)])
    owned = {"organization": license.organization, "widget": widget, "expires_at": now + timedelta(hours=1)}
    visit = VisitorSession.objects.create(license=license, visitor="v", evidence="referer", **owned)
    ChatKitSession.objects.create(visitor_session=visit, upstream_id="cksess_1", created_at=now, **owned)
    save_preset(actor=None, widget=widget, name="Autumn")
    share_preview(actor=None, widget=widget, period="day", now=now)
    plan_publication(actor=None, widget=widget, at=now + timedelta(days=1), zone="UTC", now=now)
    business(license, operator, now)
    return widget


def business(license, operator, now):
    """What a licence leaves behind in the course of its life."""
    reseller = create_reseller(actor=None, name="Bob's agency", plan_codes=[], pool={"licenses": 1}).organization
    take_session(reseller_id=reseller.pk, limit=1, now=now)
    customer = make_organization("Bob's customer", parent=reseller)
    set_branding(actor=operator, organization=reseller, values={"name": "Bob"})
    name_host(actor=operator, organization=reseller, face="embed", host="chat.bob.example")
    grant_access(actor=operator, organization=customer, scope="config", now=now)
    extend = {"license": license, "now": now, "idempotency_key": "june"}
    License.objects.filter(pk=license.pk).update(expires_at=now)
    note_due(now=now)
    renew_license(actor=None, days=30, **extend)
    membership = license.organization.memberships.get()
    guest = {"kind": "support", "role": "platform_support", "permissions": [], "reason": "Help", "now": now}
    begin_acting(membership=membership, organization=customer, lifetime=timedelta(hours=1), **guest)
    Invitation.objects.create(organization=license.organization, email="bob@example.com", role="editor", expires_at=now)
    create_token(membership=membership, name="CI", scopes=["licenses:read"], now=now)
    begin(organization=license.organization, endpoint="POST /x", key="k", body=b"", now=now)
    create_endpoint(actor=operator, organization=license.organization, url=HIDDEN_URL, events=["license.*"])
    emit(organization=license.organization, type="license.renewed", data={})


def url(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_model_is_registered():
    ours = {model for app in OURS for model in apps.get_app_config(app).get_models()}
    assert set(REGISTERED) == ours


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_pages_open_and_show_no_secret(client, rows, model):
    row = model._default_manager.first()
    pages = [client.get(url(model, "changelist"), {"q": "alice"}), client.get(url(model, "changelist"))]
    pages.append(client.get(url(model, "change", row.pk)))
    assert [page.status_code for page in pages] == [200, 200, 200]
    text = "".join(page.content.decode() for page in pages)
    credential = rows.credentials.get()
    sealed = [credential.sealed, rows.draft_connection, rows.published.connection]
    assert [secret for secret in (CANARY, HIDDEN_URL, *sealed) if secret in text] == []


@pytest.mark.parametrize(
    "model", [model for model in REGISTERED if model is not User], ids=lambda model: model.__name__
)
def test_rows_are_not_changed_or_deleted_here(client, rows, model):
    row = model._default_manager.first()
    assert client.post(url(model, "change", row.pk), {}).status_code == 403
    assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_plan_is_added_and_its_code_makes_versions(client, operator):
    values = {"code": "basic", "name": "Basic", "limits": '{"widgets": 3}', "features": '["n8n"]'}
    for _ in range(2):
        assert client.post(url(Plan, "add"), values).status_code == 302
        Plan.objects.update(duration_days=30, grace_days=3, renewal="from_now_if_expired")
    plans = Plan.objects.filter(code="basic").order_by("version")
    assert [(plan.version, plan.limits, plan.features) for plan in plans] == [
        (1, {"widgets": 3}, ["n8n"]),
        (2, {"widgets": 3}, ["n8n"]),
    ]
    client.post(url(Plan, "add"), values)  # with what the form does not ask
    newest = Plan.objects.newest().get()
    assert (newest.version, newest.duration_days, newest.grace_days, newest.renewal) == (
        3,
        30,
        3,
        "from_now_if_expired",
    )
    assert AuditEvent.objects.filter(action="plan.created", actor=operator).count() == 3


@pytest.mark.parametrize(
    ("field", "text"), [("limits", '{"wigdets": 3}'), ("limits", '{"widgets": "3"}'), ("features", '["fax"]')]
)
def test_plan_with_a_typing_error_is_refused(client, operator, field, text):
    values = {"code": "basic", "name": "Basic", "limits": '{"widgets": 3}', "features": '["n8n"]'} | {field: text}
    response = client.post(url(Plan, "add"), values)
    assert list(response.context["adminform"].form.errors) == [field]
    assert not Plan.objects.exists()


def test_customer_is_set_up_from_nothing(client, operator):
    """Organization, person, membership, licence, widget."""
    client.post(url(Organization, "add"), {"name": "Bob's bikes", "kind": "customer", "parent": ""})
    password = {"usable_password": "true", "password1": "correct horse battery", "password2": "correct horse battery"}
    client.post(url(User, "add"), {"email": "Bob@Example.com", "name": "bob", **password})
    organization, bob = Organization.objects.get(), User.objects.get(name="bob")
    client.post(url(Membership, "add"), {"organization": organization.pk, "user": bob.pk, "role": "owner"})
    plan = make_license(make_organization("Other")).plan
    client.post(url(License, "add"), {"organization": organization.pk, "plan": plan.pk, "allow_localhost": "on"})
    license = License.objects.get(organization=organization)
    client.post(url(Widget, "add"), {"license": license.pk, "name": "Help", "widget_type": "n8n"})
    assert (bob.email, bob.check_password("correct horse battery")) == ("bob@example.com", True)
    assert (organization.slug, organization.memberships.get().role) == ("bobs-bikes", "owner")
    assert (license.plan, license.allow_localhost, license.widgets.get().name) == (plan, True, "Help")
    actions = AuditEvent.objects.filter(actor=operator).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["organization.created", "person.added", "member.added", "license.issued", "widget.created"]


def test_refusal_of_a_service_is_told(client, operator):
    license = make_license(make_organization("Alice's shop"), limits={"widgets": 0})
    values = {"license": license.pk, "name": "Help", "widget_type": "n8n"}
    response = client.post(url(Widget, "add"), values, follow=True)
    assert "The plan allows 0 widgets." in response.content.decode()
    assert not Widget.objects.exists()


def test_licence_for_a_reseller_is_refused(client, operator):
    holder = make_organization("Alice's agency", kind="reseller")
    response = client.post(url(License, "add"), {"organization": holder.pk, "plan": make_plan().pk}, follow=True)
    assert "A licence belongs to a customer." in response.content.decode()
    assert not License.objects.exists()


def act(client, license, action: str, reason: str = ""):
    values = {"action": action, "reason": reason, "_selected_action": [license.pk]}
    return client.post(url(License, "changelist"), values, follow=True).content.decode()


def test_licence_is_suspended_reinstated_and_revoked(client, operator):
    license = make_license()
    act(client, license, "suspend", "An invoice is open")
    license.refresh_from_db()
    assert (license.suspended_by, license.suspend_reason) == ("platform", "An invoice is open")
    act(client, license, "reinstate")
    license.refresh_from_db()
    assert license.suspended_at is None
    act(client, license, "revoke", "Fraud")
    license.refresh_from_db()
    assert license.revoked_at is not None
    assert "A revoked licence cannot be suspended." in act(client, license, "suspend", "Again")


@pytest.mark.parametrize("action", ["suspend", "revoke"])
def test_stopping_a_licence_takes_a_reason(client, operator, action):
    license = make_license()
    assert "Write a reason" in act(client, license, action)
    license.refresh_from_db()
    assert (license.suspended_at, license.revoked_at) == (None, None)


def test_organization_is_suspended_and_reinstated(client, operator):
    organization = make_organization("Alice's shop")
    for action, suspended in (("suspend", True), ("reinstate", False)):
        client.post(url(Organization, "changelist"), {"action": action, "_selected_action": [organization.pk]})
        organization.refresh_from_db()
        assert bool(organization.suspended_at) is suspended


def test_second_factors_that_were_lost_are_removed(client, operator):
    bob = make_user("bob")
    set_up_app(bob)
    values = {"action": "remove_second_factors", "_selected_action": [bob.pk]}
    client.post(url(User, "changelist"), values)
    assert not has_second_factor(bob)
    assert AuditEvent.objects.get(action="person.factors_removed").actor == operator


def test_what_operators_change_about_a_person_is_recorded_and_told(client, operator):
    bob = make_user("bob")
    for values in ({"is_staff": "on", "is_superuser": "on"}, {"is_staff": "on", "is_superuser": "on"}):
        client.post(url(User, "change", bob.pk), {"name": "bob", "is_active": "on", **values})
    line = AuditEvent.objects.get(action="person.changed")
    assert (line.actor, line.target, line.details) == (
        operator,
        "bob@example.com",
        {
            "before": {"is_staff": False, "is_superuser": False},
            "after": {"is_staff": True, "is_superuser": True},
        },
    )
    [told] = mail.outbox
    assert (told.to, told.subject) == (["bob@example.com"], "A change to your account")
    assert "Sees the operators’ pages: no → yes\nMay do everything there: no → yes\n" in told.body


def test_password_set_by_an_operator_is_recorded_and_told(client, operator):
    bob = make_user("bob")
    passwords = {"password1": "another horse battery", "password2": "another horse battery"}
    page = reverse("admin:auth_user_password_change", args=[bob.pk])
    for values in (passwords | {"password2": "not the same"}, passwords | {"usable_password": "true"}):
        client.post(page, values)
    bob.refresh_from_db()
    line = AuditEvent.objects.get(action="person.password_replaced")
    assert (bob.check_password("another horse battery"), line.actor, line.details) == (True, operator, {})
    assert ["Password: set anew" in told.body for told in mail.outbox] == [True]


def test_operators_see_nothing_of_the_librarys_tables():
    assert not [model for model in admin.site._registry if model.__module__.startswith("allauth")]


def test_staff_without_more_rights_only_look(client):
    client.force_login(make_user("bob", is_staff=True))
    license = make_license()
    assert client.get(url(License, "changelist")).status_code == 200
    assert client.get(url(Plan, "add")).status_code == 403
    act(client, license, "revoke", "No right")
    license.refresh_from_db()
    assert license.revoked_at is None


def test_policy_lets_the_admins_scripts_run_and_no_others(client, operator):
    policy = client.get("/admin/").headers["Content-Security-Policy"]
    assert ("require-trusted-types-for" in policy, "script-src 'self';" in f"{policy};") == (False, True)
    assert "require-trusted-types-for 'script'" in client.get("/password/change/").headers["Content-Security-Policy"]


def test_owner_does_not_come_in(client):
    client.force_login(make_user("charlie"))
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"
