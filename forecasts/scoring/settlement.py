"""Everything that one settled yes-or-no prediction adds: scores per forecaster, track and counting, and fact rows.

Which track a forecast belongs to is derived here, from `known_at`, so it moves when a correction moves that.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from forecasts.scoring.rules import brier_numerator, log_loss_nano
from forecasts.scoring.timeline import LEADS, pick_first, pick_last, pick_lead, pieces, standing_weight
from forecasts.scoring.values import MILLION, Issued, Pick, Piece, Window

LIVE, BACKFILLED, ALL = "live", "backfilled", "all"
COUNTINGS = ("first", *(f"lead:{days}" for days in LEADS), "time", "last")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A forecast as it was recorded. Times are microseconds; `stands_from` is its effective time on the live track."""

    forecaster: int
    issued_at: int
    stands_from: int
    recorded_at: int
    id: int
    tick: int | None
    basis: str
    provenance: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Forecasts of one tick and lead band: how many rows, and their weight (1 each, or millionths for `time`)."""

    lead_band: str
    tick: int
    n: int
    weight: int


@dataclass(frozen=True, slots=True)
class Line:
    """One Score row with its fact rows; `tick` is None for `time`. Sums as in models.Score."""

    forecaster: int
    track: str
    counting: str
    basis: str
    tick: int | None
    weight: int
    brier_sum: int
    log_sum: int
    coverage: int
    facts: tuple[Fact, ...]


def track_of(row: Recorded, known_at: int) -> str:
    """Recorded when the outcome was known is `backfilled`, unless it was imported; else as fixed at recording."""
    if row.provenance == LIVE and row.recorded_at >= known_at:
        return BACKFILLED
    return row.provenance


def settle_scores(
    recorded: Iterable[Recorded], window: Window, *, happened: bool, cannot_resolve_early: bool
) -> tuple[Line, ...]:
    """All lines of one prediction, in order of forecaster, track and counting. None where nothing could count."""
    timelines: dict[tuple[int, str], list[Issued]] = defaultdict(list)
    for row in recorded:
        track = track_of(row, window.known_at)
        effective = row.stands_from if track == LIVE else row.issued_at
        issued = Issued(effective, row.recorded_at, row.id, row.tick, row.basis)
        timelines[row.forecaster, track].append(issued)
        timelines[row.forecaster, ALL].append(issued)
    return tuple(
        line
        for (forecaster, track), issued in sorted(timelines.items())
        for line in _lines(forecaster, track, issued, window, happened, cannot_resolve_early)
    )


def _lines(
    forecaster: int, track: str, issued: list[Issued], window: Window, happened: bool, cannot_resolve_early: bool
) -> Iterator[Line]:
    standing = pieces(issued, window)
    if not standing:
        return
    whole = window.share(window.end)
    coverage = standing_weight(standing) * MILLION // whole if whole else 0
    for counting, pick in _picks(issued, window, cannot_resolve_early):
        fact = Fact(pick.lead_band, pick.tick, 1, 1)
        yield _line(forecaster, track, counting, pick.basis, pick.tick, happened, coverage, (fact,))
    for basis in sorted({piece.basis for piece in standing}):
        facts = _time_facts(piece for piece in standing if piece.basis == basis)
        yield _line(forecaster, track, "time", basis, None, happened, coverage, facts)


def _picks(issued: list[Issued], window: Window, cannot_resolve_early: bool) -> Iterator[tuple[str, Pick]]:
    if first := pick_first(issued, window):
        yield "first", first
    for days in LEADS:
        if lead := pick_lead(issued, window, days):
            yield f"lead:{days}", lead
    is_last_valid = cannot_resolve_early and window.known_at >= window.closes_at
    if is_last_valid and (last := pick_last(issued, window, cannot_resolve_early)):
        yield "last", last


def _time_facts(standing: Iterable[Piece]) -> tuple[Fact, ...]:
    count: Counter[tuple[str, int]] = Counter()
    weight: Counter[tuple[str, int]] = Counter()
    for piece in standing:
        count[piece.lead_band, piece.tick] += 1
        weight[piece.lead_band, piece.tick] += piece.weight
    return tuple(Fact(band, tick, n, weight[band, tick]) for (band, tick), n in sorted(count.items()))


def _line(
    forecaster: int,
    track: str,
    counting: str,
    basis: str,
    tick: int | None,
    happened: bool,
    coverage: int,
    facts: tuple[Fact, ...],
) -> Line:
    y = int(happened)
    return Line(
        forecaster=forecaster,
        track=track,
        counting=counting,
        basis=basis,
        tick=tick,
        weight=sum(fact.weight for fact in facts),
        brier_sum=sum(fact.weight * brier_numerator(fact.tick, y) for fact in facts),
        log_sum=sum(fact.weight * log_loss_nano(fact.tick, y) for fact in facts),
        coverage=coverage,
        facts=facts,
    )
