"""Open a draft to readers and forecasts; its suggested forecast is issued with it."""

import datetime as dt

from forecasts.errors import NotReady, Problem, Refused
from forecasts.language.lint import Failure
from forecasts.ledger import contents
from forecasts.ledger.append import By, append
from forecasts.models import EntryKind, Forecast, Forecaster, Prediction, PredictionStatus
from forecasts.queries.linting import lint_prediction

from .base import action, claimed, require
from .criteria import check_criteria
from .forecasting import record_forecast

SET_BY_OPENING = (
    "opens_at",
    "closes_at",
    "published_at",
    "original_opens_at",
    "original_closes_at",
    "original_resolves_by",
    "latest_deadline",
    "lint_override_reason",
)


@action
def open_prediction(*, prediction: Prediction, override_reason: str = "", at: dt.datetime, by: By) -> Prediction:
    """draft -> open. Raises NotReady naming every lint rule that fails, unless `override_reason` says why it may;
    a deadline cannot be overridden. Opens at `opens_at`, by default when the suggested forecast was issued.
    """
    require(by, "keep_predictions", "open a prediction")
    row = Prediction.objects.select_for_update(no_key=True).get(pk=prediction.pk)
    failures = lint_prediction(row)
    _refuse_unready(row, failures, override_reason, at)
    row.lint_override_reason = override_reason.strip() if failures else ""
    _set_dates(row, at)
    claimed(
        Prediction.objects.filter(pk=row.pk, status=PredictionStatus.DRAFT).update(
            status=PredictionStatus.OPEN, **{name: getattr(row, name) for name in SET_BY_OPENING}
        ),
        "status",
        row.status,
        "only a draft can be opened",
    )
    row.refresh_from_db()
    forecast = _issue_suggestion(row, at)
    append(
        EntryKind.PREDICTION_OPENED,
        subject=f"prediction:{row.pk}",
        content={
            "opens_at": row.opens_at,
            "closes_at": row.closes_at,
            "resolves_by": row.resolves_by,
            "overridden": [failure.rule for failure in failures],
            "override_reason": row.lint_override_reason,
            "forecast_row": contents.forecast(forecast) if forecast else None,
        },
        at=at,
        by=by,
    )
    return row


def _refuse_unready(row: Prediction, failures: tuple[Failure, ...], override_reason: str, at: dt.datetime) -> None:
    if row.resolves_by is None:
        reason = row.resolves_by_rule or "the statement names none"
        raise NotReady("resolves_by", None, f"give a deadline before opening: {reason}", also=_problems(failures))
    if row.resolves_by <= at:
        raise Refused("resolves_by", row.resolves_by.isoformat(), "the deadline has already passed")
    if failures and not override_reason.strip():
        raise NotReady.all(_problems(failures))


def _problems(failures: tuple[Failure, ...]) -> list[Problem]:
    return [Problem(f"lint:{failure.rule}", failure.message, failure.fix) for failure in failures]


def _set_dates(row: Prediction, at: dt.datetime) -> None:
    row.opens_at = row.opens_at or _suggested_issue(row, at)
    row.closes_at = row.closes_at or row.resolves_by
    check_criteria(row)
    row.published_at = at
    row.original_opens_at, row.original_closes_at = row.opens_at, row.closes_at
    row.original_resolves_by = row.latest_deadline = row.resolves_by


def _suggested_issue(row: Prediction, at: dt.datetime) -> dt.datetime:
    """The suggestion was made when its article came out, as far as we know that."""
    published = row.article.published_at if row.article else None
    return min(published, at) if published and row.suggested_tick is not None else at


def _issue_suggestion(row: Prediction, at: dt.datetime) -> Forecast | None:
    if row.suggested_tick is None or row.suggested_forecaster is None:
        return None
    forecaster: Forecaster = row.suggested_forecaster
    forecast = Forecast(
        prediction=row,
        forecaster=forecaster,
        tick=row.suggested_tick,
        issued_at=_suggested_issue(row, at),
        basis=row.suggested_basis,
        wording=row.suggested_wording,
        wording_table=row.suggested_wording_table,
        article=row.article,
        quote=row.quote,
        quote_start=row.quote_start,
        quote_end=row.quote_end,
        rationale=row.rationale,
    )
    return record_forecast(forecast, at)
