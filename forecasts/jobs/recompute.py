"""Everything derived, computed from forecasts and resolutions again: compared with what is stored, or replacing it."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models, transaction

from forecasts.actions import copy_resolutions, note_engine, rebuild_cells, rebuild_made, score_predictions
from forecasts.actions.cells import CELL_FIELDS, CELL_SUMS, COUNT_FIELDS, COUNT_SUMS
from forecasts.actions.settling import differs_from_resolution
from forecasts.jobs.cell_sums import CellSums, Sums
from forecasts.jobs.made_sums import made_sums, stored_made
from forecasts.jobs.moves import moved_predictions
from forecasts.models import (
    CalibrationCell,
    Cursor,
    CursorName,
    EntryKind,
    LedgerEntry,
    LedgerHead,
    MadeCount,
    Prediction,
    ScopeCount,
    Score,
    StoredStatistic,
    UnsettledSum,
    UnsettledTotal,
)
from forecasts.queries.scope import query_of_key
from forecasts.queries.standing import FactLine, ScoreLine, standing_of, stored_facts, stored_scores
from forecasts.queries.statistics import table_digest
from forecasts.queries.sums import cell_table
from forecasts.queries.unsettled import Added
from forecasts.queries.unsettled_sums import kept_sums, kept_totals, sums_by_prediction
from forecasts.scoring import ENGINE

SHOWN = 20
SCORED_AT_ONCE = 25
FLOATS = tuple(each.name for each in Score._meta.concrete_fields if isinstance(each, models.FloatField))
CLOSE = 2e-9  # two roundings to a billionth


@dataclass
class Comparison:
    """What was compared, what waits for the follower, and the first differences in words."""

    predictions: int = 0
    pending: int = 0
    scores: int = 0
    facts: int = 0
    cells: int = 0
    differences: list[str] = field(default_factory=list)

    def note(self, difference: str) -> None:
        if len(self.differences) < SHOWN:
            self.differences.append(difference)


def compare(progress: Callable[[Iterable[Prediction]], Iterable[Prediction]] = iter) -> Comparison:
    """Compare every score, fact row and cell, bit for bit, as of the follower's cursor.

    Predictions that entries behind the cursor speak of are left to the follower and counted as pending; cells are
    compared with the sum of the stored fact rows, and counts of predictions with the forecasts, which must hold at any
    time. Scoring waits meanwhile.
    """
    found, sums = Comparison(), CellSums()
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update().get(name=CursorName.SCORING)
        pending = _pending(cursor.seq)
        for prediction in progress(_derived()):
            facts = stored_facts([prediction])
            sums.take(facts, prediction.scored_topics)
            if prediction.pk in pending:
                found.pending += 1
            else:
                _compare_one(prediction, facts, found)
        _compare_sums(CalibrationCell, CELL_FIELDS, CELL_SUMS, sums.cells, found)
        _compare_sums(ScopeCount, COUNT_FIELDS, COUNT_SUMS, sums.counts, found)
        _compare_tables(found)
    with _one_moment():
        _compare_keys(MadeCount, stored_made(), made_sums(), found)
        _compare_unsettled(found)
    return found


@contextmanager
def _one_moment() -> Iterator[None]:
    """All that is read inside is as it was at one moment, while decisions go on; SQLite's readers have that anyway."""
    is_first = not connection.in_atomic_block
    with transaction.atomic():
        if is_first and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def rebuild(progress: Callable[[Sequence[int]], Iterable[int]] = iter) -> int:
    """Replace all cells and counts by what they are sums of and score every settled prediction again; returns how many.

    `progress` wraps batches of predictions.
    """
    replace_made()
    replace_cells()
    ids = derived_predictions()
    for start in progress(range(0, len(ids), SCORED_AT_ONCE)):
        score_predictions(prediction_ids=ids[start : start + SCORED_AT_ONCE])
    note_engine(engine=str(ENGINE))
    return len(ids)


def replace_cells() -> None:
    """Scoring subtracts what stands, and wrong cells minus right facts would be refused: so these come first."""
    with transaction.atomic():
        Cursor.objects.select_for_update().get(name=CursorName.SCORING)
        rebuild_cells(topics=dict(_derived().values_list("pk", "scored_topics")))


def replace_made() -> None:
    """Whatever is said or decided meanwhile waits, and is counted afterwards."""
    copy_resolutions()
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(id=1)
        rebuild_made(predictions=list(Prediction.objects.public().order_by("pk").values_list("pk", flat=True)))


def derived_predictions() -> list[int]:
    """All for which something derived stands, or should."""
    return list(_derived().values_list("pk", flat=True))


def _derived() -> models.QuerySet[Prediction]:
    """Predictions that something derived stands for, or should."""
    settled = models.Q(current_resolution__isnull=False)
    scored = models.Exists(Score.objects.filter(prediction=models.OuterRef("pk")))
    return Prediction.objects.filter(settled | scored).select_related("current_resolution").order_by("pk")


def _pending(seq: int) -> set[int]:
    moving = [kind for kind in EntryKind if kind.moves_scores]
    entries = LedgerEntry.objects.filter(seq__gt=seq, kind__in=moving)
    return {prediction for entry in entries for prediction in moved_predictions(entry)}


def _compare_one(prediction: Prediction, facts: Sequence[FactLine], found: Comparison) -> None:
    standing = standing_of([prediction])
    scores = stored_scores([prediction])
    found.predictions += 1
    found.scores += len(scores)
    found.facts += len(facts)
    for name in differs_from_resolution(prediction):
        found.note(f"{prediction.slug}: {name} is not that of its resolution")
    differ = [
        _note_rows(prediction, "scores", map(_exact, scores), map(_exact, standing.scores), found),
        _note_rows(prediction, "facts", facts, standing.facts, found),
    ]
    if not any(differ) and (far := _farthest(scores, standing.scores)) > CLOSE:
        found.note(f"{prediction.slug}: a score stored {far:g} from what follows")


def _note_rows(
    prediction: Prediction, name: str, stored: Iterable[Any], expected: Iterable[Any], found: Comparison
) -> bool:
    """Whether they differ, bit for bit."""
    here, there = Counter(stored), Counter(expected)
    if here != there:
        stray, missing = sum((here - there).values()), sum((there - here).values())
        found.note(f"{prediction.slug}: {stray} {name} stored that do not follow, {missing} missing")
    return here != there


def _exact(row: ScoreLine) -> tuple[Any, ...]:
    """All that must agree bit for bit."""
    return tuple(getattr(row, name) for name in ScoreLine._fields if name not in FLOATS)


def _farthest(stored: Sequence[ScoreLine], expected: Sequence[ScoreLine]) -> float:
    """The largest difference of two floats that should be one; infinite where one of them is empty."""
    pairs = zip(sorted(stored, key=_exact_as_text), sorted(expected, key=_exact_as_text), strict=True)
    return max((_apart(getattr(a, name), getattr(b, name)) for a, b in pairs for name in FLOATS), default=0.0)


def _exact_as_text(row: ScoreLine) -> str:
    return repr(_exact(row))


def _apart(a: float | None, b: float | None) -> float:
    if a is None or b is None:
        return 0.0 if a is b else math.inf
    return abs(a - b) / max(1.0, abs(a))


def _compare_sums(
    model: type[models.Model], fields: Sequence[str], names: Sequence[str], sums: Sums, found: Comparison
) -> None:
    stored = {row[: len(fields)]: row[len(fields) :] for row in model._default_manager.values_list(*fields, *names)}
    _compare_keys(model, stored, {key: tuple(found) for key, found in sums.items() if any(found)}, found)


def _compare_tables(found: Comparison) -> None:
    """Tick tables that answers take for the sums of the cells."""
    kept = StoredStatistic.objects.filter(stale=False, tick_table__isnull=False).order_by("query")
    for key, packed, digest in kept.values_list("query", "tick_table", "table_sha256").iterator():
        table = cell_table(query_of_key(key))
        if (bytes(packed or b""), digest) != (table.packed, table_digest(table)):
            found.note(f"{key}: the tick table stored is not that of the cells")


def _compare_unsettled(found: Comparison) -> None:
    """What is kept of each prediction; of which none is kept, it is summed whenever it is asked for."""
    totals: dict[Any, tuple[Added, int]] = {}
    ids = list(UnsettledSum.objects.order_by("prediction").values_list("prediction", flat=True).distinct())
    for start in range(0, len(ids), SCORED_AT_ONCE):
        some = ids[start : start + SCORED_AT_ONCE]
        expected = sums_by_prediction(Prediction.objects.filter(pk__in=some))
        _compare_keys(UnsettledSum, kept_sums(some), expected, found)
        for each in expected.values():
            for key, sums in each.items():
                before, n = totals.get(key, (Added(), 0))
                totals[key] = before + sums, n + 1
    _compare_keys(UnsettledTotal, kept_totals(), totals, found)


def _compare_keys(
    model: type[models.Model], stored: Mapping[Any, Any], expected: Mapping[Any, Any], found: Comparison
) -> None:
    found.cells += len(stored)
    for key in sorted(stored.keys() | expected.keys()):
        if stored.get(key) != expected.get(key):
            found.note(f"{model._meta.verbose_name} {key}: stored {stored.get(key)}, facts give {expected.get(key)}")
