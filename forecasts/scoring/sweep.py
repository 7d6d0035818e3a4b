"""Timelines by columns: all forecasters of many predictions at once, and what they earned against each other.

Every function takes arrays of shape (rows,). Times are integer microseconds. The rules of `timeline` hold unchanged.
"""

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from forecasts.scoring.rules import LOG_LOSS_NANO, NANO
from forecasts.scoring.values import Piece, Window

Key = TypeVar("Key", bound=Hashable)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LONGEST = np.iinfo(np.int64).max // 1000  # about 292 years, so that a thousandfold length fits int64


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Row `row` of the given columns stood over [start, end); spans of one pair never overlap."""

    row: Ints
    start: Ints
    end: Ints


def standing(
    pair: Ints, issued_at: Ints, recorded_at: Ints, identifier: Ints, withdrawn: Bools, opens_at: Ints, ends_at: Ints
) -> Spans:
    """When each forecast stood, sorted by pair and time.

    `pair` numbers the (prediction, forecaster) of a row; `opens_at` and `ends_at` are those of its prediction.
    """
    effect = np.where(withdrawn, np.maximum(issued_at, recorded_at), issued_at)
    row = np.lexsort((identifier, recorded_at, effect, pair))
    start, end = np.maximum(effect, opens_at)[row], ends_at[row]
    followed = np.append(pair[row][1:] == pair[row][:-1], False)
    end = np.where(followed, np.minimum(np.append(start[1:], 0), end), end)
    stood = (start < end) & ~withdrawn[row]
    return Spans(row[stood], start[stood], end[stood])


def shares(moment: Ints, opens_at: Ints, length: Ints) -> Ints:
    """`Window.share` by columns: millionths of the planned length passed at `moment`, rounded half up.

    In two long-division steps of a thousand, since a million times a length does not fit int64. ValueError if a length
    is not positive or exceeds 292 years.
    """
    if np.any((length <= 0) | (length > LONGEST)):
        raise ValueError("length must be positive and at most 292 years")
    thousandths, rest = np.divmod((moment - opens_at) * 1000, length)
    millionths, rest = np.divmod(rest * 1000, length)
    return np.asarray(thousandths * 1000 + millionths + (rest >= length - rest), dtype=np.int64)


def peer(
    prediction: Ints, start: Ints, end: Ints, length: Ints, log_p: Floats, in_pool: Bools, scale: float = 100
) -> Floats:
    """What each standing forecast earned against the pool, integrated over its span and divided by the length.

    At every moment with n pool members standing, a member earns scale / (n - 1) x the sum over the others j of
    log_p - log_p_j, nothing when alone; an outsider earns scale x (log_p - the pool's mean), nothing without a pool.
    log_p is the log probability (or density) of what happened; `scale` is 50 for numeric and date predictions. Within a
    pool the earnings sum to zero at every moment. Larger is better; cost n log n.
    """
    times, here = np.concatenate([start, end]), np.concatenate([prediction, prediction])
    order = np.lexsort((times, here))
    member, step = np.where(in_pool, 1, 0), np.where(in_pool, log_p, 0.0)
    n = np.cumsum(np.concatenate([member, -member])[order])[:-1]
    logs = np.cumsum(np.concatenate([step, -step])[order])[:-1]
    # Between two predictions nobody stands, so that whatever lies there earns nothing.
    time = np.diff(times[order]) / np.concatenate([length, length])[order][:-1]
    place = np.empty_like(order)
    place[order] = np.arange(order.size)

    def over_span(rate: Floats) -> Floats:
        passed = np.concatenate([[0.0], np.cumsum(rate * time)])
        return np.asarray(passed[place[start.size :]] - passed[place[: start.size]])

    def earned(others: Ints, own: Ints) -> Floats:
        """Of forecasts facing `others` members; `own` is how often log_p itself counts in the pool's sum."""
        facing = np.where(others > 0, others, 1)
        return log_p * over_span(np.where(others > 0, (others + own) / facing, 0.0)) - over_span(
            np.where(others > 0, logs / facing, 0.0)
        )

    return scale * np.where(in_pool, earned(n - 1, np.ones_like(n)), earned(n, np.zeros_like(n)))


def spot_peer(prediction: Ints, log_p: Floats, in_pool: Bools, scale: float = 100) -> Floats:
    """`peer` at one moment, for the forecasts that stand at it."""
    zeros, ones = np.zeros_like(prediction), np.ones_like(prediction)
    return peer(prediction, zeros, ones, ones, log_p, in_pool, scale)


def baseline_over_time(start: Ints, end: Ints, length: Ints, log_p: Floats, options: Ints) -> Floats:
    """What each standing forecast earned against an even guess, over its span and divided by the length.

    100 (1 + log_p / ln options), larger is better; time without a forecast earns nothing.
    """
    return np.asarray(100 * (1 + log_p / np.log(options)) * ((end - start) / length))


def peer_scores(
    timelines: Mapping[Key, Sequence[Piece]], outsiders: Set[Key], window: Window, y: int
) -> dict[Key, float]:
    """`peer` on one binary prediction, summed by forecaster, from the pieces of each.

    `outsiders` are the forecasters who are not in the pool.
    """
    rows = [(key, piece) for key, pieces in timelines.items() for piece in pieces]
    columns = np.array([(piece.start, piece.end, piece.tick) for _, piece in rows], dtype=np.int64).reshape(-1, 3)
    start, end, tick = columns.T
    log_p = -LOG_LOSS_NANO[y, tick] / NANO
    in_pool = np.array([key not in outsiders for key, _ in rows], dtype=bool)
    length = np.full_like(start, window.length)
    totals = dict.fromkeys(timelines, 0.0)
    for (key, _), reward in zip(
        rows, peer(np.zeros_like(start), start, end, length, log_p, in_pool).tolist(), strict=True
    ):
        totals[key] += reward
    return totals
