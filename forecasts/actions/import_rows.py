"""Rows as an import would save them, and how they differ from what is here."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from forecasts.errors import Conflict, Problem, Refused
from forecasts.language.wording import TABLE_VERSION
from forecasts.ledger.canonical import plain
from forecasts.models import (
    Basis,
    Forecast,
    Forecaster,
    ForecasterKind,
    Prediction,
    PredictionKind,
    PredictionStatus,
    Resolution,
    Track,
    number_text,
)

from .base import require_aware
from .criteria import SETTLED_BY_FIRST_FORECAST, VERSIONED, check_criteria
from .forecast_value import read_value
from .forecasting import CLOCK_SKEW, check_basis
from .imported import Import, ImportedForecast, ImportedForecaster, ImportedPrediction
from .settling import Result
from .values import require_storable, require_valid

DATES = ("opens_at", "resolves_by", "cannot_resolve_early")
MEANING = {"statement", *SETTLED_BY_FIRST_FORECAST}.difference(DATES)
DESCRIBED = tuple(name for name in VERSIONED if name not in ("resolves_by_wording", "resolves_by_rule"))
SAID = ("prediction_id", "issued_at", "tick", "values", "basis", "wording", "rationale")
LONGEST_TOPIC, LONGEST_GROUP = 200, 300


def new_forecaster(given: ImportedForecaster, credit: str) -> Forecaster:
    row = Forecaster(slug=given.slug, name=given.name, kind=given.kind, is_bot=given.is_bot, url=given.url, bio=credit)
    require_valid(row, fields_only=True)
    require_storable(row)
    if ForecasterKind(row.kind).is_derived:
        raise Refused("kind", str(given.kind), "crowds and baselines are computed; give another kind")
    return row


def new_prediction(new: ImportedPrediction, at: dt.datetime) -> Prediction:
    """The row of a prediction that is not here yet, without its slug. Raises Refused for what cannot be kept."""
    row = _described(new)
    if row.opens_at is None:
        raise Refused("opens_at", None, "give the opening, or at least one forecast")
    row.external_id, row.logged_at, row.published_at = new.external_id, at, at
    row.latest_deadline, row.due_at = new.resolves_by, at if new.resolves_by <= at else None
    row.status = PredictionStatus.CLOSED if new.closes_at <= at else PredictionStatus.OPEN
    check_criteria(row)
    require_storable(row)
    _check_names("group", (new.group,), LONGEST_GROUP)
    _check_names("topics", new.topics, LONGEST_TOPIC)
    return row


def _described(new: ImportedPrediction) -> Prediction:
    issued = [row.issued_at for row in new.forecasts]
    dates = {"opens_at": new.opens_at, "closes_at": new.closes_at, "resolves_by": new.resolves_by}
    for field, moment in (*dates.items(), *(("issued_at", moment) for moment in issued)):
        if moment is not None:
            require_aware(field, moment)
    same = {name: getattr(new, name) for name in DESCRIBED}
    opens_at = new.opens_at or min(issued, default=None)
    is_date = new.kind == PredictionKind.DATE  # what is left after the limit is "not before the limit"
    changed = {"options": list(new.options), "opens_at": opens_at, "open_above": new.open_above or is_date}
    return Prediction(**{**same, **changed})


def _check_names(field: str, names: tuple[str, ...], longest: int) -> None:
    for name in names:
        if len(name) > longest or "\x00" in name:
            raise Refused(field, name, f"give a name of at most {longest} characters")


def differences(stored: Prediction, new: ImportedPrediction) -> Mapping[str, Problem]:
    """By field, what the file says otherwise than what stands; none where it says what stood in an earlier version."""
    given = _described(new)
    names = [name for name in DESCRIBED if name != "opens_at" or new.opens_at is not None]
    said = {name: _spelt(name, getattr(given, name)) for name in names}
    now = {name: _spelt(name, getattr(stored, name)) for name in names}
    if said == now or said in _earlier(stored, names):
        return {}
    return {
        name: Problem(name, said[name], f"here it is “{now[name]}”, and stays so; amend it at the desk")
        for name in names
        if said[name] != now[name]
    }


def _earlier(stored: Prediction, names: list[str]) -> list[dict[str, Any]]:
    versions: list[dict[str, Any]] = []
    stood: dict[str, Any] = {}
    for version in stored.versions.order_by("number"):
        stood = {**stood, **version.new}
        versions.append({name: _spelt(name, stood.get(name)) for name in names})
    return versions


def _spelt(name: str, value: Any) -> Any:
    """As it stands in a version; a range has one spelling."""
    if name in ("range_min", "range_max") and value is not None:
        return number_text(Decimal(value))
    return plain(value)


def result_of(new: ImportedPrediction, bulk: Import) -> Result:
    if new.known_at is None:
        raise Refused("known_at", None, "say when the world knew the outcome")
    exception = f"The outcome came with the imported track record: {bulk.source}."
    return Result(new.known_at, new.outcome, new.void_reason, exception)


def refuse_other_result(stored: Resolution, result: Result) -> None:
    for name in ("outcome", "void_reason", "known_at"):
        _refuse_other(name, getattr(stored, name), getattr(result, name), "; correct it at the desk")


def new_forecast(row: Prediction, forecaster: Forecaster, given: ImportedForecast, at: dt.datetime) -> Forecast:
    """On the imported track, where it never counts as live. A clock a little ahead of ours gains nothing by it."""
    require_aware("issued_at", given.issued_at)
    tick, values = (None, None) if given.value is None else read_value(row, given.value)
    new = Forecast(
        prediction=row,
        forecaster=forecaster,
        issued_at=at if at < given.issued_at <= at + CLOCK_SKEW else given.issued_at,
        recorded_at=at,
        stands_from=at,
        tick=tick,
        values=values,
        basis=given.basis,
        wording=given.wording,
        wording_table=given.wording_table or (TABLE_VERSION if given.basis == Basis.IMPLIED else ""),
        rationale=given.rationale,
        external_id=given.external_id,
        provenance=Track.IMPORTED,
    )
    require_storable(new)
    return new


def check_forecast(new: Forecast, known_at: dt.datetime | None, at: dt.datetime) -> None:
    """Refuse what no forecast may be: of no known basis, of the future, behind the outcome or the close."""
    check_basis(new)
    issued, closes_at = new.issued_at, new.prediction.closes_at
    if issued > at:
        raise Refused("issued_at", issued.isoformat(), f"give a time not after now, {at.isoformat()}")
    if known_at and issued >= known_at:
        raise Refused("issued_at", issued.isoformat(), f"the outcome was known at {known_at.isoformat()}")
    if closes_at and issued >= closes_at:
        raise Refused("issued_at", issued.isoformat(), f"forecasts closed at {closes_at.isoformat()}")


def refuse_other_forecast(stored: Forecast, new: Forecast) -> None:
    for name in SAID:
        _refuse_other(name.removesuffix("_id"), getattr(stored, name), getattr(new, name))


def _refuse_other(field: str, here: object, given: object, otherwise: str = "") -> None:
    if here != given:
        raise Conflict(field, plain(given), f"here it is “{plain(here)}”, and stays so{otherwise}")
