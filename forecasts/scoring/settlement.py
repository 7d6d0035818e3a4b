"""Everything that settled predictions add: scores per forecaster, track and counting, and fact rows, by columns.

Times are integer microseconds. Which track a forecast belongs to is derived here, from `known_at`, so it moves when a
correction moves that. `timeline` says the same of one forecaster at a time; the tests hold the two together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from forecasts.scoring.losses import Losses
from forecasts.scoring.sweep import peer, shares, spot_peer, standing
from forecasts.scoring.timeline import BAND_EDGES, DAY, LEAD_BANDS, LEADS
from forecasts.scoring.values import MILLION, TICKS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Column = NDArray[Any]

TRACKS = ("live", "backfilled", "imported", "all")
LIVE, BACKFILLED, IMPORTED, ALL = range(len(TRACKS))
COUNTINGS = ("first", *(f"lead:{days}" for days in LEADS), "time", "last")
FOREVER = 2**62  # microseconds, and still far from overflowing when taken from a date


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Forecasts as they count on a track, each column of shape (rows,).

    `prediction` numbers the windows, `forecast` the rows of the losses; `issued_at` is the effective time on that
    track; `basis` is any small number; a row that is `withdrawn` has no value.
    """

    prediction: Ints
    forecast: Ints
    forecaster: Ints
    track: Ints
    issued_at: Ints
    recorded_at: Ints
    id: Ints
    basis: Ints
    withdrawn: Bools
    in_pool: Bools

    def taken(self, index: Column) -> Self:
        return type(self)(**{each.name: getattr(self, each.name)[index] for each in fields(self)})

    @classmethod
    def joined(cls, *parts: Self) -> Self:
        return cls(**{each.name: np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(cls)})

    @property
    def timeline(self) -> Ints:
        """One number for each prediction and track."""
        return self.prediction * len(TRACKS) + self.track


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """When forecasts on each prediction count, shape (predictions,), and whether the last one may."""

    opens_at: Ints
    closes_at: Ints
    known_at: Ints
    last_counts: Bools

    @property
    def ends_at(self) -> Ints:
        return np.minimum(self.closes_at, self.known_at)

    @property
    def length(self) -> Ints:
        return self.closes_at - self.opens_at

    def share(self, moment: Ints, prediction: Ints) -> Ints:
        """Millionths of the planned length passed at each moment."""
        return shares(moment, self.opens_at[prediction], self.length[prediction])


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Calibration rows of some lines, shape (rows,): n forecasts of a tick in a lead band, their weight, where yes."""

    line: Ints
    lead_band: Ints
    tick: Ints
    n: Ints
    weight: Ints
    weight_yes: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The scores of one counting, each column of shape (lines,). `sums` are weight x loss by rule.

    `rewards` holds `baseline`, and `peer` where all stood at the same moments: not for the first and last forecast.
    `kept` is what the one counted forecast keeps; empty for `time`.
    """

    counting: str
    prediction: Ints
    forecaster: Ints
    track: Ints
    basis: Ints
    weight: Ints
    coverage: Ints
    sums: Mapping[str, Column]
    rewards: Mapping[str, Floats]
    kept: Mapping[str, Column]
    facts: Facts


@dataclass(frozen=True, slots=True, eq=False)
class Stood:
    """Spans over which entries stood, sorted by timeline, forecaster and time; `entry` holds the rows themselves."""

    entry: Entries
    start: Ints
    end: Ints

    @property
    def starts_line(self) -> Bools:
        """Where another forecaster or timeline begins."""
        key = np.stack([self.entry.timeline, self.entry.forecaster])
        return np.append(True, np.any(key[:, 1:] != key[:, :-1], axis=0))[: self.start.size]


def on_tracks(rows: Entries, stands_from: Ints, known_at: Ints) -> Entries:
    """Each row on its own track and on `all`. `rows.track` is the provenance, `rows.issued_at` as recorded.

    Recorded when the outcome was known is `backfilled`, unless it was imported; on the live track a forecast takes
    effect at `stands_from`. `known_at` is by prediction.
    """
    late = (rows.track == LIVE) & (rows.recorded_at >= known_at[rows.prediction])
    track = np.where(late, BACKFILLED, rows.track)
    effective = np.where(track == LIVE, stands_from, rows.issued_at)
    columns = {each.name: getattr(rows, each.name) for each in fields(rows)}
    own = Entries(**columns | {"track": track, "issued_at": effective})
    both = Entries(**columns | {"track": np.full_like(track, ALL), "issued_at": effective})
    return Entries.joined(own, both)


def stood(entries: Entries, windows: Windows) -> Stood:
    """When each entry stood within its window."""
    forecasters, who = np.unique(entries.forecaster, return_inverse=True)
    spans = standing(
        entries.timeline * forecasters.size + who,
        entries.issued_at,
        entries.recorded_at,
        entries.id,
        entries.withdrawn,
        windows.opens_at[entries.prediction],
        windows.ends_at[entries.prediction],
    )
    return Stood(entries.taken(spans.row), spans.start, spans.end)


def settle(entries: Entries, windows: Windows, losses: Losses) -> tuple[Lines, ...]:
    """The lines of every counting. No line where nothing could count. Cost n log n in the rows."""
    spans = stood(entries, windows)
    if not spans.start.size:
        return ()
    coverage = _coverage(spans, windows)
    picked = (
        _picked(name, spans, index, moment, windows, losses, coverage)
        for name, index, moment in _picks(spans, windows)
        if index.size
    )
    return (*picked, _timed(spans, windows, losses, coverage))


def _coverage(spans: Stood, windows: Windows) -> Ints:
    """By span: the millionths of the scored window over which the span's forecaster stood at all."""
    whose = np.cumsum(spans.starts_line) - 1
    prediction = spans.entry.prediction
    weight = windows.share(spans.end, prediction) - windows.share(spans.start, prediction)
    total = np.add.reduceat(weight, np.flatnonzero(spans.starts_line))
    whole = windows.share(windows.ends_at[prediction], prediction)
    return np.where(whole > 0, total[whose] * MILLION // np.maximum(whole, 1), 0)


def _picks(spans: Stood, windows: Windows) -> Iterator[tuple[str, Ints, Ints]]:
    """(counting, spans that it picks, the moment at which each stood)."""
    first = np.flatnonzero(spans.starts_line)
    yield "first", first, spans.start[first]
    closes = windows.closes_at[spans.entry.prediction]
    for days in LEADS:
        moment = closes - days * DAY
        there = np.flatnonzero((spans.start <= moment) & (moment < spans.end))
        yield f"lead:{days}", there, moment[there]
    last = np.append(first[1:], spans.start.size) - 1
    last = last[windows.last_counts[spans.entry.prediction[last]]]
    yield "last", last, spans.end[last] - 1


def _picked(
    counting: str, spans: Stood, index: Ints, moment: Ints, windows: Windows, losses: Losses, coverage: Ints
) -> Lines:
    entry = spans.entry.taken(index)
    row = entry.forecast
    rewards = {"baseline": losses.gain[row]}
    if counting.startswith("lead:"):
        rewards["peer"] = spot_peer(entry.timeline, losses.log_p[row], entry.in_pool)
    band = np.searchsorted(np.array(BAND_EDGES), windows.closes_at[entry.prediction] - moment, side="left")
    line, one = np.arange(index.size), np.ones(index.size, dtype=np.int64)
    return Lines(
        counting,
        entry.prediction,
        entry.forecaster,
        entry.track,
        entry.basis,
        weight=one,
        coverage=coverage[index],
        sums={name: loss[row] for name, loss in losses.sums.items()},
        rewards=rewards,
        kept={name: column[row] for name, column in losses.kept.items()},
        facts=_facts(line, band, row, one, losses),
    )


def _timed(spans: Stood, windows: Windows, losses: Losses, coverage: Ints) -> Lines:
    """One line for each basis of a forecaster's timeline, since bases are never summed."""
    entry, row = spans.entry, spans.entry.forecast
    whose = np.cumsum(spans.starts_line)
    order = np.lexsort((entry.basis, whose))
    key = np.stack([whose, entry.basis])[:, order]
    basis = key[1]
    begins = np.flatnonzero(np.append(True, np.any(key[:, 1:] != key[:, :-1], axis=0)))
    line = np.empty(order.size, dtype=np.int64)
    line[order] = np.repeat(np.arange(begins.size), np.diff(np.append(begins, order.size)))
    weight = windows.share(spans.end, entry.prediction) - windows.share(spans.start, entry.prediction)
    length = windows.length[entry.prediction]

    def summed(column: Column) -> Column:
        return np.asarray(np.add.reduceat(column[order], begins))

    return Lines(
        "time",
        entry.prediction[order[begins]],
        entry.forecaster[order[begins]],
        entry.track[order[begins]],
        basis[begins],
        weight=np.add.reduceat(weight[order], begins),
        coverage=coverage[order[begins]],
        sums={name: summed(loss[row] * weight) for name, loss in losses.sums.items()},
        rewards={
            "baseline": summed(losses.gain[row] * ((spans.end - spans.start) / length)),
            "peer": summed(peer(entry.timeline, spans.start, spans.end, length, losses.log_p[row], entry.in_pool)),
        },
        kept={},
        facts=_time_facts(line, spans, windows, losses),
    )


def _time_facts(line: Ints, spans: Stood, windows: Windows, losses: Losses) -> Facts:
    """The spans cut at the edges of the lead bands."""
    prediction = spans.entry.prediction
    to_close = windows.closes_at[prediction]
    parts = []
    for band, (near, far) in enumerate(zip((0, *BAND_EDGES), (*BAND_EDGES, FOREVER), strict=True)):
        start, end = np.maximum(spans.start, to_close - far), np.minimum(spans.end, to_close - near)
        there = np.flatnonzero(start < end)
        weight = windows.share(end[there], prediction[there]) - windows.share(start[there], prediction[there])
        parts.append((line[there], np.full(there.size, band), spans.entry.forecast[there], weight))
    lines, bands, rows, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _facts(lines, bands, rows, weights, losses)


def _facts(line: Ints, band: Ints, row: Ints, weight: Ints, losses: Losses) -> Facts:
    """Calibration rows of the given forecasts, equal ticks of a line and band summed."""
    count = losses.facts_of[row]
    each = np.repeat(np.arange(row.size), count)
    begins = (np.cumsum(losses.facts_of) - losses.facts_of)[row]
    place = np.repeat(begins - (np.cumsum(count) - count), count) + np.arange(each.size)
    key = (line[each] * len(LEAD_BANDS) + band[each]) * (TICKS + 1) + losses.fact_tick[place]
    order = np.argsort(key, kind="stable")
    begin = np.flatnonzero(np.append(True, np.diff(key[order]) > 0)[: order.size])
    distinct = order[begin]
    weights = weight[each]
    return Facts(
        line=line[each][distinct],
        lead_band=band[each][distinct],
        tick=losses.fact_tick[place][distinct],
        n=np.diff(np.append(begin, order.size)),
        weight=np.add.reduceat(weights[order], begin),
        weight_yes=np.add.reduceat((weights * losses.fact_yes[place])[order], begin),
    )
