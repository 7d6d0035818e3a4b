"""Reading what a forecast says: a probability, one for each option, or points of a CDF over numbers or dates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from forecasts.errors import Refused
from forecasts.language.figures import percent
from forecasts.models import Prediction, PredictionKind, number_text, place_text, range_texts
from forecasts.scoring.rules import options_to_ticks, to_ticks

from .values import place_of, probability_of, tick_of

FIELD = "value"
MOST_POINTS = 200
SAMPLES = {
    PredictionKind.MULTIPLE_CHOICE: "Anthropic: 40 %",
    PredictionKind.NUMERIC: "120: 0.5",
    PredictionKind.DATE: "2027-06-30: 25 %",
}


@dataclass(frozen=True)
class Entry:
    """One line: an option or a place on the axis, the probability of it or of at most it, and how to call the line."""

    name: object
    probability: object
    where: str


def read_value(prediction: Prediction, value: object) -> tuple[int | None, list[Any] | None]:
    """`value` as it is stored: a tick for yes or no, `values` for every other kind (see `Forecast`).

    Text holds a line for each entry, `NAME OR VALUE: PROBABILITY`. Options may also come in their order or as a
    mapping, points as pairs or as a mapping. Raises Refused naming the line.
    """
    kind = PredictionKind(prediction.kind)
    if kind == PredictionKind.BINARY:
        return tick_of(value), None
    read = _options if kind == PredictionKind.MULTIPLE_CHOICE else _points
    return None, read(prediction, _entries(prediction, value))


def _entries(prediction: Prediction, value: object) -> list[Entry]:
    if isinstance(value, str):
        return [_line(prediction, number, line) for number, line in _lines(value)]
    if isinstance(value, Mapping):
        return _numbered(value.items())
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        if prediction.kind == PredictionKind.MULTIPLE_CHOICE and len(value) == len(prediction.options):
            return _numbered(zip(prediction.options, value, strict=True))
        if prediction.kind != PredictionKind.MULTIPLE_CHOICE and all(_is_pair(item) for item in value):
            return _numbered(value)
    raise Refused(FIELD, value, _accepted(prediction))


def _lines(text: str) -> Iterable[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip())


def _line(prediction: Prediction, number: int, line: str) -> Entry:
    name, colon, probability = line.rpartition(":")
    if not colon:
        raise Refused(FIELD, line, f"line {number}: {_accepted(prediction)}")
    return Entry(name.strip(), probability.strip(), f"line {number}: ")


def _is_pair(item: object) -> bool:
    return isinstance(item, (list, tuple)) and len(item) == 2


def _numbered(pairs: Iterable[tuple[object, object]]) -> list[Entry]:
    return [Entry(name, share, f"entry {number}: ") for number, (name, share) in enumerate(pairs, 1)]


def _accepted(prediction: Prediction) -> str:
    kind = PredictionKind(prediction.kind)
    what = "every option once" if kind == PredictionKind.MULTIPLE_CHOICE else f"1 to {MOST_POINTS} points"
    return f"give {what}, one a line, with a probability after a colon, such as {SAMPLES[kind]}"


def _options(prediction: Prediction, entries: Sequence[Entry]) -> list[int]:
    """Ticks in the prediction's order that sum to 10,000."""
    names = [option.strip() for option in prediction.options]
    given: dict[str, Decimal] = {}
    for entry in entries:
        name = str(entry.name).strip()
        if name not in names or name in given:
            raise Refused(FIELD, name, f"{entry.where}name each option once: {', '.join(names)}")
        given[name] = probability_of(entry.probability, FIELD, entry.where)
    if missing := [name for name in names if name not in given]:
        raise Refused(FIELD, list(given), f"name every option; missing: {', '.join(missing)}")
    try:
        ticks: list[int] = options_to_ticks([float(given[name]) for name in names]).tolist()
    except ValueError:  # each is a probability, so it is the sum
        total = number_text(round(sum(given.values(), Decimal(0)), 6))
        raise Refused(FIELD, total, "the probabilities of all options must sum to 1, or 100 %") from None
    return ticks


def _points(prediction: Prediction, entries: Sequence[Entry]) -> list[list[Any]]:
    """Points [x, tick] of a CDF, x in its one spelling, inside the range; neither ever falls."""
    if not 1 <= len(entries) <= MOST_POINTS:
        raise Refused(FIELD, f"{len(entries)} points", _accepted(prediction))
    points: list[list[Any]] = []
    last_place, last_tick = Decimal("-Infinity"), 0
    for entry in entries:
        x, place = _place(prediction, entry)
        tick = to_ticks(float(probability_of(entry.probability, FIELD, entry.where)))
        if place < last_place:
            raise Refused(FIELD, x, f"{entry.where}values rise from line to line; {points[-1][0]} stands before it")
        if tick < last_tick:
            said = f"that it is at most {points[-1][0]} has {percent(last_tick)} already"
            raise Refused(
                FIELD, entry.probability, f"{entry.where}the probability of at most a value never falls; {said}"
            )
        points.append([x, tick])
        last_place, last_tick = place, tick
    return points


def _place(prediction: Prediction, entry: Entry) -> tuple[str, Decimal]:
    """A value in its one spelling and its place on the axis, inside the range."""
    place = place_of(prediction.kind, entry.name, FIELD, entry.where)
    x = place_text(prediction.kind, place)
    low, high = prediction.ends
    if not low <= place <= high:
        ends = " to ".join(range_texts(prediction))
        raise Refused(FIELD, x, f"{entry.where}give a value inside the range, {ends}")
    return x, place
