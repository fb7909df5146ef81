"""Visitors whose name the site owner's server has signed."""

from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.test import Client
from django.utils import timezone

from embed.models import VisitorSession
from tests.build import make_widget
from tests.frames import Frame, code_of
from widgets.models import Widget

pytestmark = pytest.mark.django_db(transaction=True)

IDENTITY_SECRET = "an identity secret of 32 letters!"


def identity(widget: Widget, **claims: Any) -> str:
    valid = {"aud": widget.public_id, "sub": "alice-1", "exp": timezone.now() + timedelta(minutes=5)}
    return jwt.encode({k: v for k, v in (valid | claims).items() if v is not None}, IDENTITY_SECRET, "HS256")


def identified_widget(mode: str = "required") -> Widget:
    secrets = {"identity_secret": IDENTITY_SECRET}
    return make_widget(configuration={"visitors": {"identity": mode}}, secrets=secrets)


def test_identified_visitor_is_one_visitor_on_every_device(client: Client) -> None:
    widget = identified_widget()

    for _ in range(2):
        assert Frame(client, widget).post("history", X_Chatdock_Identity=identity(widget)).status_code == 200

    assert VisitorSession.objects.get().identified


def test_identity_required_refuses_the_anonymous(client: Client) -> None:
    assert code_of(Frame(client, identified_widget()).post("history")) == "identity_required"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"aud": "wgt_other"}, "identity_invalid"),
        ({"aud": None}, "identity_invalid"),
        ({"sub": None}, "identity_invalid"),
        ({"sub": ""}, "identity_invalid"),
        ({"exp": None}, "identity_invalid"),
        ({"exp": timezone.now() + timedelta(hours=2)}, "identity_invalid"),
        ({"exp": timezone.now() - timedelta(minutes=5)}, "identity_expired"),
    ],
)
def test_bad_identity_is_refused(client: Client, claims: dict[str, Any], code: str) -> None:
    widget = identified_widget("optional")

    assert code_of(Frame(client, widget).post("history", X_Chatdock_Identity=identity(widget, **claims))) == code


@pytest.mark.parametrize("algorithm", ["none", "HS512"])
def test_identity_in_another_algorithm_is_refused(client: Client, algorithm: str) -> None:
    widget = identified_widget()
    claims = {"aud": widget.public_id, "sub": "alice", "exp": timezone.now() + timedelta(minutes=5)}
    token = jwt.encode(claims, None if algorithm == "none" else IDENTITY_SECRET * 2, algorithm)

    assert code_of(Frame(client, widget).post("history", X_Chatdock_Identity=token)) == "identity_invalid"


def test_signing_out_makes_another_visitor(client: Client) -> None:
    widget = identified_widget("optional")
    frame = Frame(client, widget)
    frame.post("history", X_Chatdock_Identity=identity(widget))

    frame.post("history")

    assert sorted(VisitorSession.objects.values_list("identified", flat=True)) == [False, True]
    assert len(set(VisitorSession.objects.values_list("visitor", flat=True))) == 2
