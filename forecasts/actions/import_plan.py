"""What an import would do, row by row, before anything is written: what is shown, and what is then applied."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from forecasts.errors import Problem
from forecasts.models import Forecast, Forecaster, Prediction

from .import_block import Admitted
from .import_lookup import Lookup
from .imported import Import, ImportedPrediction
from .settling import Result


class RowState(StrEnum):
    NEW = "new"
    UNCHANGED = "unchanged"
    CONFLICTING = "conflicting"
    REFUSED = "refused"


class RowKind(StrEnum):
    FORECASTER = "forecaster"
    PREDICTION = "prediction"
    FORECAST = "forecast"
    OUTCOME = "outcome"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What becomes of one thing that a file says. `row` counts as the format does, 0 for what has no row of its own."""

    row: int
    kind: RowKind
    key: str
    state: RowState
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class PlannedPrediction:
    """`row` is not saved yet where `new` says what it is made of; `result` is an outcome that it gets."""

    row: Prediction
    new: ImportedPrediction | None
    forecasts: tuple[Forecast, ...]
    result: Result | None


@dataclass
class Plan:
    """`rows` tell what becomes of everything in the file; the rest is what is to be written."""

    bulk: Import
    lookup: Lookup = field(repr=False)
    rows: list[PlannedRow] = field(default_factory=list)
    forecasters: list[Forecaster] = field(default_factory=list)
    predictions: list[PlannedPrediction] = field(default_factory=list)
    block: Admitted | None = None

    @property
    def brings_something(self) -> bool:
        return bool(self.predictions or self.in_block)

    @property
    def in_block(self) -> int:
        """New forecasts that `rows` do not list."""
        return len(self.block.lines) if self.block else 0

    def every_row(self) -> Iterator[PlannedRow]:
        """`rows` and those of the block."""
        yield from self.rows
        for row, *_, external_id in self.block.lines if self.block else ():
            yield PlannedRow(row, RowKind.FORECAST, external_id, RowState.NEW)

    @property
    def counts(self) -> Counter[tuple[RowKind, RowState]]:
        found = Counter((row.kind, row.state) for row in self.rows)
        found[RowKind.FORECAST, RowState.NEW] += self.in_block
        return +found

    @property
    def states(self) -> dict[RowState, int]:
        """How many there are of each state, in the order of the states."""
        found = Counter(row.state for row in self.rows)
        found[RowState.NEW] += self.in_block
        return {state: found[state] for state in RowState}

    @property
    def left_out(self) -> list[PlannedRow]:
        return [row for row in self.rows if row.state in (RowState.CONFLICTING, RowState.REFUSED)]
