"""What an editor says about a data series."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo

from forecasts.errors import Problem, Refused
from forecasts.evidence.sources.data_series.numbers import DECIMALS, MAX_DECIMALS, THOUSANDS, NumberStyle
from forecasts.evidence.sources.data_series.periods import DATE_LABELS, FREQS, DateLabel, Freq
from forecasts.evidence.sources.json_path import expression_fault

FORMATS = ("json", "csv")
DELIMITERS = (",", ";", "\t", "|")
MAX_NAME = 200
MAX_UNIT = 40


@dataclass(frozen=True)
class DataSeriesSpec:
    """Where the values are, what their dates mean and how the numbers are printed.

    `format` json: `select` is a JMESPath expression to a list of objects, of which `date` and `value` are keys, or to
    one object of values by date (`value` is then the key within each value, if they are objects). csv: `date` and
    `value` are names of columns, `delimiter` parts them ("" = found out).
    `date_label` says which day of its period a day stands for, `freq` how long a period is, `tz` (IANA) in which zone
    an instant becomes a day. `decimal` and `thousands` are the marks within numbers given as text, `unit` what may
    stand beside them. `decimals`: values are kept with so many, halves to even; None keeps them as printed.
    """

    format: Literal["json", "csv"] = "json"
    select: str = "@"
    date: str = "date"
    value: str = "value"
    delimiter: str = ""
    date_label: DateLabel = "period_start"
    freq: Freq = "month"
    tz: str = "UTC"
    unit: str = ""
    decimal: str = "."
    thousands: str = ""
    decimals: int | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "DataSeriesSpec":
        """Raises Refused naming every unknown key, every wrong value and what is missing: `format` and `freq`."""
        known = [field.name for field in fields(cls)]
        problems = [
            Problem(f"spec.{key}", value, f"a data series' spec has the keys: {', '.join(known)}")
            for key, value in data.items()
            if key not in known
        ]
        # A wrong guess at these two would be read without complaint.
        given = {"format": None, "freq": None, **data}
        problems += [
            Problem(f"spec.{name}", given[name], accepted)
            for name in known
            if name in given and (accepted := _FAULTS[name](given[name]))
        ]
        if not problems and data.get("decimal", ".") == data.get("thousands", ""):
            problems.append(Problem("spec.thousands", data["thousands"], "give another mark than spec.decimal"))
        if problems:
            raise Refused.all(problems)
        return cls(**data)

    @cached_property
    def style(self) -> NumberStyle:
        return NumberStyle(self.decimal, self.thousands, self.unit)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tz)


def _one_of(accepted: tuple[str, ...]) -> Callable[[object], str]:
    listed = ", ".join(repr(one) for one in accepted)
    return lambda value: "" if isinstance(value, str) and value in accepted else f"give one of {listed}"


def _name_fault(value: object) -> str:
    is_name = isinstance(value, str) and 0 < len(value.strip()) <= MAX_NAME
    return "" if is_name else f"give the name of a key or column, 1 to {MAX_NAME} characters"


def _unit_fault(value: object) -> str:
    is_unit = isinstance(value, str) and len(value) <= MAX_UNIT and not any(one.isdigit() for one in value)
    return "" if is_unit else f"give at most {MAX_UNIT} characters without digits"


def _zone_fault(value: object) -> str:
    try:
        ZoneInfo(value if isinstance(value, str) else "")
    except (ValueError, OSError, KeyError):  # not only ZoneInfoNotFoundError: "" and "../x" give others
        return "give an IANA time zone such as UTC or Europe/Berlin"
    return ""


def _decimals_fault(value: object) -> str:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_DECIMALS
    return "" if value is None or is_count else f"give a whole number from 0 to {MAX_DECIMALS}, or null"


_FAULTS: dict[str, Callable[[object], str]] = {
    "format": _one_of(FORMATS),
    "select": expression_fault,
    "date": _name_fault,
    "value": _name_fault,
    "delimiter": _one_of(("", *DELIMITERS)),
    "date_label": _one_of(DATE_LABELS),
    "freq": _one_of(FREQS),
    "tz": _zone_fault,
    "unit": _unit_fault,
    "decimal": _one_of(DECIMALS),
    "thousands": _one_of(THOUSANDS),
    "decimals": _decimals_fault,
}
