"""Each type is created through every door, and served rightly."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from licenses.models import License
from tests.api import Api
from tests.build import DEFAULT_CONNECTIONS, DEFAULT_SECRETS, make_user
from tests.frames import Frame
from widgets.credentials import set_credential
from widgets.models import Widget
from widgets.services import create_widget, publish_widget, save_draft
from widgets.types import all_types


def by_form(client: Client, license: License, kind: str) -> None:
    client.post("/o/alices-shop/widgets/new/", {"widget_type": kind, "name": "Tea"})


def by_rest(client: Client, license: License, kind: str) -> None:
    body = {"widget_type": kind, "name": "Tea", "license": license.public_id}
    Api(license.organization.memberships.get()).post("/widgets/", body)


def by_service(client: Client, license: License, kind: str) -> None:
    create_widget(actor=None, license=license, widget_type=kind, name="Tea")


def by_admin(client: Client, license: License, kind: str) -> None:
    client.force_login(make_user("bob", is_staff=True, is_superuser=True))
    client.post("/admin/widgets/widget/add/", {"license": license.pk, "name": "Tea", "widget_type": kind})


def by_copy(client: Client, license: License, kind: str) -> None:
    original = create_widget(actor=None, license=license, widget_type=kind, name="Tea")
    client.post(f"/o/alices-shop/widgets/{original.public_id}/duplicate/")
    original.delete()
    Widget.objects.filter(name="Copy of Tea").update(name="Tea", is_default=True)  # as the other doors leave it


def connect_and_publish(widget: Widget) -> None:
    kind = widget.widget_type
    for credential, secret in DEFAULT_SECRETS[kind].items():
        set_credential(actor=None, widget=widget, kind=credential, secret=secret, now=timezone.now())
    publish_widget(actor=None, widget=save_draft(actor=None, widget=widget, connection=DEFAULT_CONNECTIONS[kind]))


@pytest.mark.parametrize("kind", all_types())
@pytest.mark.parametrize("door", [by_form, by_rest, by_service, by_admin, by_copy])
def test_type_is_served_through_every_door(
    client: Client, license: License, kind: str, door: Callable[[Client, License, str], None]
) -> None:
    door(client, license, kind)
    widget = Widget.objects.get()
    assert (widget.widget_type, widget.name, widget.license, widget.is_default) == (kind, "Tea", license, True)

    connect_and_publish(widget)
    loader = client.get(f"/api/widget/{license.public_id}/chat-widget.js?widget={widget.public_id}")
    frame = Frame(Client(), widget)

    assert f'"/widget/{kind}/{license.public_id}?widget={widget.public_id}"' in loader.content.decode()
    assert (frame.response.status_code, frame.boot["type"], frame.boot["widget"]) == (200, kind, widget.public_id)
    assert set(frame.boot["api"]) - {"events"} == set(all_types()[kind].api)
