"""The fields of a GET form, as a template shows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from forecasts.models import Basis, PredictionKind, Track
from forecasts.queries.forecaster_list import forecaster_list
from forecasts.queries.scope import BASES, COHORTS
from forecasts.scoring.settlement import COUNTINGS
from forecasts.scoring.timeline import LEAD_BANDS

OFFERED = 100
COHORT_WORDS = {"due": gettext_lazy("past their deadline"), "all": gettext_lazy("all that are resolved")}
BASIS_WORDS = {"explicit": gettext_lazy("given as numbers"), **{basis.value: basis.label for basis in Basis}}
TRACK_WORDS = {
    Track.LIVE: gettext_lazy("live"),
    Track.BACKFILLED: gettext_lazy("recorded afterwards"),
    Track.IMPORTED: gettext_lazy("imported"),
    Track.ALL: gettext_lazy("all together"),
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
    offered = [(track, str(TRACK_WORDS[Track(track)])) for track in tracks]
    return (
        choice(given, "counting", _("Which forecast counts"), countings, usual),
        choice(given, "track", _("Track"), offered, Track.LIVE),
        choice(given, "cohort", _("Which predictions"), [(each, str(COHORT_WORDS[each])) for each in COHORTS], "due"),
        choice(given, "basis", _("Probabilities"), [(each, str(BASIS_WORDS[each])) for each in BASES], "explicit"),
    )


def kind_field(given: Mapping[str, str]) -> Field:
    kinds = [(kind.value, str(kind.label)) for kind in PredictionKind]
    return choice(given, "kind", _("What was asked"), kinds, PredictionKind.BINARY)


def lead_field(given: Mapping[str, str]) -> Field:
    bands = [(band, lead_words(band)) for band in LEAD_BANDS]
    return choice(given, "lead", _("Made before the close"), [("", _("at any time")), *bands], "")


def lead_words(band: str) -> str:
    """A lead band in words.

    >>> lead_words("7_30d"), lead_words("under_1d"), lead_words("over_365d")
    ('7 to 30 days', 'under 1 day', 'over 365 days')
    """
    side, days = band.removesuffix("d").split("_")
    if side.isdigit():
        return _("%(low)s to %(high)s days") % {"low": side, "high": days}
    if side == "under":
        return ngettext("under %(n)s day", "under %(n)s days", int(days)) % {"n": days}
    return ngettext("over %(n)s day", "over %(n)s days", int(days)) % {"n": days}


def counting_choices(countings: Iterable[str] = COUNTINGS) -> list[Choice]:
    return [(counting, counting_words(counting)) for counting in countings]


def counting_words(counting: str) -> str:
    """A way of counting in words.

    >>> counting_words("lead:1"), counting_words("lead:30"), counting_words("first")
    ('1 day before the close', '30 days before the close', 'the first')
    """
    if counting.startswith("lead:"):
        days = counting.removeprefix("lead:")
        return ngettext("%(n)s day before the close", "%(n)s days before the close", int(days)) % {"n": days}
    return {"first": _("the first"), "time": _("all, by how long they stood"), "last": _("the last")}[counting]
