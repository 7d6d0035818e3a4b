"""What must be true of a series for a prediction to come true, as an editor writes it down."""

import datetime as dt
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, get_args

from forecasts.errors import Problem, Refused
from forecasts.evidence.sources.data_series.numbers import MAX_DECIMALS, MAX_DIGITS, fits, rounded
from forecasts.evidence.sources.data_series.periods import YEARS

Mode = Literal["any", "all", "on", "first_on_or_after", "last_on_or_before", "max", "min"]
Op = Literal[">", ">=", "<", "<=", "==", "!="]
Vintage = Literal["first", "latest"]
OnMissing = Literal["wait", "void_after"]

MAX_SETTLE_DAYS = 730
# Which ends of the window each mode takes; all that it takes are required.
ENDS: dict[str, tuple[str, ...]] = {
    "any": ("from", "to"),
    "all": ("from", "to"),
    "on": ("from",),
    "first_on_or_after": ("from",),
    "last_on_or_before": ("to",),
    "max": ("from", "to"),
    "min": ("from", "to"),
}
OPERATORS: dict[Op, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
_KEYS = ("when", "op", "threshold", "decimals", "vintage", "settle_days", "on_missing", "void_after")
_REQUIRED = dict.fromkeys(("when", "op", "threshold"))


@dataclass(frozen=True)
class When:
    """Which periods count. `start` (written `from`) and `end` (written `to`) are days, both included.

    any, all, max, min: periods that lie wholly within them. on: the period that contains `start`. first_on_or_after:
    the first that starts on `start` or later. last_on_or_before: the last that ends on `end` or earlier.
    """

    mode: Mode
    start: dt.date = dt.date.min
    end: dt.date = dt.date.max


@dataclass(frozen=True)
class Rule:
    """`when` the value, rounded to `decimals` (None: as printed; halves to even), is `op` `threshold`, it is true.

    `vintage`: first counts what was first seen for a period; latest what stood `settle_days` after its end.
    `settle_days`: how many days after a period ends its value may still be printed and, for latest, revised.
    `on_missing`: void_after suggests from the day after `void_after` on that what is still undetermined be voided.
    """

    when: When
    op: Op
    threshold: Decimal
    decimals: int | None = None
    vintage: Vintage = "first"
    settle_days: int = 0
    on_missing: OnMissing = "wait"
    void_after: dt.date | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Rule":
        """Raises Refused naming every unknown key and every wrong value, as `rule.op` or `rule.when.from`."""
        problems = [
            Problem(f"rule.{key}", value, f"a rule has the keys: {', '.join(_KEYS)}")
            for key, value in data.items()
            if key not in _KEYS
        ]
        given = {**_REQUIRED, **data}
        problems += [
            Problem(f"rule.{key}", given[key], accepted)
            for key in _FAULTS
            if key in given and (accepted := _FAULTS[key](given[key]))
        ]
        problems += _when_problems(given["when"]) + _void_problems(given)
        if problems:
            raise Refused.all(problems)
        return cls(
            **{key: data[key] for key in ("op", "decimals", "vintage", "settle_days", "on_missing") if key in data},
            when=_when(data["when"]),
            threshold=_decimal(data["threshold"]),
            void_after=_day(data["void_after"]) if data.get("void_after") else None,
        )

    def compared(self, value: Decimal) -> Decimal:
        """`value` as it is compared: rounded to `decimals`."""
        return rounded(value, self.decimals)

    def holds(self, value: Decimal) -> bool:
        """Whether `value`, rounded, is `op` `threshold`. Exact: Decimal compares without rounding."""
        return OPERATORS[self.op](self.compared(value), self.threshold)


def _one_of(kind: Any) -> Callable[[object], str]:
    accepted = get_args(kind)
    return lambda value: "" if isinstance(value, str) and value in accepted else f"give one of {', '.join(accepted)}"


def _whole(most: int, *, or_null: bool = False) -> Callable[[object], str]:
    def fault(value: object) -> str:
        is_whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
        accepted = f"give a whole number from 0 to {most}{', or null' if or_null else ''}"
        return "" if is_whole or (or_null and value is None) else accepted

    return fault


def _threshold_fault(value: object) -> str:
    try:
        is_number = fits(_decimal(value))
    except (ArithmeticError, ValueError):
        is_number = False
    return "" if is_number else f"give a number of up to {MAX_DIGITS} digits, best as text such as '4.5'"


def _decimal(value: object) -> Decimal:
    """Raises ValueError or ArithmeticError. A float is taken as it is written, 4.1 as 4.1."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError(value)  # noqa: TRY004 -- the caller names the field; the type is not the point
    if isinstance(value, str) and (len(value) > MAX_DIGITS + 2 or "_" in value or not value.isascii()):
        raise ValueError(value)
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


_FAULTS: dict[str, Callable[[object], str]] = {
    "op": _one_of(Op),
    "threshold": _threshold_fault,
    "decimals": _whole(MAX_DECIMALS, or_null=True),
    "vintage": _one_of(Vintage),
    "settle_days": _whole(MAX_SETTLE_DAYS),
    "on_missing": _one_of(OnMissing),
}


def _when_problems(when: object) -> list[Problem]:
    if not isinstance(when, Mapping):
        return [Problem("rule.when", when, "give an object with mode and from, to")]
    mode = when.get("mode")
    if not isinstance(mode, str) or mode not in ENDS:
        return [Problem("rule.when.mode", mode, f"give one of {', '.join(ENDS)}")]
    ends = ENDS[mode]
    listed = f"the mode {mode} takes: {', '.join(ends)}"
    problems = [Problem(f"rule.when.{key}", when[key], listed) for key in when if key not in ("mode", *ends)]
    problems += [
        Problem(f"rule.when.{end}", when.get(end), "give a day such as 2026-09-01")
        for end in ends
        if _day(when.get(end)) is None
    ]
    if not problems and len(ends) == 2 and when["to"] < when["from"]:
        problems.append(Problem("rule.when.to", when["to"], "give a day not before rule.when.from"))
    return problems


def _void_problems(given: Mapping[str, Any]) -> list[Problem]:
    """The day of voiding must leave time for the values: nothing is void before it could be known."""
    day, is_wanted = given.get("void_after"), given.get("on_missing") == "void_after"
    if not is_wanted:
        return [] if day is None else [Problem("rule.void_after", day, "leave it out unless on_missing is void_after")]
    parsed = _day(day)
    if parsed is None:
        return [Problem("rule.void_after", day, "give a day such as 2026-09-01")]
    when, settle = given["when"], given.get("settle_days", 0)
    if _when_problems(when) or _whole(MAX_SETTLE_DAYS)(settle):
        return []
    end = max(day for day in (_day(when.get("from")), _day(when.get("to"))) if day)
    earliest = end + dt.timedelta(settle)
    accepted = f"give {earliest} or later: values may be printed until then"
    return [] if parsed >= earliest else [Problem("rule.void_after", day, accepted)]


def _when(data: Mapping[str, Any]) -> When:
    ends = {"start": _day(data.get("from")), "end": _day(data.get("to"))}
    return When(data["mode"], **{name: day for name, day in ends.items() if day})


def _day(value: object) -> dt.date | None:
    """An ISO day between 1600 and 2500: every step of a period and every settling from there is a date too."""
    try:
        day = dt.date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-09-01") else None
    except ValueError:
        return None
    return day if day and day.year in YEARS else None
