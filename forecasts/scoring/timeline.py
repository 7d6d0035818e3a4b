"""Which forecast stood when, and which one counts. Integer microseconds; every span is half-open.

The rows given are those of one forecaster, one prediction and one track. A forecast from before the opening stands from
the opening; it stands until the forecaster's next one or a withdrawal. Of rows that take effect at the same moment only
the last by (recorded_at, id) exists.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise

from forecasts.scoring.values import Issued, Pick, Piece, Window

__all__ = [
    "LEADS",
    "LEAD_BANDS",
    "Issued",
    "Pick",
    "Piece",
    "Window",
    "lead_band",
    "pick_first",
    "pick_last",
    "pick_lead",
    "pieces",
    "spans",
    "standing_weight",
]

DAY = 86_400_000_000
LEADS = (1, 7, 30, 90, 180, 365)
LEAD_BANDS = ("under_1d", "1_7d", "7_30d", "30_90d", "90_365d", "over_365d")
BAND_EDGES = tuple(days * DAY for days in (1, 7, 30, 90, 365))

Span = tuple[int, int, Issued, int]


def lead_band(closes_at: int, moment: int) -> str:
    """The band of the time from `moment` to the close; exactly 7 days before it begins the last 7 days, "1_7d".

    ValueError if `moment` is not before the close.
    """
    if moment >= closes_at:
        raise ValueError("moment must be before closes_at")
    return LEAD_BANDS[bisect_left(BAND_EDGES, closes_at - moment)]


def _takes_effect(row: Issued) -> int:
    return row.issued_at if row.tick is not None else max(row.issued_at, row.recorded_at)


def spans(issued: Iterable[Issued], window: Window) -> Iterator[Span]:
    """(start, end, row, tick) for every stretch of [opens_at, end) at which a forecast stands, in order of time."""
    ordered = sorted(issued, key=lambda row: (_takes_effect(row), row.recorded_at, row.id))
    changes = [(max(_takes_effect(row), window.opens_at), row) for row in ordered]
    ends = [*(moment for moment, _ in changes), window.end][1:]
    for (start, row), end in zip(changes, ends, strict=True):
        stop = min(end, window.end)
        if row.tick is not None and start < stop:
            yield start, stop, row, row.tick


def pieces(issued: Iterable[Issued], window: Window) -> tuple[Piece, ...]:
    """The standing forecasts cut at every change, withdrawal and lead-band edge, each with its weight (maybe 0)."""
    return tuple(
        Piece(a, b, window.share(b) - window.share(a), tick, row.basis, lead_band(window.closes_at, a), row.id)
        for start, end, row, tick in spans(issued, window)
        for a, b in pairwise(_cuts(start, end, window))
    )


def _cuts(start: int, end: int, window: Window) -> list[int]:
    edges = (window.closes_at - edge for edge in reversed(BAND_EDGES))
    return [start, *(edge for edge in edges if start < edge < end), end]


def standing_weight(pieces: Iterable[Piece]) -> int:
    """Millionths of the window over which a forecast stood."""
    return sum(piece.weight for piece in pieces)


def pick_first(issued: Iterable[Issued], window: Window) -> Pick | None:
    """The forecast standing at the earliest moment of the window at which one stands."""
    span = next(spans(issued, window), None)
    return None if span is None else _pick(span, span[0], window)


def pick_lead(issued: Iterable[Issued], window: Window, days: int) -> Pick | None:
    """The forecast standing `days` days before the close; None if the window was not open, the outcome was known or
    nobody stood then. One issued at that very moment counts. ValueError if `days` is not positive.
    """
    if days <= 0:
        raise ValueError("days must be positive")
    moment = window.closes_at - days * DAY
    span = next((span for span in spans(issued, window) if span[0] <= moment < span[1]), None)
    return None if span is None else _pick(span, moment, window)


def pick_last(issued: Iterable[Issued], window: Window, cannot_resolve_early: bool) -> Pick | None:
    """The forecast standing at the latest moment of the window at which one stands.

    ValueError unless the prediction was marked on opening as one that cannot resolve early, and did not: elsewhere the
    last forecast is the one that meets an early yes, so it pays to say more than one believes.
    """
    if not cannot_resolve_early:
        raise ValueError("cannot_resolve_early must be true: the last forecast is improper where yes can come early")
    if window.known_at < window.closes_at:
        raise ValueError("window must have known_at at or after closes_at: it did resolve early")
    stood = tuple(spans(issued, window))
    return _pick(stood[-1], stood[-1][1] - 1, window) if stood else None


def _pick(span: Span, moment: int, window: Window) -> Pick:
    _, _, row, tick = span
    return Pick(moment, tick, row.basis, lead_band(window.closes_at, moment), row.id)
