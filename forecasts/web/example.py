"""The worked example of the method page, computed by the same functions as every score."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from forecasts.localised import percent, spell
from forecasts.scoring.rules import TICKS, brier, to_ticks
from forecasts.scoring.uncertainty import wilson

from .openings import THEY_SAID
from .words import frequency_sentence, interval_percent, score_words

FORECASTS = (
    (gettext_lazy("Rain on Monday"), 0.7, 1),
    (gettext_lazy("Snow in May"), 0.1, 0),
    (gettext_lazy("The train is on time"), 0.9, 0),
)
SAID, HAPPENED, OF = 0.7, 18, 28


@dataclass(frozen=True)
class ExampleLine:
    statement: str
    said: str
    happened: bool
    sum: str
    brier: str


@dataclass(frozen=True)
class Example:
    """Three forecasts with their scores and the mean; and one group with the interval of its rate."""

    lines: tuple[ExampleLine, ...]
    mean: str
    even: str
    sentence: str
    interval: str


def worked_example() -> Example:
    scores = [float(brier(p, y)) for _, p, y in FORECASTS]
    interval = wilson(HAPPENED, OF)
    return Example(
        lines=tuple(
            ExampleLine(
                str(statement), percent(to_ticks(p)), bool(y), f"({spell(str(p))} − {y})²", spell(f"{score:.2f}")
            )
            for (statement, p, y), score in zip(FORECASTS, scores, strict=True)
        ),
        mean=score_words(sum(scores) / len(scores)),
        even=score_words(float(brier(0.5, 1))),
        sentence=frequency_sentence(THEY_SAID, (round(SAID * TICKS), HAPPENED, OF)),
        interval=interval_percent(interval.low, interval.high),
    )
