"""However many visitors come at once, a licence never grants more than its limit."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from core.codes import Code
from embed.models import VisitorSession
from embed.sessions import Start, start
from embed.snapshot import SharedPool
from embed.visitors import Refused
from licenses.entitlements import UNLIMITED, Metric
from licenses.models import PoolCounter, UsageCounter
from tests.build import make_license, make_organization, make_widget
from widgets.models import Widget

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def race(
    widget: Widget, visitors: list[str], limit: int, *, concurrent: int = UNLIMITED, pool: SharedPool | None = None
) -> list[Code | None]:
    """Starts a session for each visitor at the same moment; the code of each refusal, None for a session."""
    barrier = threading.Barrier(len(visitors))

    def begin(visitor: str) -> Code | None:
        wanted = Start(
            license_pk=widget.license_id,
            widget_pk=widget.pk,
            organization_pk=widget.organization_id,
            limits={
                Metric.SESSIONS_DAY: limit,
                Metric.SESSIONS_MONTH: limit,
                Metric.CONCURRENT_SESSIONS: concurrent,
            },
            anchor_day=1,
            pool=pool,
            visitor=visitor,
            identified=False,
            origin="https://shop.test",
            evidence="referer",
        )
        barrier.wait()
        try:
            start(wanted, now=timezone.now())
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(visitors)) as threads:
        return list(threads.map(begin, visitors))


def test_32_threads_never_over_grant() -> None:
    widget = make_widget(make_license())

    outcomes = race(widget, [f"visitor-{number}" for number in range(32)], limit=20)

    assert outcomes.count(None) == 20
    assert outcomes.count(Code.QUOTA_EXCEEDED) == 12
    assert VisitorSession.objects.count() == 20
    assert set(UsageCounter.objects.values_list("used", flat=True)) == {20}


def test_tabs_that_start_at_once_share_one_session() -> None:
    widget = make_widget(make_license())

    outcomes = race(widget, ["alice"] * 16, limit=5)

    assert outcomes == [None] * 16
    assert VisitorSession.objects.count() == 1
    assert set(UsageCounter.objects.values_list("used", flat=True)) == {1}


def test_32_threads_never_chat_more_at_once_than_allowed() -> None:
    widget = make_widget(make_license())

    outcomes = race(widget, [f"visitor-{number}" for number in range(32)], limit=UNLIMITED, concurrent=20)

    assert (outcomes.count(None), outcomes.count(Code.QUOTA_EXCEEDED)) == (20, 12)
    assert set(UsageCounter.objects.values_list("used", flat=True)) == {20}


def test_32_threads_never_take_more_than_the_shared_pool() -> None:
    widget, agency = make_widget(make_license()), make_organization("Alice's agency", kind="reseller")

    outcomes = race(widget, [f"v-{n}" for n in range(32)], limit=UNLIMITED, pool=SharedPool(agency.pk, 20))

    assert (outcomes.count(None), outcomes.count(Code.QUOTA_EXCEEDED)) == (20, 12)
    assert (PoolCounter.objects.get().used, VisitorSession.objects.count()) == (20, 20)
