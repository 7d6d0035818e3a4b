"""One row of a file, read cell by cell; each cell that cannot be read refuses its row."""

import ast
import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from forecasts.errors import Refused

SECOND, MILLISECOND = dt.timedelta(seconds=1), dt.timedelta(milliseconds=1)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
YEARS = range(1900, 3000)
START_OF_DAY, END_OF_DAY = dt.time(tzinfo=dt.UTC), dt.time(23, 59, 59, tzinfo=dt.UTC)
A_TIME = "give a date such as 2027-06-30, or a time with its zone such as 2027-06-30T12:00:00Z"
A_PROBABILITY = "give a number from 0 to 1"
LONGEST_LIST = 100_000
_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d{1,2}):(\d\d)(?::(\d{1,2})(?:\.(\d{1,9}))?)? ?(?:(Z|UTC)|([+-])(\d\d)(?::?(\d\d))?)?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"[+-]?(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """`number` counts as `RefusedRow.row` does; `where` begins each field's name, for a file or a list inside a row."""

    number: int
    cells: Mapping[Any, Any]
    where: str = ""

    def refusal(self, field: str, accepted: str) -> Refused:
        return Refused(self.where + field, self.cells.get(field), accepted)

    def text(self, field: str, accepted: str = "give a text") -> str:
        """What must be there; a whole number is taken as its digits."""
        found = self.optional(field)
        if not found:
            raise self.refusal(field, accepted)
        return found

    def optional(self, field: str) -> str:
        """The same, or "" where there is nothing."""
        cell = self.cells.get(field)
        if cell is None:
            return ""
        if isinstance(cell, bool) or not isinstance(cell, (str, int)):
            raise self.refusal(field, "give a text")
        return str(cell).strip()

    def flag(self, field: str) -> bool:
        """A yes or a no, as JSON or as a table spells it; nothing is no."""
        cell = self.cells.get(field)
        spelt = str(cell).strip().lower()
        if cell is None or spelt in ("", "false"):
            return False
        if spelt != "true":
            raise self.refusal(field, "give true or false")
        return True

    def number_in(self, field: str) -> Decimal:
        cell = self.cells.get(field)
        found = None if isinstance(cell, bool) else number_from(cell)
        if found is None:
            raise self.refusal(field, "give a number")
        return found

    def probability(self, field: str) -> Decimal:
        cell = self.cells.get(field)
        found = None if isinstance(cell, bool) else number_from(cell)
        if found is None or not 0 <= found <= 1:
            raise self.refusal(field, A_PROBABILITY)
        return found

    def time(self, field: str, *, day: dt.time = END_OF_DAY, utc: bool = False) -> dt.datetime:
        """A day without a time means `day`, its end; a time without a zone is refused unless the format says `utc`."""
        found = time_from(self.optional(field), day, utc=utc)
        if found is None:
            raise self.refusal(field, A_TIME)
        return found

    def optional_time(self, field: str, *, day: dt.time = END_OF_DAY, utc: bool = False) -> dt.datetime | None:
        return self.time(field, day=day, utc=utc) if self.optional(field) else None

    def day(self, field: str) -> dt.date:
        """A day and nothing else."""
        text = self.optional(field)
        found = time_from(text, END_OF_DAY) if len(text) == len("2027-06-30") else None
        if found is None:
            raise self.refusal(field, "give a date such as 2027-06-30")
        return found.date()

    def since_1970(self, field: str, unit: dt.timedelta) -> dt.datetime:
        """A time as a number of units since 1970."""
        cell = self.cells.get(field)
        try:
            if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                found = EPOCH + cell * unit
                if found.year in YEARS:
                    return found
        except OverflowError:
            pass
        raise self.refusal(field, f"give a time since 1970 in units of {unit.total_seconds():g} s")

    def rows(self, field: str) -> list[Any]:
        """A list; what is in it is read with `inner`."""
        cell = self.cells.get(field)
        if not isinstance(cell, list):
            raise self.refusal(field, "give a list")
        return cell

    def inner(self, field: str, index: int, cells: object) -> "Row":
        """One object of a list inside this row."""
        return Row(self.number, mapping(cells, f"{self.where}{field}[{index}]"), f"{self.where}{field}[{index}].")

    def listed(self, field: str) -> list[Any]:
        """A list written as text in a cell of a table, as JSON or as Python prints it; nothing is an empty list."""
        text = self.optional(field)
        if not text:
            return []
        found = _listed(text) if len(text) <= LONGEST_LIST and text.count("[") == text.count("]") == 1 else None
        if found is None:
            raise self.refusal(field, "give a list in brackets")
        return found

    def choice(self, field: str, choices: Mapping[str, Any]) -> Any:
        """What `choices` has for the cell, whatever its case."""
        spelt = self.optional(field).lower()
        if spelt not in choices:
            raise self.refusal(field, f"give one of {', '.join(name or 'nothing' for name in choices)}")
        return choices[spelt]

    def agrees_with(self, other: "Row", fields: Sequence[str]) -> None:
        """Rows that repeat what belongs to their question must repeat the same."""
        for field in fields:
            if self.cells.get(field) != other.cells.get(field):
                raise self.refusal(
                    field, f"row {other.number} is about the same question and says {other.cells.get(field)!r:.60}"
                )


def mapping(cells: object, where: str) -> Mapping[Any, Any]:
    if not isinstance(cells, dict):
        raise Refused(where, cells, "give an object")
    return cells


def number_from(cell: object) -> Decimal | None:
    """A finite decimal from a number or its text; None where it is none."""
    if isinstance(cell, (int, float, str)) and _NUMBER.fullmatch(str(cell).strip()):
        return Decimal(str(cell).strip())
    return None


def time_from(text: str, day: dt.time, *, utc: bool = False) -> dt.datetime | None:
    """A time in UTC; None where it is none. One digit of a second is one of those that Fatebook writes."""
    match = _TIME.fullmatch(text)
    if match is None or int(match[1]) not in YEARS:
        return None
    try:
        date = dt.date(int(match[1]), int(match[2]), int(match[3]))
        if match[4] is None:
            return dt.datetime.combine(date, day)
        if not (match[8] or match[9] or utc):
            return None
        micro = int((match[7] or "").ljust(6, "0")[:6])
        clock = dt.time(int(match[4]), int(match[5]), int(match[6] or 0), micro, tzinfo=dt.UTC)
        return dt.datetime.combine(date, clock) - _offset(match)
    except ValueError:
        return None


def _offset(match: re.Match[str]) -> dt.timedelta:
    if not match[9]:
        return dt.timedelta()
    hours, minutes = int(match[10]), int(match[11] or 0)
    if hours > 23 or minutes > 59:
        raise ValueError("no zone is a day off")
    return dt.timedelta(hours=hours, minutes=minutes) * (-1 if match[9] == "-" else 1)


def _listed(text: str) -> list[Any] | None:
    """`ast.literal_eval` runs nothing; one pair of brackets keeps it from going deep."""
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            continue
        if isinstance(found, list):
            return found
    return None
