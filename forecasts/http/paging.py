"""Pages of a list by keyset: each starts after the last row of the one before, however long the list grew meanwhile."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import DateTimeField, IntegerField, Model, Q, QuerySet

from forecasts.errors import Refused
from forecasts.queries.clock import EPOCH, microseconds

Row = TypeVar("Row", bound=Model)
PAGE, LONGEST_PAGE = 50, 200
SEPARATOR = "."


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`cursor` names the last row when more follow, else it is empty."""

    rows: list[Row]
    cursor: str


@dataclass(frozen=True)
class Keyset:
    """An order in which no two rows are equal. The fields hold times, whole numbers or slugs."""

    fields: tuple[str, ...]
    descending: bool = False

    def after(self, rows: QuerySet[Row], cursor: str) -> QuerySet[Row]:
        """`rows` in this order, behind `cursor` if there is one. Raises Refused for a cursor that no page gave."""
        ordered = rows.order_by(*(f"-{field}" if self.descending else field for field in self.fields))
        return ordered.filter(self._beyond(self._values(rows.model, cursor))) if cursor else ordered

    def read(self, rows: QuerySet[Row], limit: int) -> Page[Row]:
        """One page of what `after` gave."""
        found = list(rows[: limit + 1])
        kept = found[:limit]
        return Page(kept, self._cursor(kept[-1]) if len(found) > limit else "")

    def _cursor(self, row: Model) -> str:
        values = (getattr(row, field) for field in self.fields)
        return SEPARATOR.join(str(microseconds(v) if isinstance(v, dt.datetime) else v) for v in values)

    def _values(self, model: type[Model], cursor: str) -> list[Any]:
        try:
            return [
                _value(model, *pair)
                for pair in zip(self.fields, cursor.split(SEPARATOR, len(self.fields)), strict=True)
            ]
        except (ValueError, OverflowError):
            raise Refused("cursor", cursor, "take it from the `next` of the page before") from None

    def _beyond(self, values: Sequence[Any]) -> Q:
        operator = "lt" if self.descending else "gt"
        (field, *fields), (value, *rest) = self.fields, values
        found = Q(**{f"{field}__{operator}": value})
        return found | Q(**{field: value}) & Keyset(tuple(fields), self.descending)._beyond(rest) if fields else found


def _value(model: type[Model], field: str, text: str) -> Any:
    column = model._meta.get_field(field)
    if isinstance(column, DateTimeField):
        return EPOCH + dt.timedelta(microseconds=int(text))
    return int(text) if isinstance(column, IntegerField) else text


def limit_of(text: str) -> int:
    """How many rows a page holds. Raises Refused unless it is empty (50) or a whole number from 1 to 200."""
    if not text:
        return PAGE
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LONGEST_PAGE):
        raise Refused("limit", text, f"give a whole number from 1 to {LONGEST_PAGE}")
    return int(text)
