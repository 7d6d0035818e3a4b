"""The plain rows of a table that only adds forecasts, which may be millions: read by columns, without records."""

import datetime as dt
from collections.abc import Iterable
from operator import itemgetter

from forecasts.actions import Block
from forecasts.actions.values import tick_of
from forecasts.errors import Refused
from forecasts.language.cells import as_written
from forecasts.models import Basis
from forecasts.queries.own_rows import COLUMNS

Row = tuple[int, list[str]]
BASES = {*Basis.values}
NEEDED = ("prediction", "forecaster", "issued_at", "value", "external_id")


class _Ticks(dict[str, int]):
    """Ten-thousandths by how they are written; -1 for what is no probability. Few of them differ."""

    def __missing__(self, text: str) -> int:
        try:
            self[text] = tick_of(text)
        except Refused:
            self[text] = -1
        return self[text]


def part(header: list[str], rows: Iterable[Row]) -> tuple[Block, list[Row]]:
    """The plain rows as a block, and the others, which are read one by one."""
    if not {*NEEDED} <= {*header} or len({*header}) < len(header):
        return Block(), list(rows)
    five = itemgetter(*map(header.index, NEEDED))
    basis_at = header.index("basis") if "basis" in header else None
    more = [place for place, name in enumerate(header) if name in COLUMNS and name not in (*NEEDED, "basis")]
    width, ticks = len(header), _Ticks()
    plain, others = [], []
    for row in rows:
        number, cells = row
        if len(cells) != width or any(cells[place] for place in more):
            others.append(row)
            continue
        prediction, forecaster, issued, value, external_id = five(cells)
        moment, tick = _moment(issued), ticks[value]
        basis = (basis_at is not None and cells[basis_at]) or Basis.STATED.value
        if tick < 0 or moment is None or not external_id or basis not in BASES:
            others.append(row)
            continue
        plain.append((number, as_written(prediction), forecaster, moment, tick, as_written(external_id), basis))
    return Block(*map(list, zip(*plain, strict=True))) if plain else Block(), others


def _moment(text: str) -> dt.datetime | None:
    """A time with its zone, in UTC."""
    try:
        moment = dt.datetime.fromisoformat(text)
        return moment.astimezone(dt.UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
