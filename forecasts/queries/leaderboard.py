"""The leaderboard: who was closest on common predictions, once it is allowed for how hard these were.

Forecasts are compared at one moment, a lead. Nobody is listed with fewer than 30 predictions in common with others, and
nobody ranked with fewer than 100 separate ones, a family counted once, nor without an interval of the rank.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Sum

from forecasts.errors import Refused
from forecasts.models import (
    EXPLICIT,
    Cohort,
    Forecaster,
    PredictionKind,
    Scope,
    ScopeCount,
    Score,
    StoredStatistic,
    Track,
)
from forecasts.scoring.comparison import leaderboard, shrunk, two_way
from forecasts.scoring.reliability import corp
from forecasts.scoring.uncertainty import CURVE_BELOW, FEWEST_CLUSTERS, SCORES_BELOW, cluster_bootstrap
from forecasts.scoring.values import Place, TickTable

from .calibration import scored_for
from .comparison import SAME_MOMENT, at_one_moment, on_one_track
from .figures import PENDING, Figure, figure
from .scope import CalibrationQuery, parse_query
from .score_rows import cluster_of, told
from .sums import counted

PREFIX = "board|"
PARAMETERS = ("topic", "track", "counting")
NORMAL_95 = 1.959964
RANK_LEVEL = 0.9
ALONE = f"a comparison needs two forecasters with {SCORES_BELOW} predictions in common with others"


@dataclass(frozen=True)
class Line:
    """One forecaster. `gain` is how much lower the Brier score was than the predictions' difficulty would have it, and
    `shrunk` what to expect of it next time; no rank of too few, and none without its interval. `clusters` counts each
    family of related predictions once.
    """

    forecaster: Forecaster
    predictions: int
    clusters: int | None
    brier: float
    brier_interval: Figure
    gain: Figure
    shrunk: float
    rank: int | None
    low_rank: int | None
    high_rank: int | None
    miscalibration: float
    discrimination: float
    uncertainty: float


@dataclass(frozen=True)
class Board:
    """The best first; `missing` says why nobody is compared."""

    query: CalibrationQuery
    lines: tuple[Line, ...]
    level: float
    missing: str
    as_of: dt.datetime | None


@dataclass(frozen=True)
class _Row:
    forecaster: int
    prediction: int
    cluster: str
    tick: int
    happened: bool
    brier: float


def board_key(key: str) -> str:
    """The name under which the board of a sum of scores is stored."""
    return f"{PREFIX}{key}"


def has_board(scope: str, kind: str, counting: str, track: str, basis: str) -> bool:
    """Whether forecasters are compared on a sum: everybody's or a topic's, at one moment, on one track."""
    is_wide, is_one_track = scope in (Scope.ALL, Scope.TOPIC), track != Track.ALL
    return is_wide and is_one_track and kind == PredictionKind.BINARY and counting in SAME_MOMENT and basis == EXPLICIT


def parse_board(parameters: Mapping[str, str]) -> CalibrationQuery:
    """Raises Refused for an unknown parameter or value, and for a track or counting without a board."""
    for name, value in parameters.items():
        if name not in PARAMETERS:
            raise Refused(name, value, f"the parameters are {', '.join(PARAMETERS)}")
    return on_one_track(parse_query(at_one_moment(parameters)))


def board(query: CalibrationQuery) -> Board:
    """The board that was stored for exactly these scores."""
    row = StoredStatistic.objects.filter(query=board_key(query.key)).first()
    scored = scored_for(query)
    is_current = row is not None and not row.stale and row.table_sha256 == scored.table_sha256
    nothing = {"missing": PENDING if row else ALONE, "lines": []}
    stored: Mapping[str, Any] = row.value if row and is_current else nothing
    people = Forecaster.objects.in_bulk([line["forecaster"] for line in stored["lines"]])
    return Board(
        query=query,
        lines=tuple(_line(line, people) for line in stored["lines"]),
        level=RANK_LEVEL,
        missing=stored["missing"],
        as_of=scored.as_of,
    )


def headline_board() -> Board:
    """The live one, or the first of the others on which anybody is compared."""
    live = board(parse_board({}))
    others = (board(parse_board({"track": track})) for track in (Track.IMPORTED, Track.BACKFILLED))
    return live if live.lines else next((found for found in others if found.lines), live)


def _line(kept: Mapping[str, Any], people: Mapping[int, Forecaster]) -> Line:
    """Intervals and clusters came later than the rest: what was stored before has none until it is computed again."""
    gain = kept["gain"]
    return Line(
        **{
            **kept,
            "forecaster": people[kept["forecaster"]],
            "clusters": kept.get("clusters"),
            "brier_interval": figure(kept["brier"], kept.get("brier_interval")),
            "gain": figure(gain["value"], gain),
        }
    )


def compute_board(query: CalibrationQuery) -> dict[str, Any]:
    """What is stored for `query`, as JSON; without enough in common, or in separate parts, why there is no board."""
    rows = _in_common(_rows(query))
    if len({row.forecaster for row in rows}) <= 1:
        return {"missing": ALONE, "lines": []}
    names = dict(Forecaster.objects.filter(pk__in={row.forecaster for row in rows}).values_list("pk", "slug"))
    try:
        gains = _gains(rows, names)
    except ValueError as parts:  # two_way refuses across parts that nothing connects, and names them
        return {"missing": str(parts), "lines": []}
    return {"missing": "", "lines": _lines(rows, gains)}


def _rows(query: CalibrationQuery) -> list[_Row]:
    """The scores of everybody who has enough of them to be listed."""
    counts = ScopeCount.objects.filter(
        scope=Scope.FORECASTER,
        lead_band="",
        kind=query.kind,
        counting=query.counting,
        cohort=Cohort.DUE,
        track=query.track,
        basis=query.basis,
    )
    many = counts.values("scope_id").annotate(n=Sum("predictions")).filter(n__gte=SCORES_BELOW).values("scope_id")
    scores = counted(Score.objects.all(), query).filter(prediction__kind=query.kind, weight__gt=0, forecaster__in=many)
    found = scores.order_by("pk").values_list(
        "forecaster", "prediction", "prediction__group", "tick", "happened", "brier_sum"
    )
    return [
        _Row(who, pk, cluster_of(pk, group), tick or 0, bool(happened), (brier or 0) / 1e8)
        for who, pk, group, tick, happened, brier in found
    ]


def _in_common(rows: list[_Row]) -> list[_Row]:
    """Those on predictions that another one forecast, too, of forecasters with enough of these, and in as many families
    as an interval needs.
    """
    while True:
        shared, speakers = Counter(row.prediction for row in rows), Counter(row.forecaster for row in rows)
        families = _families(rows)
        listed = {who for who in speakers if speakers[who] >= SCORES_BELOW and families[who] >= FEWEST_CLUSTERS}
        kept = [row for row in rows if shared[row.prediction] > 1 and row.forecaster in listed]
        if len(kept) == len(rows):
            return kept
        rows = kept


def _families(rows: Sequence[_Row]) -> Counter[int]:
    """How many families each forecaster spoke on."""
    return Counter(who for who, _ in {(row.forecaster, row.cluster) for row in rows})


def _gains(rows: Sequence[_Row], names: Mapping[int, str]) -> np.ndarray[Any, Any]:
    """Of each row: the difficulty of its prediction less its score."""
    scores = np.array([row.brier for row in rows])
    fit = two_way(scores, np.array([names[row.forecaster] for row in rows]), np.array([row.prediction for row in rows]))
    place = np.searchsorted(fit.predictions, [row.prediction for row in rows])
    return np.asarray(fit.difficulty[place] - scores)


def _lines(rows: Sequence[_Row], gains: np.ndarray[Any, Any]) -> list[dict[str, Any]]:
    who = np.array([row.forecaster for row in rows])
    clusters = np.array([row.cluster for row in rows])
    families = _families(rows)
    ranked = np.array([families[pk] >= CURVE_BELOW for pk in who.tolist()])
    places = _places(gains[ranked], who[ranked], clusters[ranked])
    lines = [_one(rows, pk, gains[who == pk], clusters[who == pk]) for pk in sorted(families)]
    values = [line["gain"]["value"] for line in lines]
    errors = [max((line["gain"]["high"] - line["gain"]["low"]) / 2 / NORMAL_95, 1e-9) for line in lines]
    drawn = shrunk(values, errors).values.tolist()
    for line, expected in zip(lines, drawn, strict=True):
        place = places.get(line["forecaster"])
        line["shrunk"] = expected
        line["rank"], line["low_rank"], line["high_rank"] = (
            (place.rank, place.low_rank, place.high_rank) if place else (None, None, None)
        )
    return sorted(lines, key=lambda line: (line["rank"] is None, line["rank"] or 0, -line["gain"]["value"]))


def _places(
    gains: np.ndarray[Any, Any], who: np.ndarray[Any, Any], clusters: np.ndarray[Any, Any]
) -> dict[object, Place]:
    """By forecaster; nobody is ranked alone."""
    if np.unique(who).size <= 1:
        return {}
    return {place.forecaster: place for place in leaderboard(gains, np.ones(gains.size), who, clusters, RANK_LEVEL)}


def _one(rows: Sequence[_Row], pk: int, gains: np.ndarray[Any, Any], clusters: np.ndarray[Any, Any]) -> dict[str, Any]:
    theirs = [row for row in rows if row.forecaster == pk]
    parts = corp(TickTable.from_rows((row.tick, 1, int(row.happened)) for row in theirs))
    ones = np.ones(gains.size)
    losses = np.array([row.brier for row in theirs])
    return {
        "forecaster": pk,
        "predictions": len(theirs),
        "clusters": len(set(clusters.tolist())),
        "brier": parts.score,
        "brier_interval": told(cluster_bootstrap(losses, ones, clusters, bounds=(0.0, 1.0))),
        "gain": told(cluster_bootstrap(gains, ones, clusters)),
        "miscalibration": parts.miscalibration,
        "discrimination": parts.discrimination,
        "uncertainty": parts.uncertainty,
    }
