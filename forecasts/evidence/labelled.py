"""Labelled sets for matching, one JSON object a line. The schema, with an example: docs/evidence.md."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Literal

from forecasts.errors import Refused
from forecasts.evidence.subjects import Report, Subject

LABELS = ("resolves_yes", "resolves_no", "related", "unrelated")
FIRST_YEAR, LAST_YEAR = 1900, 2200
SPLITS = ("dev", "test", "all")

Split = Literal["dev", "test", "all"]
Label = Literal["resolves_yes", "resolves_no", "related", "unrelated"]


@dataclass(frozen=True)
class LabelledItem:
    """An item as it stands to the prediction of its line."""

    id: str
    report: Report
    label: Label

    @property
    def is_resolving(self) -> bool:
        return self.label in ("resolves_yes", "resolves_no")

    @property
    def is_relevant(self) -> bool:
        return self.label != "unrelated"


@dataclass(frozen=True)
class Case:
    """A prediction with its items; without any it only competes for the items of others."""

    subject: Subject
    items: tuple[LabelledItem, ...]


@dataclass(frozen=True)
class LabelledSet:
    """Cases, and items of the day that concern no prediction."""

    cases: tuple[Case, ...]
    background: tuple[Report, ...]

    def items_of(self, split: Split) -> list[tuple[Case, LabelledItem]]:
        """The items of one half of the predictions, or of all."""
        cases = (case for case in self.cases if split in ("all", split_of(case.subject.id)))
        return [(case, item) for case in cases for item in case.items]

    def background_of(self, split: Split) -> tuple[Report, ...]:
        """Every other background item, the first one in dev; or all."""
        return self.background if split == "all" else self.background[split == "test" :: 2]


def split_of(prediction_id: str) -> Literal["dev", "test"]:
    """The half a prediction belongs to, by its id alone: odd SHA-256 is test."""
    return "test" if sha256(prediction_id.encode()).digest()[-1] % 2 else "dev"


def read_labelled(lines: Iterable[str]) -> LabelledSet:
    """Read a set. Raises Refused naming line and field of what is wrong; a set needs a resolving item."""
    cases: list[Case] = []
    background: list[Report] = []
    ids: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row = _object(f"line {number}", _json(number, line))
        if "background" in row:
            rows = _list(f"line {number}: background", row["background"])
            background += [_report(f"line {number}: background[{place}]", one) for place, one in enumerate(rows)]
            continue
        case = _case(f"line {number}", row)
        if case.subject.id in ids:
            raise Refused(f"line {number}: prediction.id", case.subject.id, "give each prediction an id of its own")
        ids.add(case.subject.id)
        cases.append(case)
    if not any(item.is_resolving for case in cases for item in case.items):
        raise Refused("file", f"{len(cases)} predictions", "give at least one item that is resolves_yes or resolves_no")
    return LabelledSet(tuple(cases), tuple(background))


def _json(number: int, line: str) -> object:
    try:
        return json.loads(line)
    except ValueError as error:
        raise Refused(f"line {number}", line.strip(), f"give one JSON object a line ({error})") from None


def _case(where: str, row: dict[str, Any]) -> Case:
    prediction = _object(f"{where}: prediction", row.get("prediction"))
    field = f"{where}: prediction"
    subject = Subject(
        id=_text(f"{field}.id", prediction.get("id")),
        statement=_text(f"{field}.statement", prediction.get("statement")),
        criteria=_text(f"{field}.criteria", prediction.get("criteria", ""), may_be_empty=True),
        resolves_by=_day(f"{field}.resolves_by", prediction.get("resolves_by")),
    )
    items = _list(f"{where}: items", row.get("items"))
    return Case(subject, tuple(_item(f"{where}: items[{place}]", item) for place, item in enumerate(items)))


def _item(where: str, value: object) -> LabelledItem:
    row = _object(where, value)
    if row.get("label") not in LABELS:
        raise Refused(f"{where}.label", row.get("label"), f"give one of {', '.join(LABELS)}")
    return LabelledItem(_text(f"{where}.id", row.get("id")), _report(where, row), row["label"])


def _report(where: str, value: object) -> Report:
    row = _object(where, value)
    published = row.get("published_at")
    return Report(
        title=_text(f"{where}.title", row.get("title")),
        text=_text(f"{where}.text", row.get("text", ""), may_be_empty=True),
        published_on=None if published is None else _day(f"{where}.published_at", published),
    )


def _object(field: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refused(field, value, "give a JSON object")
    return value


def _list(field: str, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise Refused(field, value, "give a list, which may be empty")
    return value


def _text(field: str, value: object, *, may_be_empty: bool = False) -> str:
    if not isinstance(value, str) or not (value.strip() or may_be_empty):
        raise Refused(field, value, "give text")
    return value


def _day(field: str, value: object) -> date:
    try:
        day = datetime.fromisoformat(value).date() if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(field, value, "give a date or a time such as 2027-09-01 or 2027-09-01T23:59:59Z")
    return day
