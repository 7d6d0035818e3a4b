"""Everything that readers can see of predictions and forecasts, as the flat records of our own file format.

A record is about one forecast. The first of a prediction also describes the prediction, the first of a forecaster also
the forecaster; later ones only name them.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from forecasts.models import Forecast, Forecaster, Prediction, PredictionKind, place_text
from forecasts.scoring.rules import TICKS

OWN = "reckoner:"  # before the slug of a prediction, or the digest of a forecast, that was made at this desk
WITHDRAWN = "withdrawn"
ABOUT_PREDICTION = (
    "statement",
    "kind",
    "criteria",
    "fine_print",
    "resolution_source",
    "opens_at",
    "closes_at",
    "resolves_by",
    "resolves_by_precision",
    "cannot_resolve_early",
    "options",
    "options_ordered",
    "range_min",
    "range_max",
    "open_below",
    "open_above",
    "log_scale",
    "group",
    "topics",
    "outcome",
    "void_reason",
    "known_at",
)
ABOUT_FORECASTER = ("forecaster_name", "forecaster_kind", "forecaster_is_bot", "forecaster_url")
ABOUT_FORECAST = ("issued_at", "value", "external_id", "basis", "wording", "wording_table", "rationale")
COLUMNS = ("prediction", *ABOUT_PREDICTION, "forecaster", *ABOUT_FORECASTER, *ABOUT_FORECAST)
_STORED = (
    "prediction_id",
    "forecaster_id",
    "pk",
    "issued_at",
    "tick",
    "values",
    "external_id",
    "basis",
    "wording",
    "wording_table",
    "rationale",
)
AT_ONCE = 200  # predictions
BATCH = 2000

Record = dict[str, Any]


def moment_text(at: dt.datetime) -> str:
    """A time in UTC as `ledger.canonical.instant` spells it from the year 1000 on, in a third of its time."""
    return f"{at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def key_of(prediction: Prediction) -> str:
    """The natural key of a prediction in our format."""
    return prediction.external_id or f"{OWN}{prediction.slug}"


def about_how_many() -> int:
    """Of records, not counting predictions without a forecast."""
    return Forecast.objects.count()


def own_rows() -> Iterator[Record]:
    """Record by record, in the order in which things came; memory does not grow with their number."""
    slugs: dict[int, str] = {}
    public = Prediction.objects.public().select_related("group", "current_resolution").prefetch_related("topics")
    predictions = public.order_by("pk").iterator(chunk_size=AT_ONCE)
    while rows := list(islice(predictions, AT_ONCE)):
        forecasts = groupby(_forecasts(rows), itemgetter(0))
        said = next(forecasts, None)
        for row in rows:
            if said and said[0] == row.pk:
                yield from _of_prediction(row, said[1], slugs)
                said = next(forecasts, None)
            else:
                yield {"prediction": key_of(row), **_about(row)}


def _forecasts(rows: Sequence[Prediction]) -> Iterator[tuple[Any, ...]]:
    found = Forecast.objects.filter(prediction__in=rows).order_by("prediction_id", "pk").values_list(*_STORED)
    return found.iterator(chunk_size=BATCH)


def _of_prediction(row: Prediction, forecasts: Iterator[tuple[Any, ...]], slugs: dict[int, str]) -> Iterator[Record]:
    """`slugs` holds the forecasters that were described before."""
    key, about = key_of(row), _about(row)
    for _, forecaster_id, pk, issued_at, tick, values, external_id, basis, wording, table, rationale in forecasts:
        record: Record = {"prediction": key, **about}
        if forecaster_id not in slugs:
            forecaster = Forecaster.objects.get(pk=forecaster_id)
            slugs[forecaster_id] = forecaster.slug
            record |= _about_forecaster(forecaster)
        slug, issued = slugs[forecaster_id], moment_text(issued_at)
        record |= {
            "forecaster": slug,
            "issued_at": issued,
            "value": _value(row, tick, values),
            "external_id": external_id or _made_key(key, slug, issued, pk),
            "basis": basis,
            "wording": wording,
            "wording_table": table,
            "rationale": rationale,
        }
        yield record
        about = {}


def _made_key(*about: object) -> str:
    """For a forecast that has no id: the same in every export, and another at every other desk."""
    return OWN + hashlib.sha256("|".join(map(str, about)).encode()).hexdigest()[:16]


def _about(row: Prediction) -> Record:
    """The fields of a prediction that say something."""
    outcome = row.current_resolution
    about = {name: getattr(row, name) for name in ABOUT_PREDICTION if hasattr(row, name)}
    about |= {name: moment_text(about[name]) for name in ("opens_at", "closes_at", "resolves_by")}
    about |= {name: _end(row, getattr(row, name)) for name in ("range_min", "range_max")}
    about |= {"group": row.group.title if row.group else "", "topics": [topic.name for topic in row.topics.all()]}
    if outcome:
        about |= {
            "outcome": _outcome(row, outcome.outcome),
            "void_reason": outcome.void_reason,
            "known_at": moment_text(outcome.known_at),
        }
    return {name: value for name, value in about.items() if value not in ("", None, False, [])}


def _end(row: Prediction, end: Decimal | None) -> str | None:
    return None if end is None else place_text(row.kind, end)


def _outcome(row: Prediction, outcome: str) -> str:
    """An option by its name, which is clear without the others."""
    return row.options[int(outcome)] if row.kind == PredictionKind.MULTIPLE_CHOICE and outcome else outcome


def _about_forecaster(row: Forecaster) -> Record:
    about = {
        "forecaster_name": row.name,
        "forecaster_kind": row.kind,
        "forecaster_is_bot": row.is_bot,
        "forecaster_url": row.url,
    }
    return {name: value for name, value in about.items() if value}


def _value(row: Prediction, tick: int | None, values: list[Any] | None) -> Any:
    """A probability; one for each option; or points of a CDF. What is stored is ten-thousandths, so nothing is lost."""
    if tick is not None:
        return tick / TICKS
    if values is None:
        return WITHDRAWN
    if row.kind == PredictionKind.MULTIPLE_CHOICE:
        return dict(zip(row.options, (share / TICKS for share in values), strict=True))
    return [[x, share / TICKS] for x, share in values]
