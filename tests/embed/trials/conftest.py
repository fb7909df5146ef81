from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.build import make_license, make_organization, make_user, make_widget
from tests.embed.trials import STORED
from tests.fakes import serve
from tests.fakes.serve import Served
from widgets.models import Widget


@pytest.fixture
def upstream(settings: Any) -> Iterator[Served]:
    with serve.served() as standins:
        settings.OPENAI_BASE_URL = f"{standins.url}/openai/v1"
        settings.OUTBOUND_ALLOW = [standins.url.removeprefix("http://")]
        yield standins


@pytest.fixture
def alice() -> User:
    return make_user("alice")


@pytest.fixture
def client(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def make(alice: User) -> Any:
    license = make_license(make_organization("Alice's shop", alice), limits={"sessions_day": 0})
    return lambda *args, **facts: make_widget(license, *args, **facts)


@pytest.fixture
def kit(make: Any) -> Widget:
    connection = {"workflow_id": "wf_demo_v01"}
    widget: Widget = make("chatkit", connection=connection, secrets={"openai_key": STORED}, publish=False)
    return widget
