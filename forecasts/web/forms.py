"""The fields of a GET form, as a template shows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from forecasts.models import Basis, PredictionKind, Track
from forecasts.queries.forecaster_list import forecaster_list
from forecasts.queries.scope import BASES, COHORTS
from forecasts.scoring.settlement import COUNTINGS
from forecasts.scoring.timeline import LEAD_BANDS

OFFERED = 100
COHORT_WORDS = {"due": "past their deadline", "all": "all that are resolved"}
BASIS_WORDS = {"explicit": "given as numbers", **{basis.value: basis.label for basis in Basis}}
TRACK_WORDS = {
    Track.LIVE: "live",
    Track.BACKFILLED: "recorded afterwards",
    Track.IMPORTED: "imported",
    Track.ALL: "all together",
}

Choice = tuple[str, str]


@dataclass(frozen=True)
class Field:
    """`kind` is select, text (with `choices` as suggestions) or month. A choice is its value and its words."""

    name: str
    label: str
    value: str
    kind: str = "select"
    choices: Sequence[Choice] = ()


def choice(given: Mapping[str, str], name: str, label: str, choices: Iterable[Choice], default: str) -> Field:
    return Field(name, label, given.get(name, default), "select", tuple(choices))


def suggested(given: Mapping[str, str], name: str, label: str, choices: Iterable[Choice]) -> Field:
    return Field(name, label, given.get(name, ""), "text", tuple(choices))


def month(given: Mapping[str, str], name: str, label: str) -> Field:
    return Field(name, label, given.get(name, ""), "month")


def forecaster_choices() -> list[Choice]:
    """The hundred with the most settled predictions; any other can be typed."""
    return [(row.slug, row.name) for row in forecaster_list()[:OFFERED]]


def how_fields(
    given: Mapping[str, str], countings: Iterable[Choice], usual: str, tracks: Sequence[str] = Track.values
) -> tuple[Field, ...]:
    """Which forecasts are counted, the same wherever one may choose."""
    return (
        choice(given, "counting", "Which forecast counts", countings, usual),
        choice(given, "track", "Track", [(track, TRACK_WORDS[Track(track)]) for track in tracks], Track.LIVE),
        choice(given, "cohort", "Which predictions", [(each, COHORT_WORDS[each]) for each in COHORTS], "due"),
        choice(given, "basis", "Probabilities", [(each, BASIS_WORDS[each]) for each in BASES], "explicit"),
    )


def kind_field(given: Mapping[str, str]) -> Field:
    kinds = [(kind.value, kind.label) for kind in PredictionKind]
    return choice(given, "kind", "What was asked", kinds, PredictionKind.BINARY)


def lead_field(given: Mapping[str, str]) -> Field:
    bands = [(band, lead_words(band)) for band in LEAD_BANDS]
    return choice(given, "lead", "Made before the close", [("", "at any time"), *bands], "")


def lead_words(band: str) -> str:
    """A lead band in words.

    >>> lead_words("7_30d"), lead_words("under_1d"), lead_words("over_365d")
    ('7 to 30 days', 'under 1 day', 'over 365 days')
    """
    side, _, days = band.removesuffix("d").partition("_")
    if side.isdigit():
        return f"{side} to {days} days"
    return f"{side} {days} day{'' if days == '1' else 's'}"


def counting_choices(countings: Iterable[str] = COUNTINGS) -> list[Choice]:
    return [(counting, counting_words(counting)) for counting in countings]


def counting_words(counting: str) -> str:
    """A way of counting in words.

    >>> counting_words("lead:1"), counting_words("lead:30"), counting_words("first")
    ('1 day before the close', '30 days before the close', 'the first')
    """
    if counting.startswith("lead:"):
        days = counting.removeprefix("lead:")
        return f"{days} day{'' if days == '1' else 's'} before the close"
    return {"first": "the first", "time": "all, by how long they stood", "last": "the last"}[counting]
