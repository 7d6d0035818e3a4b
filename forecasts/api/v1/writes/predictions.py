"""Log a prediction, amend it, open it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.shortcuts import get_object_or_404

from forecasts.actions import amend_prediction, log_prediction, open_prediction
from forecasts.actions.values import place_of, tick_of
from forecasts.api.v1.documents.drafts import EditedPredictionDocument
from forecasts.errors import Refused
from forecasts.models import Article, Basis, Forecaster, Precision, Prediction, PredictionGroup, PredictionKind, Topic

from .base import Acting, Done, Write
from .fields import END, Flag, Input, Listed, Moment, MomentOrDay, NumberOrText, OneOf, Slug, Text

ROWS = {"group": PredictionGroup, "article": Article, "suggested_forecaster": Forecaster}
RANGE = ("range_min", "range_max")


class LogInput(Input):
    """A draft may be unfinished; opening asks for the rest."""

    statement = Text()
    kind = OneOf(PredictionKind.values, required=False)
    criteria = Text(required=False)
    fine_print = Text(required=False)
    resolution_source = Text(required=False)
    options = Listed(child=Text(max_length=500), max_length=100, required=False)
    options_ordered = Flag(required=False)
    range_min = NumberOrText(required=False, allow_null=True, help_text="A number, or a day as 2027-06-30.")
    range_max = NumberOrText(required=False, allow_null=True, help_text="A number, or a day as 2027-06-30.")
    open_below = Flag(required=False)
    open_above = Flag(required=False)
    log_scale = Flag(required=False)
    opens_at = Moment(required=False, allow_null=True)
    closes_at = MomentOrDay(END, required=False, allow_null=True, help_text="A day means its end.")
    resolves_by = MomentOrDay(END, required=False, allow_null=True, help_text="A day means its end.")
    resolves_by_precision = OneOf(Precision.values, required=False)
    resolves_by_wording = Text(required=False, max_length=200)
    cannot_resolve_early = Flag(required=False)
    topics = Listed(child=Slug(), max_length=50, required=False, help_text="Slugs.")
    group = Slug(required=False, allow_null=True)
    article = Slug(required=False, allow_null=True)
    quote = Text(required=False, help_text="The sentence in the article, word for word.")
    rationale = Text(required=False)
    suggested_forecaster = Slug(required=False, allow_null=True, help_text="Whose forecast is issued on opening.")
    suggested_probability = NumberOrText(required=False, allow_null=True, help_text="0 to 1; issued on opening.")
    suggested_basis = OneOf(Basis.values, required=False)
    suggested_wording = Text(required=False, max_length=200)
    suggested_wording_table = Text(required=False, max_length=20)


class AmendInput(LogInput):
    """Only what changes. After the first forecast `reason` is needed, and readers see it."""

    statement = Text(required=False, allow_blank=False)
    reason = Text(required=False)


class OpenInput(Input):
    override_reason = Text(required=False, help_text="Why it may open although the lint says no.")


def _log(acting: Acting, given: dict[str, Any]) -> Done:
    topics = _topics(given.pop("topics", []))
    prediction = Prediction(**_fields(given, given.get("kind", PredictionKind.BINARY)))
    row = log_prediction(prediction=prediction, topics=topics, at=acting.at, by=acting.by)
    return Done(row, f"/api/v1/drafts/{row.slug}")


def _amend(acting: Acting, given: dict[str, Any], slug: str) -> Done:
    row = get_object_or_404(Prediction, slug=slug)
    reason, topics = given.pop("reason", ""), given.pop("topics", None)
    changes = _fields(given, given.get("kind", row.kind))
    changed = amend_prediction(
        prediction=row,
        changes=changes,
        topics=None if topics is None else _topics(topics),
        reason=reason,
        at=acting.at,
        by=acting.by,
    )
    return Done(changed)


def _open(acting: Acting, given: dict[str, Any], slug: str) -> Done:
    row = get_object_or_404(Prediction, slug=slug)
    reason = given.get("override_reason", "")
    opened = open_prediction(prediction=row, override_reason=reason, at=acting.at, by=acting.by)
    return Done(opened, f"/api/v1/predictions/{opened.slug}")


def _fields(given: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """As the model has them: rows for slugs, places for the ends of a range, ticks for probabilities."""
    fields = dict(given)
    for name in ROWS.keys() & fields.keys():
        fields[name] = None if fields[name] is None else found(ROWS[name], name, fields[name])
    for name in RANGE:
        if fields.get(name) is not None:
            fields[name] = place_of(kind, fields[name], name)
    if "suggested_probability" in fields:
        share = fields.pop("suggested_probability")
        fields["suggested_tick"] = None if share is None else tick_of(share, "suggested_probability")
    deadline = fields.get("resolves_by")
    if deadline and "resolves_by_precision" not in fields:
        fields["resolves_by_precision"] = _precision(deadline)
    return fields


def _precision(deadline: dt.datetime) -> Precision:
    return Precision.DAY if deadline.time() == END else Precision.INSTANT


def found(model: Any, name: str, slug: str) -> Any:
    """The row of that slug. Raises Refused."""
    row = model.objects.filter(slug=slug).first()
    if row is None:
        raise Refused(name, slug, f"give the slug of {'an' if name[0] in 'aeiou' else 'a'} {name} that exists")
    return row


def _topics(slugs: list[str]) -> list[Topic]:
    return [found(Topic, "topic", slug) for slug in slugs]


LOG = Write(
    name="logPrediction",
    summary="Log a prediction as a draft.",
    about="Readers see nothing of it before it is opened. `lint` in the answer says what opening asks for.",
    body=LogInput,
    document=EditedPredictionDocument,
    run=_log,
    example={
        "statement": "The central bank of Ruritania will cut its policy rate by 30 June 2027.",
        "criteria": "Yes if the bank's minutes say that the rate was cut.",
        "resolution_source": "The bank's minutes",
        "resolves_by": "2027-06-30",
        "topics": ["economy"],
    },
)
AMEND = Write(
    name="amendPrediction",
    summary="Change a prediction; readers see every version of an open one.",
    about="After the first forecast `reason` is needed, and deadline, opening, options and range stay as they are.",
    body=AmendInput,
    document=EditedPredictionDocument,
    run=_amend,
    status=200,
    example={"criteria": "Yes if the bank's press release says so.", "reason": "The minutes come too late."},
)
OPEN = Write(
    name="openPrediction",
    summary="Open a draft to readers and forecasts; its suggested forecast is issued with it.",
    body=OpenInput,
    document=EditedPredictionDocument,
    run=_open,
    status=200,
    example={},
)
