"""The demo has nothing to be told off for, and starts again without a change."""

import pytest

from config.demo.seed import seed
from widgets.models import Widget, WidgetVersion


@pytest.fixture
def seeded(db, settings, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "a demo's password")
    settings.DEMO_UPSTREAM_URL = "http://127.0.0.1:9001"
    settings.OUTBOUND_ALLOW = ["127.0.0.1:9001"]
    return seed()


def test_its_widgets_are_published_and_can_be_read(seeded):
    versions = [widget.published for widget in Widget.objects.all()]

    assert None not in versions
    assert [version.warnings for version in versions if version.warnings] == []


def test_a_second_start_changes_nothing(seeded):
    before = list(WidgetVersion.objects.values_list("pk", flat=True).order_by("pk"))

    assert seed() == seeded
    assert list(WidgetVersion.objects.values_list("pk", flat=True).order_by("pk")) == before
