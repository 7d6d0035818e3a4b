"""Real threads on a real database: of two who want the same, one wins and the other hears so."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from forecasts.actions import (
    Applied,
    Result,
    accept_proposal,
    issue_forecast,
    merge_forecasters,
    propose_resolution,
    resolve_prediction,
    review_finding,
    save_reference,
    sum_unsettled,
)
from forecasts.errors import Conflict
from forecasts.jobs.recompute import replace_made
from forecasts.ledger.verify import verify
from forecasts.models import Forecast, Forecaster, LedgerEntry, LedgerHead, Prediction, Proposal, Resolution
from tests.imported import applies, bulk, said, settled, still_open
from tests.ledger.behind import execute
from tests.story import DAY, DEADLINE, START, Story, make_user

KNOWN = START + 30 * DAY
YES = Result(known_at=KNOWN, outcome="yes", evidence_exception="everybody saw it")
NO = Result(known_at=KNOWN, outcome="no", evidence_exception="everybody saw it")


@pytest.fixture
def newsroom(own_database: str) -> Iterator[Story]:
    return Story.begin()


def at_once(*attempts: Callable[[], object]) -> list[object]:
    """Run all attempts in threads of their own that start together; their results, or what they were refused with."""
    start = threading.Barrier(len(attempts))

    def run(attempt: Callable[[], object]) -> object:
        start.wait(timeout=30)
        try:
            return attempt()
        except Conflict as conflict:
            return conflict
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


def one_wins(results: list[object]) -> None:
    assert sum(isinstance(result, Conflict) for result in results) == len(results) - 1


def test_it_works(newsroom: Story) -> None:
    """Two approvers resolve one prediction, one says yes and one says no."""
    prediction, other = newsroom.opened(), make_user("other", "Approvers")
    results = at_once(
        lambda: resolve_prediction(
            prediction=prediction, result=YES, proposer=newsroom.editor, at=KNOWN, by=newsroom.approver
        ),
        lambda: resolve_prediction(prediction=prediction, result=NO, proposer=newsroom.editor, at=KNOWN, by=other),
    )
    one_wins(results)
    resolution = Resolution.objects.get()
    prediction.refresh_from_db()
    assert prediction.current_resolution == resolution
    assert resolution in results
    assert verify().size == LedgerEntry.objects.count()


def test_two_approvers_accept_one_proposal(newsroom: Story) -> None:
    proposal, other = newsroom.proposes(newsroom.opened(), "yes", known_at=KNOWN), make_user("other", "Approvers")
    results = at_once(
        lambda: accept_proposal(proposal=proposal, at=KNOWN, by=newsroom.approver),
        lambda: accept_proposal(proposal=Proposal.objects.get(), at=KNOWN, by=other),
    )
    one_wins(results)
    assert Resolution.objects.count() == 1


def test_two_proposals_at_once(newsroom: Story) -> None:
    prediction = newsroom.opened()
    results = at_once(
        *(
            lambda result=result: propose_resolution(  # type: ignore[misc]
                prediction=prediction, result=result, rationale="x", at=KNOWN, by=newsroom.editor
            )
            for result in (YES, NO)
        )
    )
    one_wins(results)
    assert Proposal.objects.filter(status="waiting").count() == 1


def test_one_external_id_twice_at_once(newsroom: Story) -> None:
    prediction = newsroom.opened()
    results = at_once(
        *(
            lambda tick=tick: issue_forecast(  # type: ignore[misc]
                prediction=prediction,
                forecaster=newsroom.desk,
                value=tick,
                external_id="a-1",
                at=START,
                by=newsroom.editor,
            )
            for tick in (0.1, 0.2, 0.3)
        )
    )
    one_wins(results)
    assert Forecast.objects.count() == 1


def test_one_external_id_on_two_predictions_at_once(newsroom: Story) -> None:
    predictions = [newsroom.opened(), newsroom.opened()]
    results = at_once(
        *(
            lambda prediction=prediction: issue_forecast(  # type: ignore[misc]
                prediction=prediction,
                forecaster=newsroom.desk,
                value=0.5,
                external_id="a-1",
                at=START,
                by=newsroom.editor,
            )
            for prediction in predictions
        )
    )
    one_wins(results)


def test_eight_threads_append_without_gaps(newsroom: Story) -> None:
    predictions = [newsroom.opened() for _ in range(8)]
    before = LedgerEntry.objects.count()

    def twenty(number: int) -> Callable[[], object]:
        return lambda: [
            newsroom.says(predictions[number], (number + 1) / 10, at=START + turn * DAY) for turn in range(20)
        ]

    at_once(*(twenty(number) for number in range(8)))
    assert list(LedgerEntry.objects.values_list("seq", flat=True)) == list(range(1, before + 160 + 1))
    assert Forecast.objects.count() == 160
    assert verify().size == before + 160


def test_an_import_waits_for_who_decides_about_what_it_tells_of(newsroom: Story) -> None:
    """Whoever accepts a proposal holds the prediction, then the proposal, then the ledger: none of them is taken first.

    PostgreSQL would end one of the two where both wait; SQLite has one writer.
    """
    applies(newsroom, bulk(still_open(1), still_open(2, statement="Blue"), sha256="b" * 64), at=KNOWN)
    prediction = Prediction.objects.get(statement="Blue")
    newsroom.proposes(prediction, "yes", known_at=KNOWN)
    brings = bulk(settled(1), settled(2, statement="Blue", forecasts=(said(2, 0.6),)), sha256="c" * 64)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Prediction.objects.select_for_update().get(pk=prediction.pk)
            importing = pool.submit(at_once, lambda: applies(newsroom, brings))
            until_somebody_waits()
            Proposal.objects.select_for_update().get()
            LedgerHead.objects.select_for_update().get()
        (applied,) = importing.result(timeout=30)
    assert isinstance(applied, Applied)
    assert Proposal.objects.get().status == "superseded"
    assert Resolution.objects.count() == 2


def until_somebody_waits() -> None:
    for _ in range(300 if connection.vendor == "postgresql" else 0):
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.05)


def a_bot(row: Forecaster) -> Forecaster:
    row.is_bot = True
    return row


@pytest.mark.parametrize("what", ["amend", "pass", "sum", "merge", "pool", "review"])
def test_what_waits_for_the_ledger_stands_in_nobodys_way(newsroom: Story, what: str) -> None:
    """Whoever has the ledger may name any row, and at its end PostgreSQL asks whether that is there still."""
    prediction, other = newsroom.opened(), newsroom.forecaster("other")
    newsroom.says(prediction, 0.5)
    finding = newsroom.unreviews(newsroom.sees(prediction, at=START))
    late = DEADLINE + DAY
    row, act = {
        "amend": (prediction, lambda: newsroom.amends(prediction, {"fine_print": "x"}, reason="y")),
        "pass": (prediction, lambda: newsroom.passes(prediction)),
        "sum": (prediction, lambda: sum_unsettled(prediction_ids=[prediction.pk], at=late)),
        "merge": (other, lambda: merge_forecasters(forecaster=other, into=newsroom.desk, at=late, by=newsroom.editor)),
        "pool": (other, lambda: save_reference(row=a_bot(other), at=late, by=newsroom.editor)),
        "review": (finding, lambda: review_finding(finding=finding, review="accepted", at=late, by=newsroom.editor)),
    }[what]
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            LedgerHead.objects.select_for_update().get()
            acting = pool.submit(at_once, act)
            until_somebody_waits()
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT 1 FROM {row._meta.db_table} WHERE id = %s FOR KEY SHARE", [row.pk])  # noqa: S608 -- a name
        (done,) = acting.result(timeout=30)
    assert not isinstance(done, Conflict)


def test_copies_are_made_anew_while_a_decision_holds_a_prediction_and_wants_the_ledger(newsroom: Story) -> None:
    prediction = newsroom.settled(0.7, "yes")
    prediction.refresh_from_db()
    known_at = prediction.known_at
    execute(sql="UPDATE forecasts_prediction SET known_at = NULL", given=[])

    def decide() -> None:
        with transaction.atomic():
            list(Prediction.objects.select_for_update(no_key=True).filter(pk=prediction.pk))
            time.sleep(1)
            LedgerHead.objects.select_for_update().get(id=1)

    def recompute() -> None:
        time.sleep(0.3)
        replace_made()

    at_once(decide, recompute)
    prediction.refresh_from_db()
    assert known_at
    assert prediction.known_at == known_at
