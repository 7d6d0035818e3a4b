"""Calibration cells and distinct counts: how the fact rows of predictions move them.

The database sums its own rows, so that no fact travels. `jobs.cell_sums` makes the same sums in plain loops, and
`recompute --check` holds the two together.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, models

from forecasts.models import (
    DERIVED,
    EXPLICIT,
    Basis,
    CalibrationCell,
    Cohort,
    FactRow,
    Forecaster,
    Scope,
    ScopeCount,
    StoredStatistic,
)
from forecasts.queries.leaderboard import board_key, has_board
from forecasts.queries.scope import FILTER, statistic_key

from .base import action
from .bulk import insert_rows

Topics = Mapping[int, Sequence[int]]
"""The topics under which each prediction stands in the cells."""

COUNT_FIELDS = ("scope", "scope_id", "lead_band", "kind", "counting", "cohort", "track", "basis", "month")
COUNT_SUMS = ("predictions", "pairs")
CELL_FIELDS = (*COUNT_FIELDS, "tick")
CELL_SUMS = ("n", "weight", "weight_yes")
AT_ONCE = 200
HOW = ", ".join(("kind", "counting", "cohort", "track", "month", "prediction_id", "forecaster_id"))
FACTS, FORECASTERS = FactRow._meta.db_table, Forecaster._meta.db_table

# Every sum that each fact is part of: its forecaster's; everybody's and its topics', over all leads and in its own
# band, unless we derived it. `wide` lists the predictions with each of their scopes, `given` all of them once.
SCOPED = f"""
    wide (whose, scope, scope_id) AS (VALUES {{wide}}),
    given AS (SELECT * FROM {FACTS} WHERE prediction_id IN (SELECT whose FROM wide)),
    shared AS (
        SELECT given.*, wide.scope, wide.scope_id FROM given JOIN wide ON whose = prediction_id
        WHERE forecaster_id NOT IN (SELECT id FROM {FORECASTERS} WHERE kind IN ({{derived}}))
    ),
    scoped AS (
        SELECT '{Scope.FORECASTER}' AS scope, forecaster_id AS scope_id, '' AS lead_band, {HOW},
            basis, tick, n, weight, weight_yes FROM given
        UNION ALL SELECT scope, scope_id, '', {HOW}, basis, tick, n, weight, weight_yes FROM shared
        UNION ALL SELECT scope, scope_id, lead_band, {HOW}, basis, tick, n, weight, weight_yes FROM shared
    )"""  # noqa: S608 -- names only
CELLS = f"""
    moved AS (
        SELECT {", ".join(CELL_FIELDS)}, SUM(n) AS n, SUM(weight) AS weight, SUM(weight_yes) AS weight_yes
        FROM scoped GROUP BY {", ".join(CELL_FIELDS)}
    )"""  # noqa: S608 -- names only
# A basis is counted under its own name, and together with every other that was given as a number.
COUNTS = f"""
    pair AS (SELECT DISTINCT {", ".join(COUNT_FIELDS)}, prediction_id, forecaster_id FROM scoped),
    based AS (
        SELECT * FROM pair
        UNION SELECT scope, scope_id, lead_band, kind, counting, cohort, track, '{EXPLICIT}', month, prediction_id,
            forecaster_id FROM pair WHERE basis <> '{Basis.IMPLIED}'
    ),
    single AS (
        SELECT {", ".join(COUNT_FIELDS)}, prediction_id, COUNT(*) AS pairs
        FROM based GROUP BY {", ".join(COUNT_FIELDS)}, prediction_id
    ),
    moved AS (
        SELECT {", ".join(COUNT_FIELDS)}, COUNT(*) AS predictions, SUM(pairs) AS pairs
        FROM single GROUP BY {", ".join(COUNT_FIELDS)}
    )"""  # noqa: S608 -- names only
KINDS: tuple[tuple[type[models.Model], str, tuple[str, ...], tuple[str, ...]], ...] = (
    (CalibrationCell, CELLS, CELL_FIELDS, CELL_SUMS),
    (ScopeCount, COUNTS, COUNT_FIELDS, COUNT_SUMS),
)


def add(topics: Topics) -> None:
    """Add the facts of these predictions; the caller holds the lock under which cells are written."""
    for model, moved, fields, sums in KINDS if topics else ():
        table, names = model._meta.db_table, ", ".join((*fields, *sums))
        added = ", ".join(f"{name} = {table}.{name} + EXCLUDED.{name}" for name in sums)
        _execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM moved WHERE true "  # noqa: S608 -- names only
            f"ON CONFLICT ({', '.join(fields)}) DO UPDATE SET {added}",
            moved,
            topics,
        )


def subtract(topics: Topics) -> None:
    """Take away the facts of these predictions, which were added before; a sum of none goes.

    The rows are fetched and written anew: a join with what moved would be planned by statistics that a table that has
    just grown does not have yet, and take minutes.
    """
    for model, moved, fields, sums in KINDS if topics else ():
        rows = _execute(f"SELECT {', '.join((*fields, *sums))} FROM moved", moved, topics)  # noqa: S608 -- names only
        if rows:
            _replace(model, fields, sums, {row[: len(fields)]: row[len(fields) :] for row in rows})


def _replace(
    model: type[models.Model], fields: tuple[str, ...], names: tuple[str, ...], less: Mapping[Any, Sequence[int]]
) -> None:
    # A superset by each field alone, cut down to the keys themselves in memory.
    narrow = {f"{field}__in": set(values) for field, values in zip(fields, zip(*less, strict=True), strict=True)}
    rows = model._default_manager.filter(**narrow).values_list(*fields, *names, "pk")
    stored = {_plain(row[: len(fields)]): row[len(fields) :] for row in rows}
    found = {key: stored[_plain(key)] for key in less}
    after = {
        key: [value - int(change) for value, change in zip(found[key][:-1], less[key], strict=True)] for key in less
    }
    model._default_manager.filter(pk__in=[row[-1] for row in found.values()]).delete()
    insert_rows(model, (*fields, *names), [(*key, *sums) for key, sums in after.items() if any(sums)])


def _plain(key: Sequence[Any]) -> tuple[str, ...]:
    """A day is text where SQLite gives it, and a date where Django does."""
    return tuple(map(str, key))


def _execute(statement: str, moved: str, topics: Topics) -> list[Any]:
    wide: list[Any] = [
        (prediction, str(scope), scope_id) for prediction, under in topics.items() for scope, scope_id in _scopes(under)
    ]
    scoped = SCOPED.format(
        wide=", ".join(["(%s, %s, %s)"] * len(wide)),
        derived=", ".join(["%s"] * len(DERIVED)),
    )
    values = itertools.chain(*wide, map(str, DERIVED))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {scoped}, {moved} {statement}", list(values))
        return cursor.fetchall() if cursor.description else []


def mark_stale(topics: Topics) -> None:
    """Whatever was computed from sums or scores of these predictions must be computed again.

    Of rare filters nobody knows which they touch: all go, and come back when they are asked for.
    """
    StoredStatistic.objects.filter(query__startswith=FILTER).delete()
    facts: Any = FactRow.objects.filter(prediction__in=topics, cohort=Cohort.DUE).order_by()
    how = ("kind", "counting", "track", "basis")
    theirs = facts.values_list("forecaster", *how).distinct()
    shared = facts.exclude(forecaster__in=Forecaster.objects.derived()).values_list("prediction", *how).distinct()
    ways = [
        *((Scope.FORECASTER, forecaster, *way) for forecaster, *way in theirs),
        *((*scope, *way) for prediction, *way in shared for scope in _scopes(topics[prediction])),
    ]
    queries = {query for way in ways for query in _stored_under(*way)}
    StoredStatistic.objects.bulk_create(
        [StoredStatistic(query=query, stale=True) for query in sorted(queries)],
        update_conflicts=True,
        unique_fields=("query",),
        update_fields=("stale",),
    )


def _scopes(topics: Sequence[int]) -> list[tuple[Scope, int]]:
    return [(Scope.ALL, 0), *((Scope.TOPIC, topic) for topic in topics)]


def _stored_under(scope: Scope, scope_id: int, kind: str, counting: str, track: str, basis: str) -> Iterator[str]:
    """Stored are statistics of wording, and of all that was given as a number; of some a board besides."""
    how = (kind, counting, track, basis if basis == Basis.IMPLIED else EXPLICIT)
    key = statistic_key((scope, scope_id), *how)
    yield key
    if has_board(scope, *how):
        yield board_key(key)


@action
def rebuild_cells(*, topics: Topics) -> None:
    """Replace all cells and counts by the sums of the facts of every prediction that has any."""
    CalibrationCell.objects.all().delete()
    ScopeCount.objects.all().delete()
    StoredStatistic.objects.exclude(query__startswith=FILTER).update(stale=True)
    whole = list(topics)
    for start in range(0, len(whole), AT_ONCE):
        some = {prediction: topics[prediction] for prediction in whole[start : start + AT_ONCE]}
        add(some)
        mark_stale(some)
