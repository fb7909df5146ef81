"""Visitors' host and dashboard's host are kept apart."""

from typing import Any

import pytest
from django.test import Client

from tests.build import make_widget
from tests.frames import Frame

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two_hosts(settings: Any) -> None:
    settings.DASHBOARD_URL, settings.EMBED_URL = "https://app.test", "https://chat.test"


@pytest.mark.parametrize("path", ["/", "/login/", "/admin/", "/api/v1/widgets/", "/static/x.css"])
def test_dashboard_is_not_on_the_visitors_host(client: Client, two_hosts: None, path: str) -> None:
    answer = client.get(path, headers={"Host": "chat.test"})

    assert (answer.status_code, answer.content) == (404, b"There is nothing here.")
    assert not answer.cookies


def test_chat_is_not_on_the_dashboards_host(client: Client, two_hosts: None) -> None:
    widget = make_widget()
    path = f"/widget/n8n/{widget.license.public_id}?widget={widget.public_id}"

    answers = {
        host: client.get(path, headers={"Host": host, "Sec-Fetch-Dest": "document"})
        for host in ("chat.test", "app.test")
    }

    assert {host: answer.status_code for host, answer in answers.items()} == {"chat.test": 200, "app.test": 404}


def test_probes_answer_everywhere(client: Client, two_hosts: None) -> None:
    assert [client.get("/healthz", headers={"Host": host}).status_code for host in ("chat.test", "app.test")] == [
        200
    ] * 2


def test_one_host_for_both_works(client: Client) -> None:
    assert Frame(client, make_widget()).post("history").status_code == 200
