"""A deleted widget is gone for everybody at once, and its row once nothing needs it any more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from embed.models import VisitorSession
from embed.reconcile import reconcile
from licenses.models import UsageCounter
from tests.build import make_license, make_widget
from tests.frames import Frame, code_of
from widgets.models import Credential, Widget, WidgetVersion
from widgets.services import ROW_KEPT, SECRETS_KEPT, delete_widget, purge_deleted_widgets

SECOND = timedelta(seconds=1)


@pytest.fixture
def widget(transactional_db):
    return make_widget(widget_type="chatkit")


def deleted_at():
    return Widget.every.get().deleted_at


def test_nothing_of_it_is_found(client, widget):
    frame = Frame(client, widget)

    delete_widget(actor=None, widget=widget)

    assert code_of(frame.post("session", {})) == "widget_not_found"
    assert Frame(client, widget).code == "widget_not_found"
    assert list(Widget.objects.all()) == list(widget.license.widgets.all()) == []


def test_its_places_are_free(client, transactional_db):
    """The number of widgets, the default one, the visitors at once."""
    license = make_license(limits={"widgets": 1, "concurrent_sessions": 1})
    widget = make_widget(license)
    assert Frame(client, widget).post("history").status_code == 200

    delete_widget(actor=None, widget=widget)
    heir = make_widget(license)

    assert heir.is_default
    assert Frame(client, heir).post("history").status_code == 200


def test_its_secrets_go_once_its_sessions_have_ended(widget):
    delete_widget(actor=None, widget=widget)

    purge_deleted_widgets(now=deleted_at() + SECRETS_KEPT)
    assert Credential.objects.count() == 1
    purge_deleted_widgets(now=deleted_at() + SECRETS_KEPT + SECOND)

    assert (Credential.objects.count(), WidgetVersion.objects.count()) == (0, 0)
    assert Widget.every.get().draft_connection == ""


def test_others_stay(widget):
    purge_deleted_widgets(now=timezone.now() + 2 * ROW_KEPT)

    assert (Widget.objects.count(), Credential.objects.count()) == (1, 1)


def test_deleting_does_not_give_quota_back(client, transactional_db):
    widget = make_widget()
    assert Frame(client, widget).post("history").status_code == 200
    delete_widget(actor=None, widget=widget)
    purge_deleted_widgets(now=deleted_at() + ROW_KEPT)

    assert reconcile(now=timezone.now()) == []
    assert set(UsageCounter.objects.values_list("used", flat=True)) == {1}

    purge_deleted_widgets(now=deleted_at() + ROW_KEPT + SECOND)
    assert (Widget.every.count(), VisitorSession.objects.count()) == (0, 0)
