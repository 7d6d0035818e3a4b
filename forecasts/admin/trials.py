"""A test fetch as the page of its source shows it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString

from forecasts.evidence.sources import Item
from forecasts.jobs.trial import Answer, Trial
from forecasts.models import Finding

from .evidence import quote_in_context, warnings_of

SHOWN_ITEMS = 10
SHOWN_VALUES = 12
SHOWN_TEXT = 5_000
DATED_BY = {
    "feed": "as the source says",
    "json-ld": "from the page's JSON-LD",
    "meta": "from the page's meta elements",
    "htmldate": "guessed from the page's text",
}


@dataclass(frozen=True)
class ShownItem:
    title: str
    date: str
    url: str
    text: str


@dataclass(frozen=True)
class ShownValue:
    """A value of a series, with the first and the last day of its period."""

    label: str
    start: str
    end: str
    text: str


@dataclass(frozen=True)
class ShownMatch:
    finding: Finding
    is_known: bool
    quote: SafeString
    warnings: SafeString


@dataclass(frozen=True)
class TrialPage:
    """`to_change` pairs the name of each field with its label. Counts are of all, the tuples hold what is shown."""

    kind: str
    error: str
    to_change: tuple[tuple[str, str], ...]
    seconds: float
    answer: Answer | None
    was_read: bool
    text: str
    length: int
    values: tuple[ShownValue, ...]
    value_count: int
    items: tuple[ShownItem, ...]
    item_count: int
    looked_at: int
    matches: tuple[ShownMatch, ...]
    more_matches: int


def trial_page(trial: Trial) -> TrialPage:
    reading = trial.reading
    items, values = (reading.items, reading.observations) if reading else ((), ())
    text = reading.text if reading else ""
    return TrialPage(
        kind=trial.kind,
        error=trial.error,
        to_change=tuple((name, name.capitalize()) for name in trial.change),
        seconds=trial.seconds,
        answer=trial.answer,
        was_read=reading is not None,
        text=text[:SHOWN_TEXT],
        length=len(text),
        values=tuple(
            ShownValue(one.label, one.start.isoformat(), one.end.isoformat(), f"{one.value:f}")
            for one in values[-SHOWN_VALUES:]
        ),
        value_count=len(values),
        items=tuple(_item(item) for item in items[:SHOWN_ITEMS]),
        item_count=len(items),
        looked_at=trial.looked_at,
        matches=tuple(_matches(trial)),
        more_matches=trial.matched - len(trial.matches),
    )


def _item(item: Item) -> ShownItem:
    date = f"{item.published_at:%Y-%m-%d %H:%M} UTC, {DATED_BY[item.dated_by]}" if item.published_at else "undated"
    return ShownItem(item.title, date, item.url, item.text)


def _matches(trial: Trial) -> Iterator[ShownMatch]:
    for match in trial.matches:
        row = match.finding
        yield ShownMatch(row, match.is_known, quote_in_context(row), warnings_of(row))
