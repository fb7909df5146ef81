from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from accounts import brands
from accounts.branding import set_branding
from accounts.permissions import Role
from accounts.services import add_member
from accounts.webhooks import create_endpoint
from licenses import reminders
from licenses.models import License, QuotaWarning, Reminder
from licenses.reminders import note_due, send_quota_warnings, send_reminders
from licenses.services import issue_license, renew_license, revoke_license, set_grace, suspend_license
from licenses.tasks import remind
from licenses.tasks import send_quota_warnings as quota_task
from tests.build import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def license(shop, plan, agency, now) -> License:
    people = {"alice": Role.OWNER, "bob": Role.BILLING, "charlie": Role.EDITOR}
    for name, role in people.items():
        add_member(actor=None, organization=shop, user=make_user(name), role=role)
    return issue_license(actor=None, plan=plan, organization=shop, issuer=agency, now=now)


def run(now) -> list[str]:
    """The subjects of the mails that one run sends."""
    mail.outbox.clear()
    note_due(now=now)
    send_reminders(now=now)
    return [message.subject for message in mail.outbox]


def test_each_reminder_is_sent_once(license):
    end, hour = license.expires_at, timedelta(hours=1)
    sent = {days: run(end + timedelta(days=days) + hour) for days in range(-20, 30)}

    assert {days: len(subjects) for days, subjects in sent.items() if subjects} == {-14: 2, -3: 2, 0: 2, 7: 2}
    assert [sent[day][0] for day in (-14, -3, 0, 7)] == [
        "Your chat licence ends on 20 November 2027",
        "Your chat licence ends in 3 days",
        "Your chat licence has ended",
        "Your chats have stopped: the licence has ended",
    ]


def test_reminders_start_anew_after_a_renewal(license):
    end = license.expires_at
    assert len(run(end)) == 2
    renew_license(actor=None, license=license, idempotency_key="1", now=end)

    assert run(end) == []
    assert len(run(end + timedelta(days=365))) == 2


def test_what_runs_again_by_its_grace_is_told_when_it_stops_again(license):
    stop = license.expires_at + timedelta(days=7)
    assert [len(run(moment)) for moment in (license.expires_at, stop)] == [2, 2]
    with time_machine.travel(stop, tick=False):
        set_grace(actor=None, license=license, days=10)

    assert [len(run(stop + timedelta(days=days))) for days in (0, 3, 4)] == [0, 2, 0]


def test_of_several_that_were_missed_only_the_last_is_sent(license):
    assert run(license.expires_at - timedelta(days=2))[0] == "Your chat licence ends in 2 days"
    assert Reminder.objects.count() == 1


@pytest.mark.parametrize(("hours", "when"), [(20, "tomorrow"), (2, "today")])
def test_the_days_that_are_left_are_told_as_they_are(license, hours, when):
    assert run(license.expires_at - timedelta(hours=hours))[0] == f"Your chat licence ends {when}"


def test_a_trial_of_two_weeks_is_not_reminded_on_its_first_day(license, now):
    License.objects.update(expires_at=now + timedelta(days=14))
    sent = {days: len(run(now + timedelta(days=days, hours=1))) for days in range(12)}

    assert {days: count for days, count in sent.items() if count} == {11: 2}


def test_of_a_suspended_licence_is_not_told_that_its_chats_run(license, now):
    suspend_license(actor=None, license=license, reason="test", now=now)
    run(license.expires_at)

    body = mail.outbox[0].body
    assert ("still run" in body, "It is suspended too" in body) == (False, True)


def test_what_is_long_over_is_not_told(license, now):
    assert run(license.expires_at + timedelta(days=15)) == []


def test_revoked_and_unassigned_licences_are_not_told(license, plan, now):
    revoke_license(actor=None, license=license, reason="test", now=now)
    issue_license(actor=None, plan=plan, expires_at=now)

    assert run(license.expires_at) == []


def test_mail_goes_to_those_who_answer_for_it_each_alone(license, shop):
    run(license.expires_at)

    assert [message.recipients() for message in mail.outbox] == [["alice@example.com"], ["bob@example.com"]]
    assert f"http://testserver/o/{shop.slug}/licenses/{license.public_id}/" in mail.outbox[0].body
    assert (license.public_id in mail.outbox[0].body, "Bob's shop" in mail.outbox[0].body) == (True, True)


def test_mail_is_in_the_resellers_name(license, agency, settings):
    settings.DEFAULT_FROM_EMAIL = "Chatdock <chat@example.com>"
    look = {"mail_name": "Alice, & friends", "mail_reply_to": "help@alice.example", "accent": "#0f766e"}
    values = {**look, "support_link": "https://alice.example/help", "name": "Alice’s chats"}
    set_branding(actor=None, organization=agency, values=values)
    brands.kept.forget(brands.TOPIC)
    run(license.expires_at)

    message = mail.outbox[0]
    assert message.from_email == '"Alice, & friends" <chat@example.com>'
    assert message.reply_to == ["help@alice.example"]
    assert "https://alice.example/help" in message.body
    html = message.alternatives[0].content
    assert ('bgcolor="#0f766e"' in html, "Alice’s chats" in html, "Chatdock" in html) == (True, True, False)


def test_mail_that_fails_waits_and_holds_up_nobody(license, plan, shop, agency, now, monkeypatch, caplog):
    other = issue_license(actor=None, plan=plan, organization=shop, issuer=agency, now=now)
    send = EmailBackend.send_messages
    monkeypatch.setattr(EmailBackend, "send_messages", _failing_for(license.public_id, OSError("away")))
    subjects = run(license.expires_at)

    assert len(subjects) == 2
    assert Reminder.objects.get(mailed_at=None).license == license
    assert "could not be sent" in caplog.text
    monkeypatch.setattr(EmailBackend, "send_messages", send)
    assert len(run(other.expires_at)) == 2


def test_one_recipient_that_fails_costs_the_others_no_second_mail(license, monkeypatch):
    monkeypatch.setattr(EmailBackend, "send_messages", _failing_for("bob@example.com", OSError("away")))

    assert [len(run(license.expires_at)) for _ in range(2)] == [1, 0]


@pytest.mark.parametrize(("code", "waiting"), [(450, 1), (550, 0)])
def test_a_refusal_for_good_is_given_up(license, monkeypatch, code, waiting):
    refused = SMTPRecipientsRefused({"alice@example.com": (code, b"no")})
    monkeypatch.setattr(EmailBackend, "send_messages", _failing_for("@example.com", refused))
    run(license.expires_at)

    assert Reminder.objects.filter(mailed_at=None).count() == waiting


def _failing_for(text, error):
    send = EmailBackend.send_messages

    def send_messages(self, messages):
        if any(text in f"{message.to} {message.body}" for message in messages):
            raise error
        return send(self, messages)

    return send_messages


@pytest.mark.parametrize("change", ["renewed", "revoked", "a week ago"])
def test_what_waited_is_not_mailed_once_it_is_no_longer_so(license, change):
    end = license.expires_at
    note_due(now=end)
    if change == "renewed":
        renew_license(actor=None, license=license, idempotency_key="1", now=end)
    elif change == "revoked":
        revoke_license(actor=None, license=license, reason="test", now=end)
    else:
        Reminder.objects.update(created_at=end - timedelta(days=7))

    assert send_reminders(now=end) == 0


def test_the_oldest_that_fail_do_not_keep_the_new_ones_back(license, plan, shop, agency, now, monkeypatch):
    issue_license(actor=None, plan=plan, organization=shop, issuer=agency, now=now)
    monkeypatch.setattr(reminders, "_BATCH", 1)
    note_due(now=license.expires_at)
    oldest = Reminder.objects.earliest("pk").license
    monkeypatch.setattr(EmailBackend, "send_messages", _failing_for(oldest.public_id, OSError("away")))

    assert send_reminders(now=license.expires_at) == 1


def test_webhooks_hear_of_it_once(license, shop, agency):
    for organization in (shop, agency):
        create_endpoint(actor=None, organization=organization, url="https://hooks.example.com/", events=["license.*"])
    run(license.expires_at)
    run(license.expires_at + timedelta(hours=1))

    told = shop.webhook_endpoints.get().deliveries.values_list("event", flat=True)
    assert list(told) == ["license.expired"]
    assert agency.webhook_endpoints.get().deliveries.count() == 1


def test_quota_warning_is_mailed_once(license, shop, now):
    QuotaWarning.objects.create(
        organization=shop, license=license, metric="sessions_day", period_start=now.date(), percent=90, limit=10
    )

    assert [send_quota_warnings(now=now) for _ in range(2)] == [1, 0]
    assert mail.outbox[0].subject == "Your chats have used 90 % of a limit"
    assert "90 % of its 10 chats of the day, counted from 20 November 2026" in mail.outbox[0].body


def test_tasks_run(license):
    License.objects.update(expires_at=license.created_at - timedelta(days=1), starts_at=None)
    QuotaWarning.objects.create(
        organization=license.organization,
        license=license,
        metric="sessions_day",
        period_start="2026-11-20",
        percent=75,
        limit=4,
    )
    remind()
    quota_task()
    assert QuotaWarning.objects.get().mailed_at is not None


def test_what_was_noted_is_not_asked_about_again(license, plan, shop, agency, now, django_assert_num_queries):
    for _ in range(2):
        issue_license(actor=None, plan=plan, organization=shop, issuer=agency, now=now)
    assert note_due(now=license.expires_at) == 3

    with django_assert_num_queries(2):
        assert note_due(now=license.expires_at) == 0
