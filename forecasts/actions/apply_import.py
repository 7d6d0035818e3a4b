"""Apply a bulk import of settled predictions with their forecasts: all of it or nothing, under one ledger entry."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from forecasts.errors import Conflict, Refused
from forecasts.ledger import merkle
from forecasts.ledger.append import By, append
from forecasts.ledger.verify import import_leaves
from forecasts.models import (
    NO,
    YES,
    EntryKind,
    Forecast,
    Forecaster,
    ImportRun,
    Prediction,
    PredictionGroup,
    PredictionStatus,
    Resolution,
    Topic,
    Track,
)

from .base import action, person, require
from .criteria import add_version, check_criteria
from .values import free_slug

BATCH = 2000


@dataclass(frozen=True)
class ImportedForecast:
    forecaster: str
    issued_at: dt.datetime
    tick: int
    basis: str


@dataclass(frozen=True)
class ImportedPrediction:
    """One settled yes-or-no prediction. `group` is a family; empty for none. Forecasts are in order of issue."""

    statement: str
    criteria: str
    resolution_source: str
    group: str
    closes_at: dt.datetime
    resolves_by: dt.datetime
    known_at: dt.datetime
    outcome: str
    cannot_resolve_early: bool
    forecasts: tuple[ImportedForecast, ...]


@dataclass(frozen=True)
class Import:
    """What a file was parsed into, and where it came from."""

    source: str
    credit: str
    sha256: str
    skipped: dict[str, int]
    predictions: tuple[ImportedPrediction, ...]


@action
def apply_import(
    *, bulk: Import, forecasters: dict[str, Forecaster], topics: Sequence[Topic], at: dt.datetime, by: By
) -> ImportRun:
    """Insert everything that `bulk` holds. Raises Conflict when this very file was imported before."""
    require(by, "keep_predictions", "import predictions")
    if run := ImportRun.objects.filter(sha256=bulk.sha256).first():
        raise Conflict("file", bulk.source, f"this file was already imported at {run.at.isoformat()}")
    _refuse_unknown(bulk, forecasters)
    rows = sum(len(new.forecasts) for new in bulk.predictions)
    run = ImportRun.objects.create(
        source=bulk.source,
        credit=bulk.credit,
        sha256=bulk.sha256,
        rows=rows,
        skipped=bulk.skipped,
        root="",
        at=at,
        by=person(by),
    )
    groups: dict[str, PredictionGroup] = {}
    forecasts: list[Forecast] = []
    for new in bulk.predictions:
        prediction = _insert_prediction(new, _group(new.group, groups), topics, at)
        _settle(prediction, new, bulk, at)
        forecasts += _forecasts(prediction, new, forecasters, run, at, start=len(forecasts))
    Forecast.objects.bulk_create(forecasts, batch_size=BATCH)
    run.root = merkle.root(import_leaves(run.pk))
    run.save(update_fields=["root"])
    content = {
        "source": run.source,
        "file_sha256": run.sha256,
        "skipped": run.skipped,
        "import_rows": {"root": run.root, "forecasts": rows, "predictions": len(bulk.predictions)},
    }
    append(EntryKind.IMPORT_APPLIED, subject=f"import:{run.pk}", content=content, at=at, by=by)
    return run


def _refuse_unknown(bulk: Import, forecasters: dict[str, Forecaster]) -> None:
    named = {row.forecaster for new in bulk.predictions for row in new.forecasts}
    if unknown := sorted(named - forecasters.keys()):
        raise Refused("forecaster", unknown[0], f"give one of {', '.join(sorted(forecasters))}")
    for new in bulk.predictions:
        if new.outcome not in (YES, NO):
            raise Refused("outcome", new.outcome, f"give {YES} or {NO} for “{new.statement}”")
        if not new.forecasts:
            raise Refused("forecasts", [], f"give at least one for “{new.statement}”")


def _group(title: str, groups: dict[str, PredictionGroup]) -> PredictionGroup | None:
    if title and title not in groups:
        groups[title] = PredictionGroup.objects.create(slug=free_slug(PredictionGroup, title), title=title)
    return groups.get(title)


def _insert_prediction(
    new: ImportedPrediction, group: PredictionGroup | None, topics: Sequence[Topic], at: dt.datetime
) -> Prediction:
    opens_at = min(row.issued_at for row in new.forecasts)
    prediction = Prediction(
        statement=new.statement,
        criteria=new.criteria,
        resolution_source=new.resolution_source,
        group=group,
        opens_at=opens_at,
        closes_at=new.closes_at,
        resolves_by=new.resolves_by,
        original_opens_at=opens_at,
        original_closes_at=new.closes_at,
        original_resolves_by=new.resolves_by,
        clock_opens_at=opens_at,
        clock_closes_at=new.closes_at,
        latest_deadline=new.resolves_by,
        due_at=at if new.resolves_by <= at else None,
        cannot_resolve_early=new.cannot_resolve_early,
        status=PredictionStatus.CLOSED,
        logged_at=at,
        published_at=at,
        slug=free_slug(Prediction, new.statement),
    )
    check_criteria(prediction)
    prediction.save(force_insert=True)
    prediction.topics.set(topics)
    add_version(prediction, old={}, reason="", by=None, at=at)
    return prediction


def _settle(prediction: Prediction, new: ImportedPrediction, bulk: Import, at: dt.datetime) -> None:
    prediction.current_resolution = Resolution.objects.create(
        prediction=prediction,
        outcome=new.outcome,
        known_at=new.known_at,
        resolved_at=at,
        proposed_by_rule="import",
        evidence_exception=f"The outcome came with the imported track record: {bulk.source}.",
    )
    prediction.status = PredictionStatus.RESOLVED
    prediction.save(update_fields=["current_resolution", "status"])


def _forecasts(
    prediction: Prediction,
    new: ImportedPrediction,
    forecasters: dict[str, Forecaster],
    run: ImportRun,
    at: dt.datetime,
    *,
    start: int,
) -> list[Forecast]:
    return [
        Forecast(
            prediction=prediction,
            forecaster=forecasters[row.forecaster],
            issued_at=row.issued_at,
            recorded_at=at,
            stands_from=at,
            tick=row.tick,
            basis=row.basis,
            provenance=Track.IMPORTED,
            import_run=run,
            row_index=index,
        )
        for index, row in enumerate(new.forecasts, start=start)
    ]
