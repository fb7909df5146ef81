import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts.idempotency import ABANDONED, KEPT, InProgress, KeyReused, Stored, begin, delete_old, finish, give_up
from accounts.models import IdempotentAnswer
from tests.build import make_organization

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANSWER = {"license": "lic_1", "key": "cdk_SECRET"}


def call(organization, body: bytes = b"{}", now: datetime = NOW, **changes):
    wanted = {"endpoint": "POST /api/v1/licenses/", "key": "june"} | changes
    return begin(organization=organization, body=body, now=now, **wanted)


@pytest.fixture
def organization(db):
    return make_organization("Alice's shop")


def test_same_call_gets_the_same_answer(organization):
    finish(call(organization), status=201, body=ANSWER)

    assert call(organization) == Stored(201, ANSWER)
    assert "SECRET" not in IdempotentAnswer.objects.get().sealed_answer


def test_other_body_is_refused(organization):
    finish(call(organization), status=201, body=ANSWER)

    with pytest.raises(KeyReused):
        call(organization, body=b'{"plan": "large"}')


def test_call_that_is_being_done_is_in_progress(organization):
    call(organization)

    with pytest.raises(InProgress):
        call(organization)
    with pytest.raises(KeyReused):
        call(organization, body=b"other")


def test_key_belongs_to_organization_and_endpoint(organization):
    finish(call(organization), status=201, body=ANSWER)

    others = [
        call(make_organization("Charlie's bakery")),
        call(organization, endpoint="POST /api/v1/widgets/"),
        call(organization, key="july"),
    ]
    assert [isinstance(row, IdempotentAnswer) for row in others] == [True] * 3


@pytest.mark.parametrize(
    ("status", "kept"),
    [(200, True), (201, True), (404, True), (422, True), (409, False), (429, False), (500, False), (503, False)],
)
def test_only_what_would_be_answered_again_is_kept(organization, status, kept):
    finish(call(organization), status=status, body=None)

    again = call(organization)
    assert again == Stored(status, None) if kept else isinstance(again, IdempotentAnswer)


def test_deed_that_was_given_up_may_be_tried_again(organization):
    give_up(call(organization))

    assert isinstance(call(organization), IdempotentAnswer)


def test_deed_of_a_process_that_died_may_be_tried_again(organization):
    call(organization)

    with pytest.raises(InProgress):
        call(organization, now=NOW + ABANDONED - timedelta(seconds=1))
    assert isinstance(call(organization, now=NOW + ABANDONED), IdempotentAnswer)


def test_answer_is_kept_for_a_day(organization):
    finish(call(organization), status=201, body=ANSWER)

    assert call(organization, now=NOW + KEPT - timedelta(seconds=1)) == Stored(201, ANSWER)
    assert isinstance(call(organization, now=NOW + KEPT), IdempotentAnswer)


def test_old_answers_are_deleted(organization):
    finish(call(organization), status=201, body=ANSWER)

    assert [delete_old(now=NOW + KEPT - timedelta(seconds=1)), delete_old(now=NOW + KEPT)] == [0, 1]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_calls_at_once_one_is_done():
    organization = make_organization("Alice's shop")
    barrier = threading.Barrier(16)

    def run(_: int) -> bool:
        barrier.wait()
        try:
            return isinstance(call(organization), IdempotentAnswer)
        except InProgress:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(run, range(16))).count(True) == 1
