"""The tables of the dataset: their columns, their rows in order, and how a row becomes plain values."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Func, QuerySet

from forecasts.models import Forecast, Prediction, Resolution, Score
from forecasts.queries.public import public_forecasters
from forecasts.scoring.rules import TICKS

from .datapackage import Field, FieldType

Row = tuple[Any, ...]
Plain = tuple[Any, ...]  # of text, numbers, truth values and None
PUBLIC = {"prediction__published_at__isnull": False}
PREDICTION = Field("prediction", "string", "Slug of the prediction.")
FORECASTER = Field("forecaster", "string", "Slug of the forecaster.")


class Moment(Func):
    """A time in UTC as text with microseconds, 2026-01-31T08:00:00.000000Z: much faster than by way of a `datetime`."""

    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
        return self.as_sql(compiler, connection, template=template)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """There a time is a text in UTC, without a fraction where it has none."""
        template = "replace(substr(%(expressions)s || '.000000', 1, 26), ' ', 'T') || 'Z'"
        return self.as_sql(compiler, connection, template=template)


@dataclass(frozen=True)
class DatasetTable:
    """`sources` are read of each of `rows`, and `shape` makes of them one plain value for each of `fields`."""

    name: str
    title: str
    fields: tuple[Field, ...]
    rows: Callable[[], QuerySet[Any]]
    sources: tuple[str, ...]
    shape: Callable[[Row], Plain]

    def read(self) -> QuerySet[Any]:
        """The rows as tuples of what `shape` takes; the database spells the times."""
        times = {field.name for field in self.fields if field.type == "datetime"}
        return self.rows().values_list(*(Moment(name) if name in times else name for name in self.sources))

    def places(self, kind: FieldType) -> tuple[int, ...]:
        """Where the columns of a type are."""
        return tuple(place for place, field in enumerate(self.fields) if field.type == kind)


def _json(value: Any) -> str | None:
    return json.dumps(value, ensure_ascii=False) if value else None


def _prediction(row: Row) -> Plain:
    *texts, options, ordered, low, high = row[:13]
    ends = (None if end is None else float(end) for end in (low, high))
    return (*texts, _json(options), ordered, *ends, *row[13:])


def _forecast(row: Row) -> Plain:
    tick, values = row[6], row[7]
    if tick is not None:
        return (*row[:6], tick / TICKS, None, False, *row[8:])
    return (*row[:6], None, _json(values), values is None, *row[8:])


def _resolution(row: Row) -> Plain:
    return (*row[:7], row[7] or "editor", *row[8:])


def _score(row: Row) -> Plain:
    *which, tick, happened, weight, coverage, brier, log, rps, spherical, crps, baseline, peer, engine = row
    sums = ((brier, 1e8), (log, 1e9), (rps, 1e8), (spherical, 1), (crps, 1))
    means = (None if total is None or not weight else total / (weight * unit) for total, unit in sums)
    probability = None if tick is None else tick / TICKS
    return (*which, probability, happened, weight, coverage, *means, baseline, peer, engine)


TABLES = (
    DatasetTable(
        "predictions",
        "Predictions that were ever open",
        (
            Field("slug", "string", "Key, and the last part of the address."),
            Field("statement", "string", "What is predicted."),
            Field("kind", "string", "binary, multiple_choice, numeric or date."),
            Field("status", "string", "open, closed, resolved or void."),
            Field("criteria", "string", "What must hold for it to come true."),
            Field("fine_print", "string", "Details of the criteria."),
            Field("resolution_source", "string", "Who decides."),
            Field("group", "string", "Slug of the family or ladder that it belongs to; empty for none."),
            Field("article", "string", "Slug of the article in which it was made; empty for none."),
            Field("options", "string", "Of several options their names, as a JSON list."),
            Field("options_ordered", "boolean", "Whether the options have an order."),
            Field("range_min", "number", "Where the range begins; of a date in days since the start of 1970."),
            Field("range_max", "number", "Where the range ends; of a date in days since the start of 1970."),
            Field("open_below", "boolean", "Whether the outcome may lie below the range."),
            Field("open_above", "boolean", "Whether the outcome may lie above the range."),
            Field("log_scale", "boolean", "Whether the range is logarithmic."),
            Field("cannot_resolve_early", "boolean", "Whether it can be known only at its deadline."),
            Field("opens_at", "datetime", "From when forecasts count, UTC."),
            Field("closes_at", "datetime", "Until when forecasts are taken, UTC."),
            Field("resolves_by", "datetime", "The deadline, UTC."),
            Field("published_at", "datetime", "Since when readers can see it, UTC."),
        ),
        lambda: Prediction.objects.public().order_by("pk"),
        (
            "slug", "statement", "kind", "status", "criteria", "fine_print", "resolution_source", "group__slug",
            "article__slug", "options", "options_ordered", "range_min", "range_max", "open_below", "open_above",
            "log_scale", "cannot_resolve_early", "opens_at", "closes_at", "resolves_by", "published_at",
        ),
        _prediction,
    ),
    DatasetTable(
        "topics",
        "Topics of the predictions",
        (
            PREDICTION,
            Field("topic", "string", "Slug of the topic."),
            Field("name", "string", "Its name."),
        ),
        lambda: Prediction.topics.through.objects.filter(**PUBLIC).order_by("prediction_id", "topic_id"),
        ("prediction__slug", "topic__slug", "topic__name"),
        tuple,
    ),
    DatasetTable(
        "forecasters",
        "Who forecast, crowds and baselines included",
        (
            Field("slug", "string", "Key, and the last part of the address."),
            Field("name", "string", "Name."),
            Field("kind", "string", "person, desk, publication, ai_model, market, crowd or baseline."),
            Field("is_bot", "boolean", "Whether it is an automated account."),
            Field("url", "string", "Page of its own."),
            Field("merged_into", "string", "Slug of the forecaster under whom its scores stand; empty for its own."),
        ),
        lambda: public_forecasters().order_by("pk"),
        ("slug", "name", "kind", "is_bot", "url", "merged_into__slug"),
        tuple,
    ),
    DatasetTable(
        "forecasts",
        "Forecasts, in the order in which they were recorded",
        (
            Field("id", "integer", "Number of the forecast."),
            PREDICTION,
            FORECASTER,
            Field("issued_at", "datetime", "When it was said, UTC."),
            Field("recorded_at", "datetime", "When it was recorded here, UTC."),
            Field("stands_from", "datetime", "From when it counts on the live track, UTC."),
            Field("probability", "number", "Of yes, 0 to 1; empty for other kinds than yes or no."),
            Field("values", "string", "JSON: ten-thousandths per option, or points [x, ten-thousandths] of a CDF."),
            Field("withdrawn", "boolean", "Whether it takes the one before back, and says nothing itself."),
            Field("basis", "string", "stated, implied, market, model or aggregate."),
            Field("wording", "string", "The words from which the probability was read."),
            Field("provenance", "string", "live, backfilled or imported."),
        ),
        lambda: Forecast.objects.filter(**PUBLIC).order_by("pk"),
        (
            "pk", "prediction__slug", "forecaster__slug", "issued_at", "recorded_at", "stands_from", "tick", "values",
            "basis", "wording", "provenance",
        ),
        _forecast,
    ),
    DatasetTable(
        "resolutions",
        "Outcomes and reasons to void, corrected ones included",
        (
            Field("id", "integer", "Number of the resolution."),
            PREDICTION,
            Field("supersedes", "integer", "Number of the resolution that it corrects; empty for the first."),
            Field("outcome", "string", "yes or no; the number of the option, from 0; a number; a day, or not_before."),
            Field("void_reason", "string", "Why it is void; empty when it has an outcome."),
            Field("known_at", "datetime", "When the world knew, UTC."),
            Field("resolved_at", "datetime", "When we said so, UTC."),
            Field("proposed_by", "string", "editor, or the name of a rule or assessor."),
            Field("note", "string", "What the editors said about it."),
            Field("evidence_exception", "string", "Why it stands without a finding, if it does."),
        ),
        lambda: Resolution.objects.filter(**PUBLIC).order_by("pk"),
        (
            "pk", "prediction__slug", "supersedes_id", "outcome", "void_reason", "known_at", "resolved_at",
            "proposed_by_rule", "note", "evidence_exception",
        ),
        _resolution,
    ),
    DatasetTable(
        "scores",
        "Scores of every forecaster on every settled prediction, by way of counting",
        (
            PREDICTION,
            FORECASTER,
            Field("track", "string", "live, backfilled or imported."),
            Field("counting", "string", "Which forecast counts: first, lead:N, time or last."),
            Field("basis", "string", "stated, implied, market, model or aggregate."),
            Field("cohort", "string", "due, or early: resolved before the deadline."),
            Field("probability", "number", "That counted; empty when counted over time, and for other kinds."),
            Field("happened", "boolean", "Whether it came true; empty for other kinds than yes or no."),
            Field("weight", "integer", "Millionths of the window for time, else 1."),
            Field("coverage", "integer", "Standing time in millionths of the scored window."),
            Field("brier", "number", "Brier score, 0 (best) to 1, over options to 2."),
            Field("log", "number", "Log score in nats, 0 is best."),
            Field("rps", "number", "Ranked probability score of ordered options."),
            Field("spherical", "number", "Spherical score, 0 to 1 (best)."),
            Field("crps", "number", "CRPS in the unit of the outcome; days for dates."),
            Field("baseline", "number", "Against an even guess, larger is better."),
            Field("peer", "number", "Against all others, larger is better."),
            Field("engine", "string", "Version of the scoring engine."),
        ),
        lambda: Score.objects.filter(**PUBLIC).order_by("pk"),
        (
            "prediction__slug", "forecaster__slug", "track", "counting", "basis", "cohort", "tick", "happened",
            "weight", "coverage", "brier_sum", "log_sum", "rps_sum", "spherical_sum", "crps_sum", "baseline", "peer",
            "engine",
        ),
        _score,
    ),
)  # fmt: skip
