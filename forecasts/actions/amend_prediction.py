"""Change a prediction's statement, criteria, dates or topics, with a version that readers can see."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from forecasts.errors import NotReady, Problem, Refused
from forecasts.ledger import contents
from forecasts.ledger.append import By, append
from forecasts.ledger.canonical import plain
from forecasts.models import EntryKind, Prediction, PredictionStatus, Topic

from .base import action, person, require
from .criteria import SETTLED_BY_FIRST_FORECAST, VERSIONED, add_version, check_criteria, versioned
from .made import recounted
from .values import quote_place

DRAFT_ONLY = ("quote", "article", "rationale")
SUGGESTED = (
    "suggested_forecaster",
    "suggested_tick",
    "suggested_basis",
    "suggested_wording",
    "suggested_wording_table",
)
AMENDABLE = (*VERSIONED, *DRAFT_ONLY, *SUGGESTED, "suggested_rule", "group")


@action
def amend_prediction(
    *,
    prediction: Prediction,
    changes: Mapping[str, Any],
    topics: Iterable[Topic] | None = None,
    reason: str = "",
    at: dt.datetime,
    by: By,
) -> Prediction:
    """Apply `changes` (field to value). After the first forecast a reason is needed, and deadline, opening, options and
    range stay as they are: void it as superseded and open a successor instead.
    """
    require(by, "keep_predictions", "amend a prediction")
    row = Prediction.objects.select_for_update(no_key=True).get(pk=prediction.pk)
    _refuse_unknown(changes)
    old = versioned(row)
    changed = {name: value for name, value in changes.items() if plain_of(getattr(row, name)) != plain_of(value)}
    _refuse_settled(row, changed, reason)
    for name, value in changed.items():
        setattr(row, name, value)
    check_criteria(row)
    if row.quote and row.article and set(changed) & {"quote", "article"}:
        row.quote_start, row.quote_end = quote_place(row.quote, row.article.text)
    if row.published_at and row.resolves_by and row.latest_deadline:
        row.latest_deadline = max(row.latest_deadline, row.resolves_by)
    content: dict[str, object] = {"fields": sorted(changed), "topics_before": _topics(row)}
    with recounted([row.pk]):
        row.save(update_fields=[*changed, "open_above", "latest_deadline", "quote_start", "quote_end"])
        if topics is not None:
            row.topics.set(topics)
    content["topics"] = _topics(row)
    if set(changed) & set(VERSIONED):
        version = add_version(row, old=old, reason=reason.strip(), by=person(by), at=at)
        content["version_row"] = contents.version(version)
    append(EntryKind.PREDICTION_AMENDED, subject=f"prediction:{row.pk}", content=content, at=at, by=by)
    return row


def _topics(row: Prediction) -> list[str]:
    return sorted(row.topics.values_list("slug", flat=True))


def plain_of(value: Any) -> Any:
    """For comparing: rows by their key, everything else by its one spelling."""
    return getattr(value, "pk", None) or plain(value)


def _refuse_unknown(changes: Mapping[str, Any]) -> None:
    if unknown := sorted(set(changes) - set(AMENDABLE)):
        raise Refused(unknown[0], changes[unknown[0]], f"only these fields can be amended: {', '.join(AMENDABLE)}")


def _refuse_settled(row: Prediction, changed: Mapping[str, Any], reason: str) -> None:
    if PredictionStatus(row.status).is_final and set(changed) & set(VERSIONED):
        raise NotReady("status", row.status, "a settled prediction keeps its criteria; correct its resolution instead")
    if row.status != PredictionStatus.DRAFT and (fixed := sorted(set(changed) & set(DRAFT_ONLY))):
        raise Refused(fixed[0], changed[fixed[0]], "it was fixed when the prediction opened")
    if row.due_at and "resolves_by" in changed:
        raise NotReady("resolves_by", changed["resolves_by"], "the deadline has passed; open a successor instead")
    if row.clock_opens_at is None or not set(changed) & set(VERSIONED):
        return
    settled = [
        Problem(name, changed[name], "it is fixed since the first forecast; void it as superseded and open a successor")
        for name in SETTLED_BY_FIRST_FORECAST
        if name in changed
    ]
    if settled:
        raise Refused.all(settled)
    if not reason.strip():
        raise Refused("reason", reason, "forecasts exist, so say why it changes; readers will see it")
