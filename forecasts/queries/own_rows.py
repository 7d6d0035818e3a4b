"""Everything that readers can see of predictions and forecasts, as the flat records of our own file format.

A record is about one forecast. The first of a prediction also describes the prediction, the first of a forecaster also
the forecaster; later ones only name them.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from django.db.models import TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from forecasts.models import Forecast, Forecaster, Prediction, PredictionKind, place_text
from forecasts.scoring.rules import TICKS

from .stream import Moment, streamed

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
OF_PREDICTION, OF_FORECASTER = ("prediction", *ABOUT_PREDICTION), ("forecaster", *ABOUT_FORECASTER)
COLUMNS = (*OF_PREDICTION, *OF_FORECASTER, *ABOUT_FORECAST)
_ELSEWHERE: dict[str, str | Combinable] = {
    **{name: Moment(name) for name in ("opens_at", "closes_at", "resolves_by")},
    "group": "group__title",
    "topics": Value(""),  # of which there may be many: they are asked for by themselves
    "outcome": "current_resolution__outcome",
    "void_reason": "current_resolution__void_reason",
    "known_at": Moment("current_resolution__known_at"),
}
_OF_PREDICTION = ("pk", "external_id", "slug", *(_ELSEWHERE.get(name, name) for name in ABOUT_PREDICTION))
_OF_FORECAST = (
    "prediction_id",
    "forecaster_id",
    "pk",
    Moment("issued_at"),
    "tick",
    Cast("values", TextField()),
    "external_id",
    "basis",
    "wording",
    "wording_table",
    "rationale",
)
AT_ONCE = 200  # predictions
NOTHING = ("",) * len(ABOUT_FORECAST)

Record = dict[str, Any]  # of fields that say something
OwnRow = tuple[Any, ...]  # records of prediction and forecaster, and texts for ABOUT_FORECAST, `value` as JSON


def moment_text(at: dt.datetime) -> str:
    """A time in UTC as `ledger.canonical.instant` spells it from the year 1000 on, in a third of its time."""
    return f"{at.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def key_of(prediction: Prediction) -> str:
    """The natural key of a prediction in our format."""
    return prediction.external_id or f"{OWN}{prediction.slug}"


def about_how_many() -> int:
    """Of records, not counting predictions without a forecast."""
    return Forecast.objects.count()


def own_rows() -> Iterator[OwnRow]:
    """Row by row, in the order in which things came. Memory grows with the number of forecasters only.

    Rows share their records, so that each need be spelled only once. A prediction without a forecast has a row, too.
    """
    people = {row.pk: _about_forecaster(row) for row in Forecaster.objects.iterator()}
    public = Prediction.objects.public().order_by("pk").values_list(*_OF_PREDICTION)
    predictions = public.iterator(chunk_size=AT_ONCE)
    while rows := list(islice(predictions, AT_ONCE)):
        numbers = [pk for pk, *_ in rows]
        topics = _topics(numbers)
        forecasts = groupby(_forecasts(numbers), itemgetter(0))
        said = next(forecasts, None)
        for pk, external_id, slug, *stored in rows:
            key = external_id or f"{OWN}{slug}"
            about = _about(key, dict(zip(ABOUT_PREDICTION, stored, strict=True)), topics.get(pk, []))
            if said and said[0] == pk:
                yield from _of_prediction(about, said[1], people)
                said = next(forecasts, None)
            else:
                yield (about, {}, *NOTHING)


def _topics(predictions: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = Prediction.topics.through.objects.filter(prediction__in=predictions).order_by("topic__name", "topic_id")
    for pk, name in rows.values_list("prediction_id", "topic__name"):
        found.setdefault(pk, []).append(name)
    return found


def _forecasts(predictions: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    found = Forecast.objects.filter(prediction__in=predictions).order_by("prediction_id", "pk")
    return streamed(found.values_list(*_OF_FORECAST))


def _of_prediction(about: Record, forecasts: Iterator[tuple[Any, ...]], people: dict[int, Record]) -> Iterator[OwnRow]:
    """Whoever was described is only named from then on, in `people`."""
    key = about["prediction"]
    options = about["options"] if about["kind"] == PredictionKind.MULTIPLE_CHOICE else []
    for _, forecaster_id, pk, issued, tick, values, external_id, *texts in forecasts:
        who = people[forecaster_id]
        slug = who["forecaster"]
        known_by = external_id or _made_key(key, slug, issued, pk)
        yield (about, who, issued, _value(options, tick, values), known_by, *texts)
        if len(about) > 1:
            about = {"prediction": key}
        if len(who) > 1:
            people[forecaster_id] = {"forecaster": slug}


def _made_key(key: str, slug: str, issued: str, pk: int) -> str:
    """For a forecast that has no id: the same in every export, and another at every other desk."""
    return OWN + hashlib.sha256(f"{key}|{slug}|{issued}|{pk}".encode()).hexdigest()[:16]


def _about(key: str, stored: Record, topics: list[str]) -> Record:
    about = stored | {
        "range_min": _end(stored["kind"], stored["range_min"]),
        "range_max": _end(stored["kind"], stored["range_max"]),
        "topics": topics,
        "outcome": _outcome(stored["kind"], stored["options"], stored["outcome"]),
    }
    return {"prediction": key, **{name: value for name, value in about.items() if value not in ("", None, False, [])}}


def _end(kind: str, end: Decimal | None) -> str | None:
    return None if end is None else place_text(kind, end)


def _outcome(kind: str, options: list[str], outcome: str | None) -> str | None:
    """An option by its name, which is clear without the others."""
    return options[int(outcome)] if kind == PredictionKind.MULTIPLE_CHOICE and outcome else outcome


def _about_forecaster(row: Forecaster) -> Record:
    about = {
        "forecaster": row.slug,
        "forecaster_name": row.name,
        "forecaster_kind": row.kind,
        "forecaster_is_bot": row.is_bot,
        "forecaster_url": row.url,
    }
    return {name: value for name, value in about.items() if value}


def _value(options: list[str], tick: int | None, values: str | None) -> str:
    """A probability; one for each option; or points of a CDF. What is stored is ten-thousandths, so nothing is lost."""
    if tick is not None:
        return _share(tick)
    if values is None:
        return f'"{WITHDRAWN}"'
    stored = json.loads(values)
    if options:
        said: Any = dict(zip(options, (share / TICKS for share in stored), strict=True))
    else:
        said = [[x, share / TICKS] for x, share in stored]
    return json.dumps(said, ensure_ascii=False)


@cache
def _share(tick: int) -> str:
    """There are no more of them than ten-thousandths."""
    return repr(tick / TICKS)
