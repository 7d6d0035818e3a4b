"""Probability over time: one step line per forecaster, labelled at its end, with marks for what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from forecasts.charts.dates import date_ticks
from forecasts.charts.labels import LETTER, LINE, MARGIN, lanes, shortened, spread
from forecasts.charts.scale import Linear, percent_ticks
from forecasts.charts.shapes import Anchor, Dot, Label, Line
from forecasts.language.figures import ENGLISH, Spelling, number, percent
from forecasts.scoring.values import TICKS

MarkKind = Literal["resolution", "deadline", "criteria", "evidence"]
Steps = Sequence[tuple[int, int | None]]
Piece = tuple[int, int, int]

MOST_SERIES = 6
MOST_LETTERS = 15
LEFT, TOP, FOOT = 56, 14, 50
PLOT_HEIGHT = 230
LABEL_STEP = 2_500
TICK_HEIGHT = 9
LEADER = 14


@dataclass(frozen=True)
class Series:
    """`number` from 1 picks colour and dash; `label` is the last value, the name below it."""

    number: int
    path: str
    end: Dot
    leader: Line
    label: Label


@dataclass(frozen=True)
class Mark:
    """Something that happened: a line through the plot with a label above it. `kind` picks the dash."""

    kind: MarkKind
    line: Line
    label: Label


@dataclass(frozen=True)
class TimelineChart:
    view_box: str
    grid: tuple[Line, ...]
    x_ticks: tuple[Line, ...]
    x_labels: tuple[Label, ...]
    y_labels: tuple[Label, ...]
    series: tuple[Series, ...]
    evidence: tuple[Line, ...]
    marks: tuple[Mark, ...]


def steps(
    series: Sequence[tuple[str, Steps]],
    opens_at: int,
    closes_at: int,
    marks: Sequence[tuple[int, MarkKind, str]] = (),
    *,
    until: int | None = None,
    spelling: Spelling = ENGLISH,
    width: int = 440,
) -> TimelineChart:
    """Geometry of probability over time, `width` units wide.

    `series` are (name, forecasts), a forecast being (microseconds, ten-thousandths or None where it was withdrawn), in
    order of time. A forecast stands until the next one and from `opens_at` if it is older; lines end at `until` (now,
    or when it became known), by default at `closes_at`. `marks` are (microseconds, kind, text); without text, as for
    many pieces of evidence, a mark is a short tick on the axis. Times are microseconds since 1970, UTC.
    Raises ValueError naming the argument: more than six series, forecasts out of order or range, an unknown kind.
    """
    _check(series, marks)
    longest = max((len(_short(name)) for name, _ in series), default=0)
    x = Linear(
        opens_at, max(closes_at, *(at for at, _, _ in marks), opens_at), LEFT, width - LEADER - 6 - LETTER * longest
    )
    told = [mark for mark in marks if mark[2]]
    placed = lanes([(max(x.place(at), x.start), text) for at, _, text in told], width)
    top = TOP + LINE * (1 + max((lane for lane, _ in placed), default=-1))
    y = Linear(0, TICKS, top + PLOT_HEIGHT, top)
    dates = date_ticks(int(x.low), int(x.high), spelling=spelling)
    return TimelineChart(
        view_box=f"0 0 {width} {number(y.start + FOOT)}",
        grid=tuple(
            Line(number(x.start), y.at(tick), number(x.end), y.at(tick)) for tick, _ in percent_ticks(LABEL_STEP)
        ),
        x_ticks=tuple(Line(x.at(at), number(y.start), x.at(at), number(y.start + 5)) for at, _, _ in dates),
        x_labels=tuple(Label(x.at(at), number(y.start + 22), text, "middle", under) for at, text, under in dates),
        y_labels=tuple(
            Label(number(x.start - 8), y.at(t), text, "end") for t, text in percent_ticks(LABEL_STEP, spelling)
        ),
        series=_lines(series, opens_at, closes_at if until is None else min(until, closes_at), x, y, spelling),
        evidence=tuple(_tick(at, x, y) for at, _, text in marks if not text),
        marks=tuple(_mark(mark, lane, x, y) for mark, lane in zip(told, placed, strict=True)),
    )


def _check(series: Sequence[tuple[str, Steps]], marks: Sequence[tuple[int, MarkKind, str]]) -> None:
    if len(series) > MOST_SERIES:
        raise ValueError(f"series must be at most {MOST_SERIES}: more lines cannot be told apart")
    for name, forecasts in series:
        times = [at for at, _ in forecasts]
        if times != sorted(times):
            raise ValueError(f"series must be in order of time; {name!r} is not")
        if not all(tick is None or 0 <= tick <= TICKS for _, tick in forecasts):
            raise ValueError(f"series must hold ticks within 0..10000 or None; {name!r} does not")
    if unknown := {kind for _, kind, _ in marks} - set(get_args(MarkKind)):
        raise ValueError(f"marks must be one of {get_args(MarkKind)}, not {sorted(unknown)}")


def _lines(
    series: Sequence[tuple[str, Steps]], opens_at: int, ends: int, x: Linear, y: Linear, spelling: Spelling
) -> tuple[Series, ...]:
    """The forecasters who stand at some time, each with a label moved clear of the others'."""
    standing = [(n, name, _pieces(forecasts, opens_at, ends)) for n, (name, forecasts) in enumerate(series, start=1)]
    drawn = [(n, name, pieces) for n, name, pieces in standing if pieces]
    heights = spread([y.place(pieces[-1][2]) for _, _, pieces in drawn], 2 * LINE, y.end + MARGIN, y.start - LINE)
    return tuple(
        _one(n, name, pieces, height, x, y, spelling) for (n, name, pieces), height in zip(drawn, heights, strict=True)
    )


def _one(n: int, name: str, pieces: Sequence[Piece], height: float, x: Linear, y: Linear, spelling: Spelling) -> Series:
    """The label stands beside the end of the line, or in the margin when it would reach over the edge of the plot."""
    _, ends, tick = pieces[-1]
    across, level = x.place(ends), number(height)
    aside = LEADER + (across if across + LEADER + LETTER * len(_short(name)) <= x.end else x.end)
    return Series(
        number=n,
        path=_path(pieces, x, y),
        end=Dot(number(across), y.at(tick), "4"),
        leader=Line(number(across), y.at(tick), number(aside), level),
        label=Label(number(aside + 4), level, percent(tick, spelling), "start", _short(name)),
    )


def _short(name: str) -> str:
    return shortened(name, MOST_LETTERS)


def _pieces(forecasts: Steps, opens_at: int, ends: int) -> list[Piece]:
    """(from, to, tick) while a forecast stands within [opens_at, ends); none while it is withdrawn."""
    following = [at for at, _ in forecasts[1:]] + [ends]
    clipped = [(max(at, opens_at), min(to, ends), tick) for (at, tick), to in zip(forecasts, following, strict=True)]
    return [(at, to, tick) for at, to, tick in clipped if tick is not None and at < to]


def _path(pieces: Sequence[Piece], x: Linear, y: Linear) -> str:
    """Steps, lifted over the times when nothing stood."""
    path, reached = "", None
    for at, to, tick in pieces:
        path += f"V{y.at(tick)}H{x.at(to)}" if at == reached else f"M{x.at(at)} {y.at(tick)}H{x.at(to)}"
        reached = to
    return path


def _mark(mark: tuple[int, MarkKind, str], lane: tuple[int, Anchor], x: Linear, y: Linear) -> Mark:
    at, kind, text = mark
    across = max(x.place(at), x.start)
    height = y.end - 2 * MARGIN - LINE * lane[0]
    aside = across + (MARGIN if lane[1] == "start" else -MARGIN)
    return Mark(
        kind=kind,
        line=Line(number(across), number(height - MARGIN), number(across), number(y.start)),
        label=Label(number(aside), number(height), text, lane[1]),
    )


def _tick(at: int, x: Linear, y: Linear) -> Line:
    across = number(max(x.place(at), x.start))
    return Line(across, number(y.start - TICK_HEIGHT), across, number(y.start))
