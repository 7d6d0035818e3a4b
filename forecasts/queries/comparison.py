"""Two forecasters on the predictions that both made, at the same moment: who was closer, and how sure that is."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.db.models import Count, QuerySet

from forecasts.errors import Refused
from forecasts.ledger.canonical import canonical
from forecasts.models import Prediction, PredictionKind, Score, Track
from forecasts.scoring import ENGINE
from forecasts.scoring.comparison import paired_difference
from forecasts.scoring.settlement import COUNTINGS
from forecasts.scoring.uncertainty import FEWEST_CLUSTERS, display

from .calibration import scored_as_of
from .denominators import Denominators, count, predictions_of
from .elementary import Elementary, compared, elementary
from .figures import TOO_FEW, Figure, figure
from .scope import CalibrationQuery, Named, named_forecaster, parse_query
from .score_rows import cluster_of, told
from .sums import counted

PARAMETERS = ("a", "b", "track", "cohort", "counting", "basis")
SAME_MOMENT = tuple(counting for counting in COUNTINGS if counting.startswith("lead:"))
USUAL = "lead:7"
MOST = 1_000  # predictions that are compared, so that no pair costs more than that
BIGGEST = 10


@dataclass(frozen=True)
class Pair:
    """Both sides as queries that differ in nothing but the forecaster."""

    a: CalibrationQuery
    b: CalibrationQuery

    @property
    def names(self) -> tuple[Named, Named]:
        if self.a.forecaster is None or self.b.forecaster is None:
            raise ValueError("a pair has two forecasters")
        return self.a.forecaster, self.b.forecaster

    @property
    def parameters(self) -> dict[str, str]:
        """The normalised query, every parameter spelled out."""
        a, b = self.names
        shared = {name: value for name, value in self.a.parameters.items() if name in PARAMETERS}
        return {"a": a.slug, "b": b.slug, **shared}

    @property
    def url(self) -> str:
        return f"/api/v1/compare?{urlencode(self.parameters)}"


@dataclass(frozen=True)
class Gap:
    """One prediction: what each said, what happened, and by how much the Brier score of a was larger."""

    slug: str
    statement: str
    tick_a: int
    tick_b: int
    happened: bool
    brier_a: float
    brier_b: float
    difference: float

    @property
    def url(self) -> str:
        return f"/predictions/{self.slug}/"


@dataclass(frozen=True)
class Comparison:
    """`common` are the predictions of both; the latest `compared` of them are. `difference` is a less b: below 0, a was
    closer. `clusters` counts each family of related predictions once. What may not be shown of so few is None.
    `denominators` are all that both have said something about on the track, `counted` those settled with both scored.
    """

    pair: Pair
    display: str
    common: int
    compared: int
    clusters: int
    denominators: Denominators
    brier_a: float | None
    brier_b: float | None
    difference: Figure | None
    murphy: Elementary | None
    biggest: tuple[Gap, ...]
    tracks: tuple[tuple[str, int], ...]
    as_of: dt.datetime | None
    engine: str
    digest: str


@dataclass(frozen=True)
class _Both:
    """A prediction that both forecast; `tick` is what a said."""

    prediction: int
    cluster: str
    order: str
    tick: int | None
    tick_b: int
    happened: bool | None
    weight: int
    losses: tuple[int, int]

    @property
    def gap(self) -> int:
        return self.losses[0] - self.losses[1]


def parse_pair(parameters: Mapping[str, str]) -> Pair:
    """Raises Refused for an unknown parameter or value, for one side only, and for a forecaster beside itself."""
    for name, value in parameters.items():
        if name not in PARAMETERS:
            raise Refused(name, value, f"the parameters are {', '.join(PARAMETERS)}")
    shared = parse_query(at_one_moment({name: parameters[name] for name in parameters if name not in ("a", "b")}))
    on_one_track(shared)
    a, b = (_side(parameters, name) for name in ("a", "b"))
    if a == b:
        raise Refused("b", parameters["b"], "give another forecaster than a")
    return Pair(replace(shared, forecaster=a), replace(shared, forecaster=b))


def at_one_moment(parameters: Mapping[str, str]) -> Mapping[str, str]:
    """With the usual lead unless another is given. Raises Refused for any other counting: what somebody knew later
    is no skill.
    """
    counting = parameters.get("counting", USUAL)
    if counting not in SAME_MOMENT:
        raise Refused("counting", counting, f"what was said at one moment is compared, one of {', '.join(SAME_MOMENT)}")
    return {**parameters, "counting": counting}


def on_one_track(query: CalibrationQuery) -> CalibrationQuery:
    """`query`. Raises Refused where it mixes tracks: what was recorded before the world knew is not set beside what was
    recorded afterwards.
    """
    if query.track == Track.ALL:
        raise Refused("track", query.track, f"give one of {', '.join(Track.provenances())}")
    return query


def _side(parameters: Mapping[str, str], name: str) -> Named:
    found = named_forecaster(parameters, name)
    if found is None:
        raise Refused(name, "", "give the slug of a forecaster, as /api/v1/forecasters lists them")
    return found


def comparison(pair: Pair, now: dt.datetime) -> Comparison:
    """The answer for `pair`, from at most a thousand predictions, those with the latest deadlines.

    `now` decides only what is overdue.
    """
    scores = _common(pair)
    counted = count(_of_both(pair), scores.count(), now)
    rows = _both(pair, scores)
    shown = display(len(rows))
    shows_scores, shows_curve = shown != "list", shown in ("curve", "all")
    means = [sum(row.losses[side] for row in rows) / len(rows) / 1e8 if shows_scores else None for side in (0, 1)]
    return Comparison(
        pair=pair,
        display=shown,
        common=counted.counted,
        compared=len(rows),
        clusters=_clusters(rows),
        denominators=counted,
        brier_a=means[0],
        brier_b=means[1],
        difference=_difference(rows) if shows_scores else None,
        murphy=elementary(compared(rows, [row.tick_b for row in rows]))
        if shows_curve and _clusters(rows) >= FEWEST_CLUSTERS
        else None,
        biggest=_biggest(rows),
        tracks=_tracks(pair),
        as_of=scored_as_of(),
        engine=str(ENGINE),
        digest=_digest(pair, rows, counted),
    )


def _of_both(pair: Pair) -> QuerySet[Prediction]:
    return predictions_of(pair.a).filter(pk__in=predictions_of(pair.b).order_by().values("pk"))


def _common(pair: Pair) -> QuerySet[Score]:
    """The scores of a on what b forecast, too."""
    theirs = _scores(pair.b).values("prediction")
    return _scores(pair.a).filter(prediction__in=theirs)


def _scores(query: CalibrationQuery) -> QuerySet[Score]:
    return counted(Score.objects.all(), query).filter(prediction__kind=PredictionKind.BINARY, weight__gt=0)


def _both(pair: Pair, scores: QuerySet[Score]) -> list[_Both]:
    latest = scores.order_by("-prediction__latest_deadline", "-prediction").values_list(
        "prediction", "prediction__group", "tick", "happened", "brier_sum"
    )
    ours: list[Any] = list(latest[:MOST])
    rows = _scores(pair.b).filter(prediction__in=[row[0] for row in ours])
    theirs = {pk: (tick, brier) for pk, tick, brier in rows.values_list("prediction", "tick", "brier_sum")}
    return [
        _Both(pk, cluster_of(pk, group), "", tick, theirs[pk][0] or 0, happened, 1, (brier, theirs[pk][1] or 0))
        for pk, group, tick, happened, brier in ours
    ]


def _clusters(rows: Sequence[_Both]) -> int:
    return len({row.cluster for row in rows})


def _difference(rows: Sequence[_Both]) -> Figure:
    losses = np.array([row.losses for row in rows]) / 1e8
    if _clusters(rows) < FEWEST_CLUSTERS:
        return Figure(float((losses[:, 0] - losses[:, 1]).mean()), None, None, TOO_FEW)
    found = paired_difference(losses[:, 0], losses[:, 1], np.array([row.cluster for row in rows]))
    return figure(found.value, told(found))


def _biggest(rows: Sequence[_Both]) -> tuple[Gap, ...]:
    apart = sorted((row for row in rows if row.gap), key=lambda row: (-abs(row.gap), row.prediction))[:BIGGEST]
    told = Prediction.objects.in_bulk([row.prediction for row in apart])
    return tuple(
        Gap(
            slug=told[row.prediction].slug,
            statement=told[row.prediction].statement,
            tick_a=row.tick or 0,
            tick_b=row.tick_b,
            happened=bool(row.happened),
            brier_a=row.losses[0] / 1e8,
            brier_b=row.losses[1] / 1e8,
            difference=row.gap / 1e8,
        )
        for row in apart
    )


def _tracks(pair: Pair) -> tuple[tuple[str, int], ...]:
    """How many predictions both made on each track, but for the one that is asked for."""
    sides = [_scores_of_every_track(query) for query in (pair.a, pair.b)]
    found = []
    for track in Track.values:
        if track not in (pair.a.track, Track.ALL):
            theirs = sides[1].filter(track=track).values("prediction")
            count = sides[0].filter(track=track, prediction__in=theirs).aggregate(n=Count("pk"))["n"]
            found.append((track, count))
    return tuple((track, count) for track, count in found if count)


def _scores_of_every_track(query: CalibrationQuery) -> QuerySet[Score]:
    return Score.objects.filter(
        forecaster=query.forecaster.pk if query.forecaster else 0,
        counting=query.counting,
        cohort__in=query.cohorts,
        basis__in=query.bases,
        prediction__kind=PredictionKind.BINARY,
        weight__gt=0,
    )


def _digest(pair: Pair, rows: Sequence[_Both], counted: Denominators) -> str:
    """SHA-256 of all inputs: the same digest means the same numbers."""
    inputs = {
        "query": pair.parameters,
        "engine": ENGINE,
        "rows": [[row.prediction, row.cluster, row.tick, row.tick_b, bool(row.happened)] for row in rows],
        "denominators": counted.as_counts(),
    }
    return hashlib.sha256(canonical(inputs)).hexdigest()
