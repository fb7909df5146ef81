"""What a widget's owner is told, whatever an upstream said."""

import asyncio

import pytest

from analytics import incidents
from analytics.models import Incident
from core.codes import Code
from tests.build import make_license, make_organization, make_widget

pytestmark = pytest.mark.django_db(transaction=True)


def report(*reports: tuple[object, Code, str]) -> None:
    async def run() -> None:
        for widget, code, detail in reports:
            incidents.report(widget.organization_id, widget.pk, code, detail)  # type: ignore[attr-defined]
        await incidents.writer.drain()

    asyncio.run(run())


def test_same_failure_is_one_row_with_the_last_words() -> None:
    widget = make_widget()

    report(
        (widget, Code.UPSTREAM_ERROR, "first"), (widget, Code.N8N_INACTIVE, "x"), (widget, Code.UPSTREAM_ERROR, "last")
    )

    assert set(Incident.objects.values_list("code", "count", "detail")) == {
        ("upstream_error", 2, "last"),
        ("n8n_inactive", 1, "x"),
    }


def test_upstreams_nul_costs_nobody_a_report() -> None:
    mine, charlies = make_widget(), make_widget(make_license(make_organization("Charlie's")))

    report((charlies, Code.UPSTREAM_ERROR, "a\0b"), (mine, Code.UPSTREAM_ERROR, "down"))

    assert set(Incident.objects.values_list("widget", "detail")) == {(charlies.pk, "ab"), (mine.pk, "down")}


def test_secrets_are_taken_out() -> None:
    report((make_widget(), Code.OPENAI_INVALID_KEY, "Incorrect API key provided: sk-proj-abcdef123456."))

    assert Incident.objects.get().detail == "Incorrect API key provided: sk-[redacted]"
