"""Log a prediction as a draft, with its first version of the criteria."""

import datetime as dt
from collections.abc import Iterable

from forecasts.ledger import contents
from forecasts.ledger.append import By, append
from forecasts.models import EntryKind, Prediction, PredictionStatus, Topic

from .base import action, person, require
from .criteria import add_version, check_criteria
from .values import free_slug, quote_place


@action
def log_prediction(*, prediction: Prediction, topics: Iterable[Topic] = (), at: dt.datetime, by: By) -> Prediction:
    """Insert `prediction` as a draft. A quote must stand in its article word for word.

    A draft may be unfinished; opening it asks for the rest. Raises Refused naming field, value and what is accepted.
    """
    require(by, "keep_predictions", "log a prediction")
    prediction.status = PredictionStatus.DRAFT
    if prediction.closes_at is None:
        prediction.closes_at = prediction.resolves_by
    check_criteria(prediction)
    if prediction.quote and prediction.article:
        prediction.quote_start, prediction.quote_end = quote_place(prediction.quote, prediction.article.text)
    prediction.slug = free_slug(Prediction, prediction.statement)
    prediction.logged_at, prediction.logged_by = at, person(by)
    prediction.save(force_insert=True)
    prediction.topics.set(topics)
    version = add_version(prediction, old={}, reason="", by=person(by), at=at)
    append(
        EntryKind.PREDICTION_LOGGED,
        subject=f"prediction:{prediction.pk}",
        content={
            "slug": prediction.slug,
            "article": prediction.article_id,
            "quote": prediction.quote,
            "suggested_tick": prediction.suggested_tick,
            "suggested_rule": prediction.suggested_rule,
            "version_row": contents.version(version),
        },
        at=at,
        by=by,
    )
    return prediction
