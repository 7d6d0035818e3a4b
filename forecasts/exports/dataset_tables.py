"""The tables of the dataset: their columns, their rows in order, and how a row becomes plain values."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from forecasts.models import Forecast, Prediction, Resolution, Score
from forecasts.queries.public import public_forecasters
from forecasts.queries.stream import Moment, streamed
from forecasts.scoring.rules import TICKS

from .datapackage import Field

Column = Sequence[Any]  # of text, numbers, truth values and None
Columns = Sequence[Column]
PUBLIC = {"prediction__published_at__isnull": False}
PREDICTION = Field("prediction", "string", "Slug of the prediction.")
AS_TEXT = Cast("values", TextField())  # as JSON, which need not be read
FORECASTER = Field("forecaster", "string", "Slug of the forecaster.")


@dataclass(frozen=True)
class DatasetTable:
    """`sources` are read of each of `rows`, and `shape` makes of their columns one for each of `fields`."""

    name: str
    title: str
    fields: tuple[Field, ...]
    rows: Callable[[], QuerySet[Any]]
    sources: tuple[str | Cast, ...]
    shape: Callable[[Columns], Columns] = list

    def read(self) -> Iterator[tuple[Any, ...]]:
        """The rows, of `sources`; the database spells the times."""
        times = {field.name for field in self.fields if field.type == "datetime"}
        return streamed(self.rows().values_list(*(Moment(name) if name in times else name for name in self.sources)))


def _prediction(columns: Columns) -> Columns:
    *texts, options, ordered, low, high = columns[:13]
    names = [json.dumps(each, ensure_ascii=False) if each else None for each in options]
    ends = ([None if end is None else float(end) for end in column] for column in (low, high))
    return (*texts, names, ordered, *ends, *columns[13:])


def _forecast(columns: Columns) -> Columns:
    ticks, values = columns[6:8]
    withdrawn = [tick is None and value is None for tick, value in zip(ticks, values, strict=True)]
    return (*columns[:6], _shares(ticks), values, withdrawn, *columns[8:])


def _resolution(columns: Columns) -> Columns:
    return (*columns[:7], [rule or "editor" for rule in columns[7]], *columns[8:])


def _score(columns: Columns) -> Columns:
    *which, ticks, happened, weights, coverage, brier, log, rps, spherical, crps, baseline, peer, engine = columns
    sums = ((brier, 1e8), (log, 1e9), (rps, 1e8), (spherical, 1), (crps, 1))
    means = (_means(totals, weights, unit) for totals, unit in sums)
    return (*which, _shares(ticks), happened, weights, coverage, *means, baseline, peer, engine)


def _shares(ticks: Column) -> Column:
    return [None if tick is None else tick / TICKS for tick in ticks]


def _means(totals: Column, weights: Column, unit: float) -> Column:
    pairs = zip(totals, weights, strict=True)
    return [None if total is None or not weight else total / (weight * unit) for total, weight in pairs]


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
            "pk", "prediction__slug", "forecaster__slug", "issued_at", "recorded_at", "stands_from", "tick", AS_TEXT,
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
