"""One prediction as a line of a list, the same on every page."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from forecasts.models import (
    Forecast,
    Forecaster,
    Prediction,
    PredictionKind,
    PredictionStatus,
    Resolution,
    VoidReason,
    outcome_words,
    said_words,
)

from .among import Among

UNREAD = (
    "external_id", "criteria", "fine_print", "resolution_source", "rationale", "resolves_by_wording",
    "resolves_by_rule", "opens_at", "original_opens_at", "original_closes_at", "original_resolves_by",
    "clock_opens_at", "clock_closes_at", "suggested_basis", "suggested_wording", "suggested_wording_table",
    "suggested_rule", "lint_override_reason", "logged_at", "published_at", "known_at", "corrected_at",
    "scored_topics", "quote", "current_resolution__resolved_at", "current_resolution__note",
    "current_resolution__evidence_exception", "current_resolution__provisional_until",
)  # fmt: skip


class Latest(NamedTuple):
    """What was said last, and whose name it stands under."""

    tick: int | None
    values: Any
    forecaster: str


@dataclass(frozen=True)
class PredictionRow:
    """`said` is the latest standing forecast of whoever the list is about, empty when nothing stands.

    `tick` is the same of yes or no, None for the other kinds.
    """

    slug: str
    statement: str
    kind: str
    state: str
    state_words: str
    resolves_by: dt.datetime | None
    known_at: dt.datetime | None
    counts_from: dt.datetime | None
    tick: int | None
    said: str
    forecaster: str
    corrected: bool

    @property
    def url(self) -> str:
        return f"/predictions/{self.slug}/"


def state_of(prediction: Prediction, now: dt.datetime) -> tuple[str, str]:
    """A code for styling and the words for readers: the world's open questions apart from our backlog."""
    resolution = prediction.current_resolution
    if resolution is not None:
        return _settled(prediction, resolution)
    if prediction.status == PredictionStatus.DRAFT:
        return "draft", _("Draft")
    if prediction.resolves_by and prediction.resolves_by < now:
        return "overdue", _("Not yet rated by us")
    if prediction.closes_at and prediction.closes_at <= now:
        return "closed", _("Closed, still open in the world")
    return "open", _("Still open")


def _settled(prediction: Prediction, resolution: Resolution) -> tuple[str, str]:
    resolution.prediction = prediction  # the row at hand, not another query
    if resolution.is_void:
        return settled_state(resolution), void_words(resolution.void_reason)
    return settled_state(resolution), outcome_words(prediction, resolution.outcome)


def void_words(reason: str) -> str:
    return _("Void: %(reason)s") % {"reason": VoidReason(reason).label}


def settled_state(resolution: Resolution) -> str:
    """The code for styling: yes, no, resolved (of other kinds) or void."""
    if resolution.is_void:
        return "void"
    return resolution.outcome if resolution.prediction.kind == PredictionKind.BINARY else "resolved"


def prediction_rows(
    predictions: QuerySet[Prediction], now: dt.datetime, forecaster_id: int | None = None
) -> tuple[PredictionRow, ...]:
    """The rows of a list, in its order, with two queries whatever its length."""
    return rows_of(list(predictions.select_related("current_resolution")), now, forecaster_id)


def rows_of(
    found: Sequence[Prediction], now: dt.datetime, forecaster_id: int | None = None
) -> tuple[PredictionRow, ...]:
    """The same for predictions that were read with their resolution already."""
    latest = {
        pk: Latest(row.tick, row.values, row.forecaster.name)
        for pk, row in latest_forecasts([row.pk for row in found], forecaster_id).items()
    }
    return tuple(row_of(prediction, latest.get(prediction.pk), now) for prediction in found)


def latest_forecasts(prediction_ids: Iterable[int], forecaster_id: int | None = None) -> dict[int, Forecast]:
    """The last forecast on each prediction, by one forecaster or by anybody; reads no more rows than it gives."""
    newest = _newest(forecaster_id)
    ids = Prediction.objects.filter(pk__in=list(prediction_ids)).values_list(newest, flat=True)
    rows = Forecast.objects.filter(pk__in=ids.order_by()).select_related("forecaster")
    return {row.prediction_id: row for row in rows}


def _newest(forecaster_id: int | None) -> Subquery:
    """The key of the last forecast on a prediction, as a column of it."""
    theirs = Forecast.objects.filter(prediction=OuterRef("pk"))
    if forecaster_id is not None:
        theirs = theirs.filter(Among(F("forecaster"), Forecaster.objects.counted_as(forecaster_id).values("pk")))
    return Subquery(theirs.order_by("-issued_at", "-recorded_at", "-id").values("pk")[:1])


def with_latest(predictions: QuerySet[Prediction], forecaster_id: int | None = None) -> QuerySet[Prediction]:
    """The same in the query of the predictions, for `latest_in`, with their resolution and without what no line shows.
    Only of few: a database may look before it cuts.
    """
    is_newest = Q(forecasts__pk=_newest(forecaster_id))
    return (
        predictions.select_related("current_resolution")
        .defer(*UNREAD)
        .annotate(
            latest=FilteredRelation("forecasts", condition=is_newest),
            latest_tick=F("latest__tick"),
            latest_values=F("latest__values"),
            latest_by=F("latest__forecaster__name"),
        )
    )


def latest_in(prediction: Any) -> Latest | None:
    """What `with_latest` found."""
    if prediction.latest_by is None:
        return None
    return Latest(prediction.latest_tick, prediction.latest_values, prediction.latest_by)


def row_of(prediction: Prediction, latest: Latest | None, now: dt.datetime) -> PredictionRow:
    """The line of a prediction that was read with its resolution, with what was said last."""
    state, words = state_of(prediction, now)
    resolution = prediction.current_resolution
    early = resolution is not None and not resolution.is_void and prediction.due_at is None
    return PredictionRow(
        slug=prediction.slug,
        statement=prediction.statement,
        kind=prediction.kind,
        state=state,
        state_words=words,
        resolves_by=prediction.resolves_by,
        known_at=resolution.known_at if resolution else None,
        counts_from=prediction.latest_deadline if early else None,
        tick=latest.tick if latest else None,
        said=said_words(prediction, latest.tick, latest.values) if latest else "",
        forecaster=latest.forecaster if latest else "",
        corrected=resolution is not None and resolution.supersedes_id is not None,
    )
