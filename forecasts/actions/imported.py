"""What a file was parsed into: plain values, checked by the parser against its format and by nobody else yet.

A parser answers for one thing: each row of its file is either here or in `refused`, with a reason. Whether the site can
take it (kinds, ranges, times, twins) is decided where it is applied.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from forecasts.models import Basis, ForecasterKind, Precision, PredictionKind
from forecasts.scoring.rules import TICKS

Value = float | Decimal | str | Mapping[str, float | Decimal] | Sequence[object]
"""What `forecast_value.read_value` takes: a probability; one by option; points of a CDF by place."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that was left out. `row` counts from 1 as the format's own tools count (line, record or question)."""

    row: int
    field: str
    value: str
    accepted: str


@dataclass(frozen=True, slots=True)
class ImportedForecaster:
    """Whoever forecasts are credited to. `slug` is the natural key: `fatebook-…`, `forecastbench-gpt-4o`."""

    slug: str
    name: str
    kind: ForecasterKind
    is_bot: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class ImportedForecast:
    """`value` None is a withdrawal. `external_id` is unique for its forecaster and the same in every export.

    `wording_table` is the version of the table that an implied value was read from; empty for the one of today.
    """

    row: int
    forecaster: str
    issued_at: dt.datetime
    value: Value | None
    external_id: str
    basis: Basis = Basis.STATED
    wording: str = ""
    rationale: str = ""
    wording_table: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Very many plain forecasts of yes or no, by columns of equal length: no words, no withdrawals, nothing implied.

    `issued_at` are aware, `ticks` ten-thousandths. Predictions and forecasters are only named, by their keys.
    """

    rows: Sequence[int] = ()
    predictions: Sequence[str] = ()
    forecasters: Sequence[str] = ()
    issued_at: Sequence[dt.datetime] = ()
    ticks: Sequence[int] = ()
    external_ids: Sequence[str] = ()
    basis: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def forecast(self, place: int) -> ImportedForecast:
        """One of them by itself."""
        return ImportedForecast(
            row=self.rows[place],
            forecaster=self.forecasters[place],
            issued_at=self.issued_at[place],
            value=Decimal(self.ticks[place]) / TICKS,
            external_id=self.external_ids[place],
            basis=Basis(self.basis[place]),
        )


@dataclass(frozen=True, slots=True)
class ImportedPrediction:
    """One question. `external_id` is its natural key across imports: `FORMAT:ID`.

    `outcome` is what `outcomes.read_outcome` takes, `void_reason` one of VoidReason; both empty while it is open.
    `known_at` comes with either. Forecasts are in order of issue.
    """

    row: int
    external_id: str
    statement: str
    criteria: str
    resolution_source: str
    closes_at: dt.datetime
    resolves_by: dt.datetime
    forecasts: tuple[ImportedForecast, ...]
    kind: PredictionKind = PredictionKind.BINARY
    fine_print: str = ""
    opens_at: dt.datetime | None = None
    resolves_by_precision: Precision = Precision.INSTANT
    options: tuple[str, ...] = ()
    options_ordered: bool = False
    range_min: Decimal | None = None
    range_max: Decimal | None = None
    open_below: bool = False
    open_above: bool = False
    log_scale: bool = False
    cannot_resolve_early: bool = False
    outcome: str = ""
    void_reason: str = ""
    known_at: dt.datetime | None = None
    group: str = ""
    topics: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        return bool(self.outcome or self.void_reason)


@dataclass(frozen=True, slots=True)
class Import:
    """`format` names the parser, `source` the file or dataset with its version, `credit` its owner and licence.

    `added` holds forecasts on predictions that the file only names, by their natural key, and so does `block`.
    """

    format: str
    source: str
    credit: str
    sha256: str
    forecasters: tuple[ImportedForecaster, ...]
    predictions: tuple[ImportedPrediction, ...]
    refused: tuple[RefusedRow, ...] = field(default=())
    added: Mapping[str, tuple[ImportedForecast, ...]] = field(default_factory=dict)
    block: Block = field(default=Block())
