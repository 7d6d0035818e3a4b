"""Reading many forecasts as they were sent: each row is checked as if it came alone, and all that is wrong is told."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forecasts.errors import NotReady, Problem, Refused
from forecasts.models import Basis, Forecast, Forecaster, Prediction, PredictionStatus

from .citing import cite, cited_by
from .forecast_value import read_value
from .forecasting import check_forecast, other_under_id, says_the_same
from .values import moment_of

REQUIRED = ("prediction", "forecaster", "value")
TEXTS = {
    "wording": 200,
    "wording_table": 20,
    "external_id": 200,
    "rationale": 100_000,
    "article": 120,
    "quote": 2 * 1024 * 1024,  # no more is sent of one forecast
}
OPTIONAL = ("issued_at", "basis", *TEXTS)
FIELDS = (*REQUIRED, *OPTIONAL)
AT_ONCE = 5000
Row = Mapping[str, Any]
Read = tuple[int, Forecast, bool]
"""The number of a row, what it says, and whether it has a time of its own."""


@dataclass(frozen=True)
class Checked:
    """The forecasts that are new, in the order of the rows, and how many were here already just so."""

    new: list[Forecast]
    unchanged: int


def check_rows(rows: Sequence[object], predictions: Mapping[str, Prediction], at: dt.datetime) -> Checked:
    """The forecasts of `rows`. Raises Refused with every problem of every row; if all are of one kind, that kind."""
    forecasters = {row.slug: row for row in Forecaster.objects.filter(slug__in=named(rows, "forecaster"))}
    cited = cited_by(rows)
    read: list[Read] = []
    refusals: list[tuple[int, Refused]] = []
    for number, row in enumerate(rows):
        try:
            given = _fields(row)
            forecast = _forecast(given, predictions, forecasters, at)
            cite(forecast, given, cited)
            read.append((number, forecast, "issued_at" in given))
        except Refused as refused:
            refusals.append((number, refused))
    checked = _new_among(read, at, refusals)
    if refusals:
        raise _together(refusals)
    return checked


def _together(refusals: Sequence[tuple[int, Refused]]) -> Refused:
    problems = [
        Problem(each.field, each.value, each.accepted, number)
        for number, refused in sorted(refusals, key=lambda pair: pair[0])
        for each in refused.problems
    ]
    kinds = {type(refused) for _, refused in refusals}
    return (kinds.pop() if len(kinds) == 1 else Refused).all(problems)


def named(rows: Sequence[object], field: str) -> set[str]:
    """What the rows name as `field`; rows that are none are told later."""
    found = (row.get(field) for row in rows if isinstance(row, Mapping))
    return {name for name in found if isinstance(name, str)}


def _fields(row: object) -> Row:
    if not isinstance(row, Mapping):
        raise Refused("row", row, "give a JSON object")
    problems = [
        Problem(name, row[name], f"the fields here are {', '.join(FIELDS)}") for name in row if name not in FIELDS
    ]
    problems += [Problem(name, None, "give it") for name in REQUIRED if row.get(name) is None]
    for name, longest in TEXTS.items():
        text = row.get(name)
        if text is not None and not (isinstance(text, str) and len(text) <= longest):
            problems.append(Problem(name, text, f"give text of at most {longest} characters"))
    if problems:
        raise Refused.all(problems)
    return {name: value for name, value in row.items() if value is not None}


def _forecast(
    given: Row, predictions: Mapping[str, Prediction], forecasters: Mapping[str, Forecaster], at: dt.datetime
) -> Forecast:
    prediction, forecaster = _found("prediction", given, predictions), _found("forecaster", given, forecasters)
    if prediction.status == PredictionStatus.DRAFT:
        raise NotReady("prediction", prediction.slug, "it is a draft; open it first")
    tick, values = read_value(prediction, given["value"])
    return Forecast(
        prediction=prediction,
        forecaster=forecaster,
        issued_at=moment_of(given["issued_at"], "issued_at") if "issued_at" in given else at,
        tick=tick,
        values=values,
        basis=given.get("basis", Basis.STATED.value),
        wording=given.get("wording", ""),
        wording_table=given.get("wording_table", ""),
        external_id=given.get("external_id") or None,
        rationale=given.get("rationale", ""),
    )


def _found(field: str, given: Row, rows: Mapping[str, Any]) -> Any:
    slug = given[field]
    if not isinstance(slug, str) or slug not in rows:
        raise Refused(field, slug, f"give the slug of a {field} that exists")
    return rows[slug]


def _new_among(read: Sequence[Read], at: dt.datetime, refusals: list[tuple[int, Refused]]) -> Checked:
    """What is under its id here already, saying the same, is left out, whatever has become of its prediction since."""
    here = {(row.forecaster_id, row.external_id): row for row in _stored([row for _, row, _ in read])}
    seen: set[tuple[int, str]] = set()
    new, unchanged = [], 0
    for number, row, is_dated in read:
        try:
            if row.external_id:
                _once(row.forecaster_id, row.external_id, seen)
            stored = here.get((row.forecaster_id, row.external_id)) if row.external_id else None
            if stored is None:
                check_forecast(row, at)
                new.append(row)
            elif says_the_same(stored, row, is_dated=is_dated):
                unchanged += 1
            else:
                raise other_under_id(row)
        except Refused as refused:
            refusals.append((number, refused))
    return Checked(new, unchanged)


def _once(forecaster: int, external_id: str, seen: set[tuple[int, str]]) -> None:
    if (forecaster, external_id) in seen:
        raise Refused("external_id", external_id, "give each id once in a request")
    seen.add((forecaster, external_id))


def _stored(rows: Sequence[Forecast]) -> Iterator[Forecast]:
    keys = sorted({(row.forecaster_id, row.external_id) for row in rows if row.external_id})
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        whose = {forecaster for forecaster, _ in some}
        yield from Forecast.objects.filter(forecaster__in=whose, external_id__in=[name for _, name in some])
