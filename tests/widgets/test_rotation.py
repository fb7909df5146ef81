import base64
import io
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client

from core.crypto import UnsealError
from tests.accounts.people import code, set_up_app
from tests.build import make_user, make_widget
from tests.frames import Frame
from widgets.rotation import rotate, rows_by_key
from widgets.services import open_connection

pytestmark = pytest.mark.django_db(transaction=True)

OLD = "t1:" + base64.b64encode(b"t" * 32).decode()
NEW = "t2:" + base64.b64encode(b"u" * 32).decode()


def test_rotation_brings_everything_under_the_new_key(settings: Any, client: Client) -> None:
    widget = make_widget(widget_type="chatkit")
    assert rows_by_key() == {"t1": 3}

    settings.SEALING_KEYS = [NEW, OLD]
    assert (rotate(), rotate()) == (3, 0)
    settings.SEALING_KEYS = [NEW]

    widget.refresh_from_db()
    assert rows_by_key() == {"t2": 3}
    assert open_connection(widget, widget.draft_connection).workflow_id == "wf_demo"
    assert widget.has_unpublished_changes is False
    assert Frame(client, widget).response.status_code == 200


def test_second_factors_are_rotated_too(settings: Any) -> None:
    alice = make_user("alice")
    codes = set_up_app(alice)
    assert rows_by_key() == {"t1": 2}

    settings.SEALING_KEYS = [NEW, OLD]
    assert (rotate(), rotate()) == (2, 0)
    settings.SEALING_KEYS = [NEW]

    factors = {row.type: row.wrap() for row in Authenticator.objects.all()}
    assert factors["totp"].validate_code(code())
    assert factors["recovery_codes"].get_unused_codes() == codes


def test_command_tells_what_stands_under_which_key(settings: Any) -> None:
    make_widget()
    settings.SEALING_KEYS = [NEW, OLD]
    out = io.StringIO()

    call_command("rotate_keys", stdout=out)

    assert out.getvalue().splitlines() == ["2 values were brought under the active key.", "t2: 2"]


def test_lost_key_opens_nothing(settings: Any) -> None:
    widget = make_widget()
    settings.SEALING_KEYS = [NEW]

    with pytest.raises(UnsealError):
        open_connection(widget, widget.draft_connection)
