"""The last that everybody said of a prediction before the world knew, and which way it leant."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from forecasts.models import Forecast, PredictionKind, Resolution
from forecasts.scoring.rules import TICKS

HIT, MISS = "hit", "miss"
VOID = ~Q(void_reason="")


@dataclass(frozen=True)
class Said:
    """The last that somebody said before the world knew: a miss leant away from what happened, a hit towards it.

    Neither is "": even odds, a number or a date, a void.
    """

    name: str
    words: str
    leant: str


class Word(NamedTuple):
    """A last word before the world knew: which forecast, which way it leant, and what it gave to what happened."""

    prediction: int
    forecast: int
    leant: str
    given: int


def last_words(resolutions: QuerySet[Resolution], among: Q | None = None) -> Iterable[Word]:
    """Of all yes-or-no predictions and choices, however many: a few columns and no rows of models. `among` narrows the
    forecasts that are looked at.
    """
    rows = _in_time(resolutions.filter(~VOID), among).annotate(outcome=F("prediction__resolutions__outcome"))
    columns = rows.order_by("pk").values_list("prediction", "pk", "tick", "values", "prediction__kind", "outcome")
    for prediction, pk, tick, values, kind, outcome in columns:
        is_said = tick is not None or values is not None  # sorted out here: a withdrawal was the last word, too
        if is_said and not PredictionKind(kind).has_range:
            yield Word(prediction, pk, *_leant(tick, values, outcome))


def _in_time(resolutions: QuerySet[Resolution] | Sequence[Resolution], among: Q | None = None) -> QuerySet[Any]:
    """On each prediction the last forecast of each forecaster before the world knew; a withdrawal is one, too."""
    newest = (F("issued_at").desc(), F("recorded_at").desc(), F("pk").desc())
    who = Coalesce("forecaster__merged_into", "forecaster")
    turn = Window(RowNumber(), partition_by=[F("prediction"), who], order_by=newest)
    before = Forecast.objects.filter(
        among or Q(), prediction__resolutions__in=resolutions, issued_at__lt=F("prediction__resolutions__known_at")
    )
    return before.annotate(turn=turn).filter(turn=1)


def _leant(tick: int | None, values: Sequence[int] | None, outcome: str) -> tuple[str, int]:
    """Which way a probability or a share of options leant, and the tick that it gave to what happened."""
    if tick is not None:
        given = tick if outcome == "yes" else TICKS - tick
        return ("" if 2 * given == TICKS else HIT if 2 * given > TICKS else MISS), given
    shares = values or ()
    most = [option for option, share in enumerate(shares) if share == max(shares)]
    happened = int(outcome)
    return ("" if len(most) > 1 else HIT if most == [happened] else MISS), shares[happened]


def said_before(resolutions: Sequence[Resolution]) -> dict[int, list[Said]]:
    """For each prediction, the last word of each forecaster before the world knew, unless withdrawn."""
    by_key = {row.prediction_id: row for row in resolutions}
    found: dict[int, list[Said]] = defaultdict(list)
    for row in _in_time(resolutions).select_related("forecaster__merged_into").order_by("pk"):
        if not row.is_withdrawal:
            row.prediction = by_key[row.prediction_id].prediction
            found[row.prediction_id].append(Said(name_of(row), row.said, _leaning(by_key[row.prediction_id], row)))
    return found


def _leaning(resolution: Resolution, row: Forecast) -> str:
    if resolution.is_void or PredictionKind(resolution.prediction.kind).has_range:
        return ""
    return _leant(row.tick, row.values, resolution.outcome)[0]


def name_of(row: Forecast) -> str:
    return (row.forecaster.merged_into or row.forecaster).name
