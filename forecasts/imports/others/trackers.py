"""Trackers of what somebody said, in YAML or JSON: `predictions`, each with a quote, a date and a status.

The tracker's own `confidence` is about its record and no probability. Where the quote is one plain sentence, what it
implies is read from its words by the published table; any other is a prediction without a forecast, since nobody looks
at each. `partially` is a fraction and is refused, never rounded.
"""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import yaml

from forecasts.actions.imported import Import, ImportedForecast, ImportedPrediction
from forecasts.errors import Refused
from forecasts.imports.reading import Files, check_document, ending, json_of, only, text_of
from forecasts.language.wording import imply
from forecasts.models import NO, YES, Basis, ForecasterKind, Precision, VoidReason
from forecasts.scoring.rules import TICKS

from .book import Book
from .rows import END_OF_DAY, START_OF_DAY, Row

NAME = "trackers"
TITLE = "Prediction tracker"
ENDS = (".yaml", ".yml", ".json")
MOST_YAML = 2**20  # reading it takes up to 17 s a MiB, where it is nothing but brackets and commas
_BRACKETS = re.compile(r"\[[^\[\]]{0,200}\]")
_MORE_THAN_SAID = re.compile(r"\.\.|…|[.?!]\W{0,3}\s+\S|\b(?:if|unless|whether)\b", re.IGNORECASE)
NOTHING = ("null", "Null", "NULL", "~")
STATUSES = {
    "pending": ("", ""),
    "in_window": ("", ""),
    "achieved": (YES, ""),
    "missed": (NO, ""),
    "unverifiable": ("", VoidReason.UNRESOLVABLE.value),
}


class _Loader(yaml.BaseLoader):
    """Texts, lists and objects and nothing else; without aliases, which grow without end, and keys given twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError(f"line {self.line + 1}: an alias is not taken")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        found = super().construct_mapping(node, deep)
        if len(found) < len(node.value):
            raise yaml.YAMLError(f"line {node.start_mark.line + 1}: a key stands twice in one object")
        return found

    def construct_scalar(self, node: Any) -> Any:
        found = super().construct_scalar(node)
        return "" if node.style is None and found in NOTHING else found


def parse(files: Files) -> Import:
    """One tracker. Raises Refused when it is none; predictions that cannot be taken are in `refused`."""
    book = Book(NAME)
    name, data = only(files, "a tracker in YAML or JSON")
    document = json_of(name, data) if ending(name) == ".json" else _yaml_of(name, data)
    head = Row(0, document if isinstance(document, dict) else {})
    meta = head.cells.get("meta")
    about = Row(0, meta if isinstance(meta, dict) else {}, "meta.")
    title = about.optional("title") or name
    for row in book.objects(head.cells.get("predictions"), "predictions"):
        with book.row(row.number):
            book.add(_question(book, row, title))
            _forecast(book, row)
    credit = f"{title}; maintained by {about.optional('maintained_by') or 'its editors'}"
    return book.close(files, credit, f"{title}, {about.optional('last_updated') or name}")


def _yaml_of(name: str, data: bytes) -> Any:
    text = text_of(name, data)
    if len(data) > MOST_YAML:
        raise Refused("file", name, f"give YAML of at most {MOST_YAML // 2**20} MiB")
    try:
        document = yaml.load(text, _Loader)  # noqa: S506 -- it constructs texts, lists and objects only
    except RecursionError:
        raise Refused("file", name, "give YAML that is less deep") from None
    except yaml.YAMLError as error:
        raise Refused("file", name, f"give YAML; {' '.join(str(error).split())}") from None
    check_document(name, document)
    return document


def _question(book: Book, row: Row, tracker: str) -> ImportedPrediction:
    quote, speaker, said_on = row.text("quote"), row.text("speaker"), row.day("date_said")
    last_day, horizon = row.day("predicted_date"), row.optional("predicted_horizon_verbatim")
    outcome, void_reason = _result(row)
    deadline = dt.datetime.combine(last_day, END_OF_DAY)
    return ImportedPrediction(
        row=row.number,
        external_id=book.key(row.text("id")),
        statement=f"{speaker}: “{quote}” (by {last_day})",
        criteria=f"As {tracker} judges whether what was said came true by {last_day}"
        + (f", which it reads from “{horizon}”." if horizon else "."),
        fine_print=row.optional("notes"),
        resolution_source=tracker,
        opens_at=dt.datetime.combine(said_on, START_OF_DAY),
        closes_at=deadline,
        resolves_by=deadline,
        resolves_by_precision=Precision.DAY,
        outcome=outcome,
        void_reason=void_reason,
        known_at=_known_at(row, last_day) if outcome or void_reason else None,
        topics=_topics(row),
        forecasts=(),
    )


def _result(row: Row) -> tuple[str, str]:
    if row.optional("status") == "partially":
        raise row.refusal("status", "give achieved or missed; what came true in part is never rounded")
    found: tuple[str, str] = row.choice("status", STATUSES)
    return found


def _known_at(row: Row, last_day: dt.date) -> dt.datetime:
    """What was achieved has its day, inside the window; anything else without one is known when the window is over."""
    if row.optional("status") != "achieved" and not row.optional("resolved_date"):
        return dt.datetime.combine(last_day, END_OF_DAY)
    day = row.day("resolved_date")
    if row.optional("status") == "achieved" and day > last_day:
        raise row.refusal("resolved_date", f"give a day up to {last_day}; what came later did not come in time")
    return dt.datetime.combine(day, START_OF_DAY)


def _topics(row: Row) -> tuple[str, ...]:
    tags = row.rows("tags") if row.cells.get("tags") else []
    named = [row.optional("theme"), *(tag for tag in tags if isinstance(tag, str))]
    return tuple(dict.fromkeys(name.strip() for name in named if name.strip()))


def _forecast(book: Book, row: Row) -> None:
    """What the speaker's own words imply, issued when their day began; see `_plain`."""
    implied = imply(_plain(row.text("quote")))
    if implied is None:
        return
    speaker, key = row.text("speaker"), book.key(row.text("id"))
    said = ImportedForecast(
        row=row.number,
        forecaster=book.forecaster(speaker, speaker, ForecasterKind.PERSON),
        issued_at=dt.datetime.combine(row.day("date_said"), START_OF_DAY),
        value=Decimal(implied.tick) / TICKS,
        external_id=key,
        basis=Basis.IMPLIED,
        wording=implied.expression,
        rationale=row.optional("primary_url"),
    )
    book.said(key, said)


def _plain(quote: str) -> str:
    """A quote that can be read without its context: one whole sentence, without a condition; else nothing.

    What an editor put in brackets was not said.
    """
    said = _BRACKETS.sub("", quote).strip()
    return "" if _MORE_THAN_SAID.search(said) else said
