"""One forecaster's probabilities as a round of ForecastBench: question set, resolution set and forecast set.

Each prediction is asked once, like a market's question: it has no list of resolution dates, and what would be the
market's close is ours. Only predictions of yes or no that were open when the round was due are asked; what is open
still has no row in the resolution set. The names of columns are ForecastBench's.
"""

import datetime as dt
import json
from typing import Any

from forecasts.models import YES, Forecast, Forecaster, ForecasterKind, Prediction
from forecasts.queries.round import standing_at
from forecasts.scoring.rules import TICKS

NOT_APPLICABLE = "N/A"
SOURCE = "reckoner"


def forecastbench_round(forecaster: Forecaster, due: dt.date, *, site: str, organization: str) -> dict[str, bytes]:
    """The three files by name. A forecast counts that stood at the end of the day `due`, UTC."""
    standing = list(standing_at(forecaster, dt.datetime.combine(due, dt.time(23, 59, 59, tzinfo=dt.UTC))))
    asked = [row.prediction for row in standing]
    head = {"forecast_due_date": due.isoformat(), "question_set": f"{due}-{SOURCE}.json"}
    who = {"organization": organization, "model": forecaster.name, "model_organization": organization}
    documents = {
        f"{due}-{SOURCE}.json": {**head, "questions": [_question(row, due, site) for row in asked]},
        f"{due}_resolution_set.json": {**head, "resolutions": [_resolution(row) for row in asked if _is_settled(row)]},
        f"{due}.{SOURCE}.{forecaster.slug}.json": {
            **who,
            **head,
            "forecasts": [_forecast(row, forecaster) for row in standing],
        },
    }
    return {name: json.dumps(found, ensure_ascii=False, indent=1).encode() for name, found in documents.items()}


def _question(row: Prediction, due: dt.date, site: str) -> dict[str, Any]:
    return {
        "id": row.slug,
        "source": SOURCE,
        "question": row.statement,
        "resolution_criteria": row.criteria,
        "background": NOT_APPLICABLE,
        "market_info_open_datetime": _time(row.opens_at),
        "market_info_close_datetime": _time(row.closes_at),
        "market_info_resolution_criteria": row.fine_print or NOT_APPLICABLE,
        "url": site + row.get_absolute_url(),
        "freeze_datetime": f"{due}T00:00:00+00:00",
        "freeze_datetime_value": NOT_APPLICABLE,
        "freeze_datetime_value_explanation": NOT_APPLICABLE,
        "source_intro": "Predictions made in articles, with resolution criteria.",
        "combination_of": NOT_APPLICABLE,
        "resolution_dates": NOT_APPLICABLE,
    }


def _time(moment: dt.datetime | None) -> str:
    return moment.astimezone(dt.UTC).isoformat() if moment else NOT_APPLICABLE


def _is_settled(row: Prediction) -> bool:
    return row.current_resolution is not None


def _resolution(row: Prediction) -> dict[str, Any]:
    """The day is the one on which the world knew, UTC."""
    settled = row.current_resolution
    return {
        "id": row.slug,
        "source": SOURCE,
        "direction": None,
        "resolution_date": settled.known_at.astimezone(dt.UTC).date().isoformat() if settled else None,
        "resolved_to": float(settled is not None and settled.outcome == YES),
        "resolved": True,
    }


def _forecast(row: Forecast, forecaster: Forecaster) -> dict[str, Any]:
    """A person has a `user_id`; everybody else is the set's model."""
    person = {"user_id": forecaster.slug} if forecaster.kind == ForecasterKind.PERSON else {}
    said = {
        "id": row.prediction.slug,
        "source": SOURCE,
        "forecast": (row.tick or 0) / TICKS,
        "resolution_date": None,
        "reasoning": row.rationale or None,
        "direction": None,
    }
    return {**said, **person}
