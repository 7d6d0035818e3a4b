"""Read a data series into observations."""

import datetime as dt
from collections.abc import Iterable

from forecasts.errors import UnreadableSource
from forecasts.evidence.sources.data_series.numbers import is_missing, number, rounded
from forecasts.evidence.sources.data_series.periods import read_period
from forecasts.evidence.sources.data_series.rows import Row, csv_rows, json_rows
from forecasts.evidence.sources.data_series.spec import DataSeriesSpec
from forecasts.evidence.sources.feed.decode import decode
from forecasts.evidence.sources.kind import Observation, Reading


def read(body: bytes, spec: DataSeriesSpec, *, charset: str = "") -> Reading:
    """The observations in `body`, the earliest period first. A series without any is fine and gives none.

    Rows without a figure are passed over; one row that cannot be read refuses the whole, naming it: a series with a
    hole where the deciding value was would be worse than none.

    Raises UnreadableSource with code `empty`, `bad_number`, `bad_date`, `double_period`, or a code of json_rows or
    csv_rows.
    """
    text = decode(body, charset).lstrip("\ufeff")
    if not text.strip():
        raise UnreadableSource(f"expected {spec.format.upper()}; got an empty answer", "empty")
    rows = json_rows(text, spec) if spec.format == "json" else csv_rows(text, spec)
    observations = _observations(rows, spec)
    return Reading("\n".join(line(one) for one in observations), observations=observations)


def line(observation: Observation) -> str:
    """How an observation is kept and quoted: its label and its value, never with an exponent."""
    return f"{observation.label} {observation.value:f}"


def _observations(rows: Iterable[Row], spec: DataSeriesSpec) -> tuple[Observation, ...]:
    found: dict[tuple[dt.date, dt.date], Observation] = {}
    for row in rows:
        if is_missing(row.value):
            continue
        one = _observation(row, spec)
        kept = found.setdefault((one.start, one.end), one)
        if kept.value != one.value:
            raise UnreadableSource(
                f"{row.where} gives {line(one)}, another row {line(kept)}: one period has two values", "double_period"
            )
    return tuple(found[period] for period in sorted(found))


def _observation(row: Row, spec: DataSeriesSpec) -> Observation:
    try:
        period = read_period(row.date, freq=spec.freq, date_label=spec.date_label, tz=spec.zone)
        value = rounded(number(row.value, spec.style), spec.decimals)
    except UnreadableSource as error:
        raise UnreadableSource(f"{row.where}: {error.detail}", error.code) from None
    return Observation(period.label, period.start, period.end, value)
