"""Tick tables kept beside what was computed from them: the same as the sums of the cells, and only while they are."""

import hashlib

import numpy as np
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from forecasts.actions import rebuild_cells
from forecasts.actions.base import action
from forecasts.ledger.canonical import canonical
from forecasts.models import CalibrationCell, ScopeCount, StoredStatistic
from forecasts.queries.calibration import Calibration, calibration
from forecasts.queries.scope import CalibrationQuery, query_of_key
from forecasts.queries.statistics import table_digest
from forecasts.queries.sums import summed
from forecasts.scoring.values import TickTable
from tests.story import DAY, DEADLINE, Story

NOW = DEADLINE + 30 * DAY
CELLS = CalibrationCell._meta.db_table

counts = st.integers(0, 2**53)
rows = st.lists(st.tuples(st.integers(0, 10_000), counts, counts), unique_by=lambda row: row[0])
tables = rows.map(lambda rows: TickTable.from_rows((tick, no + yes, yes) for tick, no, yes in rows))


def columns(table: TickTable) -> list[list[int]]:
    return [table.ticks.tolist(), table.weight.tolist(), table.weight_yes.tolist()]


@action
def _store(**values: object) -> None:
    StoredStatistic.objects.update(**values)


def answer() -> Calibration:
    return calibration(CalibrationQuery(), NOW)


def told(found: Calibration) -> tuple[object, ...]:
    """All that is published, and the table itself."""
    scores = (found.base_rate, found.brier, found.log, found.baseline, found.peer, found.corp, found.bins)
    return found.digest, columns(found.table), found.predictions, found.pairs, found.weight, *scores


@given(tables)
def test_a_digest_is_that_of_the_canonical_bytes(table: TickTable) -> None:
    lines = [list(row) for row in zip(*columns(table), strict=True)]
    assert table_digest(table) == hashlib.sha256(canonical(lines)).hexdigest()


@given(tables)
def test_what_was_packed_is_unpacked_as_it_was(table: TickTable) -> None:
    found = TickTable.unpacked(table.packed)
    assert columns(found) == columns(table)
    assert [column.dtype for column in (found.ticks, found.weight, found.weight_yes)] == [np.int64] * 3


def test_every_stored_table_is_that_of_the_cells(story: Story) -> None:
    topics = [story.topic("rules")]
    for number in range(12):
        story.settled(number / 12, "yes" if number % 3 else "no", topics=topics)
    story.scores()
    stored = StoredStatistic.objects.filter(tick_table__isnull=False, stale=False)
    assert stored.count() > 3
    for row in stored:
        table = summed(query_of_key(row.query)).table
        assert columns(TickTable.unpacked(row.tick_table or b"")) == columns(table)
        assert row.table_sha256 == table_digest(table)


def test_an_answer_is_the_same_with_and_without_and_reads_no_cells(story: Story) -> None:
    for number in range(12):
        story.settled(number / 12, "yes" if number % 3 else "no")
    story.scores()
    with CaptureQueriesContext(connection) as captured:
        found = answer()
    assert not [query for query in captured.captured_queries if CELLS in query["sql"]]
    _store(tick_table=None)  # as before there were any
    with CaptureQueriesContext(connection) as captured:
        assert told(answer()) == told(found)
    assert [query for query in captured.captured_queries if CELLS in query["sql"]]


def test_what_waits_to_be_computed_again_is_summed_anew(story: Story) -> None:
    story.settled(0.5, "yes")
    story.scores()
    _store(tick_table=TickTable.from_rows([(1, 1, 1)]).packed, stale=True)
    assert columns(answer().table) == [[5000], [1], [1]]


def test_a_rebuild_of_the_cells_leaves_nothing_of_what_is_gone(story: Story) -> None:
    story.settled(0.5, "yes")
    story.scores()
    rebuild_cells(topics={})
    assert not ScopeCount.objects.exists()
    assert columns(answer().table) == [[], [], []]
