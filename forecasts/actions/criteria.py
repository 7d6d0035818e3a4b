"""What logging, amending and opening share: the fields under version control and the checks on dates and options."""

import datetime as dt
from decimal import Decimal
from typing import Any

from forecasts.errors import Problem, Refused
from forecasts.ledger.canonical import plain
from forecasts.models import CriteriaVersion, Prediction, PredictionKind
from forecasts.scoring.days import day_number

VERSIONED = (
    "statement",
    "kind",
    "criteria",
    "fine_print",
    "resolution_source",
    "options",
    "options_ordered",
    "range_min",
    "range_max",
    "open_below",
    "open_above",
    "log_scale",
    "opens_at",
    "closes_at",
    "resolves_by",
    "resolves_by_precision",
    "resolves_by_wording",
    "resolves_by_rule",
    "cannot_resolve_early",
)
SETTLED_BY_FIRST_FORECAST = (
    "kind",
    "options",
    "options_ordered",
    "range_min",
    "range_max",
    "open_below",
    "open_above",
    "log_scale",
    "resolves_by",
    "opens_at",
    "cannot_resolve_early",
)
DATES = ("opens_at", "closes_at", "resolves_by")
OPTIONS = range(2, 101)
LONGEST = dt.timedelta(days=200 * 365)  # scoring counts millionths of a window in 64 bits
DAYS = range(day_number(dt.date.min), day_number(dt.date.max))
DAY = "give a day such as 2027-06-30, stored as the number of its end in days since 1970"


def versioned(prediction: Prediction) -> dict[str, Any]:
    """The fields under version control, as they are written into a version and the ledger."""
    return {name: plain(getattr(prediction, name)) for name in VERSIONED}


def check_criteria(prediction: Prediction) -> None:
    """Refuse what no amendment could make sense of; what is merely unfinished is the lint's business.

    The end of a range of dates is open, whatever was ticked.
    """
    if prediction.kind not in PredictionKind.values:
        raise Refused("kind", prediction.kind, f"give one of {', '.join(PredictionKind.values)}")
    if prediction.kind == PredictionKind.DATE:
        prediction.open_above = True  # what is left after the limit is "not before the limit"
    problems = [
        *_date_problems(prediction),
        *_option_problems(prediction),
        *_range_problems(prediction),
        *_suggestion_problems(prediction),
    ]
    if not prediction.statement.strip():
        problems.insert(0, Problem("statement", prediction.statement, "say what will happen, in one sentence"))
    if problems:
        raise Refused.all(problems)


def _date_problems(prediction: Prediction) -> list[Problem]:
    problems = []
    for name in DATES:
        value: dt.datetime | None = getattr(prediction, name)
        if value is not None and value.tzinfo is None:
            problems.append(Problem(name, value, "give a time with its zone"))
    if problems:
        return problems
    opens, closes, deadline = prediction.opens_at, prediction.closes_at, prediction.resolves_by
    if prediction.published_at:
        missing = [name for name in DATES if getattr(prediction, name) is None]
        problems += [Problem(name, None, "an open prediction keeps its dates; give a time") for name in missing]
    if opens and deadline and deadline <= opens:
        problems.append(
            Problem("resolves_by", deadline.isoformat(), f"the deadline must lie after the opening {opens.isoformat()}")
        )
    elif closes and deadline and closes > deadline:
        problems.append(
            Problem(
                "closes_at", closes.isoformat(), f"forecasts close at the deadline {deadline.isoformat()} or before"
            )
        )
    elif opens and deadline and deadline - opens > LONGEST:
        accepted = f"give a deadline at most {LONGEST.days // 365} years after the opening"
        problems.append(Problem("resolves_by", deadline.isoformat(), accepted))
    elif opens and closes and closes <= opens:
        problems.append(Problem("closes_at", closes.isoformat(), f"it must lie after the opening {opens.isoformat()}"))
    return problems


def _option_problems(prediction: Prediction) -> list[Problem]:
    options = prediction.options
    if prediction.kind != PredictionKind.MULTIPLE_CHOICE:
        return [Problem("options", options, "only a multiple-choice prediction has options")] if options else []
    if not isinstance(options, list) or len(options) not in OPTIONS or not all(isinstance(o, str) for o in options):
        return [Problem("options", options, "list 2 to 100 options as text")]
    if len({o.strip() for o in options}) < len(options) or not all(
        o.strip() and len(o.splitlines()) == 1 for o in options
    ):
        return [Problem("options", options, "every option must be named once, in one line")]
    return []


def _range_problems(prediction: Prediction) -> list[Problem]:
    low, high, kind = prediction.range_min, prediction.range_max, PredictionKind(prediction.kind)
    if prediction.log_scale and kind != PredictionKind.NUMERIC:
        return [Problem("log_scale", True, "only a numeric prediction has a logarithmic scale")]
    if not kind.has_range:
        return [Problem("range_min", low, "only numeric and date predictions have a range")] if low is not None else []
    if low is None or high is None or low >= high:
        return [Problem("range_max", high, f"give a range whose end lies above its start, {low}")]
    if prediction.log_scale and low <= 0:
        return [Problem("range_min", low, "a logarithmic scale needs a range above 0")]
    return _day_problems(prediction) if kind == PredictionKind.DATE else []


def _day_problems(prediction: Prediction) -> list[Problem]:
    ends = {"range_min": prediction.range_min, "range_max": prediction.range_max}
    problems = [Problem(name, end, DAY) for name, end in ends.items() if end is not None and not _is_day(end)]
    if prediction.open_below:
        problems.append(Problem("open_below", True, "a date has no open start; what came earlier is already known"))
    return problems


def _is_day(end: Decimal) -> bool:
    return end == int(end) and int(end) in DAYS


def _suggestion_problems(prediction: Prediction) -> list[Problem]:
    if prediction.kind == PredictionKind.BINARY or prediction.suggested_tick is None:
        return []
    accepted = "leave it empty: only a prediction of yes or no is opened with a probability"
    return [Problem("suggested_tick", prediction.suggested_tick, accepted)]


def add_version(
    prediction: Prediction, *, old: dict[str, Any], reason: str, by: Any, at: dt.datetime
) -> CriteriaVersion:
    """Append the next version; numbers have no gaps because the caller holds the prediction's row."""
    new = versioned(prediction)
    last = prediction.versions.order_by("-number").values_list("number", flat=True).first() or 0
    changed = [name for name in VERSIONED if name not in old or old[name] != new[name]]
    return CriteriaVersion.objects.create(
        prediction=prediction,
        number=last + 1,
        old={name: old[name] for name in changed if name in old},
        new={name: new[name] for name in changed},
        reason=reason,
        by=by,
        at=at,
        after_first_forecast=bool(old) and prediction.clock_opens_at is not None,
    )
