"""What a rule says of a series as printed until now. Pure: true, false, or undetermined and why.

A period that was not printed is never read as false: `any` is false and `all` true only after the window, the time for
printing (`settle_days`), and a look for periods left out. A series of single days has no gaps that could be told from
weekends and holidays; of it the window counts as printed once a value on its last day or later is there.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from forecasts.evidence.sources.data_series.periods import Freq, following
from forecasts.evidence.sources.data_series.rule import Mode, Rule
from forecasts.evidence.sources.kind import Observation

ONE = dt.timedelta(1)


@dataclass(frozen=True)
class Print:
    """A value, when it was first seen for its period (aware UTC) and in which snapshot. One period may have several."""

    observation: Observation
    seen_at: dt.datetime
    sha256: str


@dataclass(frozen=True)
class Used:
    """A value that a decision stands on: as printed, as compared (after rounding), from where and since when."""

    label: str
    value: Decimal
    compared: Decimal
    sha256: str
    seen_at: dt.datetime


@dataclass(frozen=True)
class Decision:
    """`known_at`: when the deciding value was first seen; None while undetermined. `reason` is a sentence's worth.

    `reopened_by`: later values of the periods in `trace` that lie on the other side; the outcome stands on the counted
    ones, and a person must weigh it. `unresolvable`: the day set for voiding has passed without an outcome.
    """

    outcome: Literal["true", "false", "undetermined"]
    reason: str
    trace: tuple[Used, ...] = ()
    known_at: dt.datetime | None = None
    reopened_by: tuple[Used, ...] = ()
    unresolvable: bool = False


@dataclass(frozen=True)
class _Value:
    """What counts for one period, and the newest print after it, if any. `is_final`: no revision can change it."""

    counted: Print
    newest: Print
    compared: Decimal
    holds: bool
    is_final: bool

    @property
    def start(self) -> dt.date:
        return self.counted.observation.start

    @property
    def end(self) -> dt.date:
        return self.counted.observation.end

    @property
    def seen(self) -> tuple[dt.datetime, dt.date]:
        return self.counted.seen_at, self.start


@dataclass(frozen=True)
class _Case:
    rule: Rule
    values: tuple[_Value, ...]
    today: dt.date

    @property
    def start(self) -> dt.date:
        return self.rule.when.start

    @property
    def end(self) -> dt.date:
        return self.rule.when.end

    @property
    def window(self) -> tuple[_Value, ...]:
        return tuple(value for value in self.values if self.start <= value.start and value.end <= self.end)

    def settled(self, day: dt.date) -> bool:
        """Whether what is for periods until `day` has had its time to be printed."""
        return self.today > self.settles(day)

    def settles(self, day: dt.date) -> dt.date:
        return day + dt.timedelta(self.rule.settle_days)


@dataclass(frozen=True)
class _Verdict:
    """`outcome` None is undetermined. `used` are the values that it stands on, or waits for."""

    outcome: bool | None
    reason: str
    used: Sequence[_Value] = ()


def decide(rule: Rule, prints: Iterable[Print], now: dt.datetime) -> Decision:
    """Apply `rule` to what was seen until `now` (aware); the order of `prints` does not matter.

    Raises ValueError when `now` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("now: give a time with its zone")
    case = _Case(rule, _values(rule, prints, now), now.astimezone(dt.UTC).date())
    verdict = _DECIDERS[rule.when.mode](case)
    trace = tuple(_used(rule, value.counted) for value in verdict.used)
    if verdict.outcome is None:
        return _undetermined(case, verdict.reason, trace)
    return Decision(
        outcome="true" if verdict.outcome else "false",
        reason=verdict.reason,
        trace=trace,
        known_at=max(value.counted.seen_at for value in verdict.used),
        reopened_by=_reopened_by(case, verdict),
    )


def _undetermined(case: _Case, reason: str, trace: tuple[Used, ...]) -> Decision:
    void_after = case.rule.void_after
    if void_after is None or case.today <= void_after:
        return Decision("undetermined", reason, trace)
    return Decision("undetermined", f"{reason}; it was to be voided after {void_after}", trace, unresolvable=True)


def _values(rule: Rule, prints: Iterable[Print], now: dt.datetime) -> tuple[_Value, ...]:
    """One value for each period seen by `now`, the earliest period first."""
    history: dict[tuple[dt.date, dt.date], list[Print]] = defaultdict(list)
    for one in prints:
        if one.seen_at <= now:
            history[one.observation.start, one.observation.end].append(one)
    today = now.astimezone(dt.UTC).date()
    return tuple(_value(rule, history[period], today) for period in sorted(history))


def _value(rule: Rule, prints: list[Print], today: dt.date) -> _Value:
    prints = sorted(prints, key=lambda one: (one.seen_at, one.sha256, one.observation.value))
    counted, is_final = prints[0], True
    if rule.vintage == "latest":
        settles = prints[0].observation.end + dt.timedelta(rule.settle_days)
        in_time = [one for one in prints if one.seen_at.astimezone(dt.UTC).date() <= settles]
        counted, is_final = (in_time or prints[:1])[-1], today > settles
    value = counted.observation.value
    return _Value(counted, prints[-1], rule.compared(value), rule.holds(value), is_final)


def _any(case: _Case) -> _Verdict:
    hits = [value for value in case.window if value.is_final and value.holds]
    if hits:
        first = min(hits, key=lambda value: value.seen)
        return _Verdict(True, _said(case, first), [first])
    return _after_window(case, False, f"no value from {case.start} to {case.end} is {_wanted(case)}")


def _all(case: _Case) -> _Verdict:
    misses = [value for value in case.window if value.is_final and not value.holds]
    if misses:
        first = min(misses, key=lambda value: value.seen)
        return _Verdict(False, _said(case, first), [first])
    return _after_window(case, True, f"every value from {case.start} to {case.end} is {_wanted(case)}")


def _extreme(case: _Case, pick: Callable[[Iterable[Decimal]], Decimal]) -> _Verdict:
    """A maximum above the threshold is one value above it, a maximum below it is all below: both may be early."""
    if case.rule.op in (">", ">="):
        return _any(case) if pick is max else _all(case)
    if case.rule.op in ("<", "<="):
        return _all(case) if pick is max else _any(case)
    if not case.window:
        return _after_window(case, False, "")
    found = pick(value.compared for value in case.window)
    name = "highest" if pick is max else "lowest"
    outcome = case.rule.holds(found)
    reason = f"the {name} value from {case.start} to {case.end} is {found:f}, {_is_or_not(outcome, case)}"
    return _after_window(case, outcome, reason)


def _on(case: _Case) -> _Verdict:
    found = [value for value in case.values if value.start <= case.start <= value.end]
    if not found:
        return _Verdict(None, f"no value for {case.start} was printed yet")
    return _single(case, min(found, key=lambda value: value.end - value.start))


def _first(case: _Case) -> _Verdict:
    found = [value for value in case.values if value.start >= case.start]
    if not found:
        return _Verdict(None, f"no value for a period from {case.start} on was printed yet")
    first = found[0]
    if first.start > case.start and not case.settled(first.start - ONE):
        until = case.settles(first.start - ONE)
        return _Verdict(None, f"a period before {_label(first)} may still be printed until {until}", [first])
    if _has_hole([first], case.start, first.end):
        return _Verdict(None, f"the period before {_label(first)} was not printed", [first])
    return _single(case, first)


def _last(case: _Case) -> _Verdict:
    found = [value for value in case.values if value.end <= case.end]
    if not found:
        return _Verdict(None, f"no value for a period until {case.end} was printed yet")
    last = max(found, key=lambda value: (value.end, value.start))
    if last.end < case.end and (fault := _unfinished(case, [last], last.start)):
        return _Verdict(None, fault, [last])
    return _single(case, last)


def _single(case: _Case, value: _Value) -> _Verdict:
    if not value.is_final:
        return _Verdict(None, f"{_label(value)} may still be revised until {case.settles(value.end)}", [value])
    return _Verdict(value.holds, _said(case, value), [value])


def _after_window(case: _Case, outcome: bool, reason: str) -> _Verdict:
    fault = _unfinished(case, case.window, case.start)
    return _Verdict(None if fault else outcome, fault or reason, case.window)


def _unfinished(case: _Case, inside: Sequence[_Value], start: dt.date) -> str:
    """Why the values `inside` may not be all that there are from `start` to the end of the window; "" if they are."""
    if not case.settled(case.end):
        return f"the window ends on {case.end} and values may be printed until {case.settles(case.end)}"
    if not inside:
        return f"no value was printed for {start} to {case.end}"
    if _has_hole(inside, start, case.end):
        return f"not every period from {start} to {case.end} was printed"
    if inside[0].start == inside[0].end and max(value.end for value in case.values) < case.end:
        return f"the series has no value of {case.end} or later yet, so it may have stopped"
    return ""


def _has_hole(inside: Sequence[_Value], start: dt.date, end: dt.date) -> bool:
    """Whether a whole period fits between `start` and `end` beside those `inside`. Single days have no holes."""
    freq = _freq(inside[0])
    if freq == "day":
        return False
    if following(inside[0].start, freq, -1) >= start or following(inside[-1].end + ONE, freq) - ONE <= end:
        return True
    return any(following(later.start, freq, -1) > earlier.end for earlier, later in pairwise(inside))


def _freq(value: _Value) -> Freq:
    days = (value.end - value.start).days + 1
    return (
        "day" if days == 1 else "week" if days <= 7 else "month" if days <= 31 else "quarter" if days <= 92 else "year"
    )


def _reopened_by(case: _Case, verdict: _Verdict) -> tuple[Used, ...]:
    rule = case.rule
    flips = {id(value) for value in verdict.used if rule.holds(value.newest.observation.value) != value.holds}
    if rule.when.mode in ("max", "min") and rule.op in ("==", "!="):
        # Here no single value is on a side of the threshold: what counts is where the extreme would be.
        pick = max if rule.when.mode == "max" else min
        newest = pick(rule.compared(value.newest.observation.value) for value in verdict.used)
        moved = rule.holds(newest) != verdict.outcome
        flips = {id(value) for value in verdict.used if moved and value.newest is not value.counted}
    return tuple(_used(rule, value.newest) for value in verdict.used if id(value) in flips)


def _used(rule: Rule, one: Print) -> Used:
    observation = one.observation
    return Used(observation.label, observation.value, rule.compared(observation.value), one.sha256, one.seen_at)


def _said(case: _Case, value: _Value) -> str:
    printed = value.counted.observation.value
    rounding = "" if printed == value.compared else f" ({printed:f} before rounding halves to even)"
    return f"{_label(value)} is {value.compared:f}{rounding}, {_is_or_not(value.holds, case)}"


def _is_or_not(holds: bool, case: _Case) -> str:
    return f"which is {'' if holds else 'not '}{_wanted(case)}"


def _wanted(case: _Case) -> str:
    return f"{case.rule.op} {case.rule.threshold:f}"


def _label(value: _Value) -> str:
    return value.counted.observation.label


_DECIDERS: dict[Mode, Callable[[_Case], _Verdict]] = {
    "any": _any,
    "all": _all,
    "on": _on,
    "first_on_or_after": _first,
    "last_on_or_before": _last,
    "max": lambda case: _extreme(case, max),
    "min": lambda case: _extreme(case, min),
}
