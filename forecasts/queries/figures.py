"""Published figures, and reading them back from what was stored after scoring."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forecasts.scoring.rules import TICKS

from .elementary import Elementary, elementary

PENDING = "not computed yet; it follows after scoring"
TOO_FEW = "too few independent predictions for an interval"

Stored = Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """A published number with its interval, or the reason there is none."""

    value: float
    low: float | None
    high: float | None
    method: str


@dataclass(frozen=True)
class Group:
    """Forecasts from `low` up to `high` ticks: how many, how many came true, and an interval of the rate."""

    low: int
    high: int
    n: int
    yes: int
    mean: float
    rate: Figure


@dataclass(frozen=True)
class Thinned:
    """The draws that band, test and verdict rest on: one forecast per family of predictions."""

    n: int
    band: tuple[tuple[int, float, float], ...]
    level: float
    p_value: float
    null_mean: float
    excess: float
    replicates: int
    seed: str


@dataclass(frozen=True)
class Reference:
    """What somebody else scored on the same forecasts; `gain` is how much lower our Brier score was."""

    forecaster: str
    name: str
    predictions: int
    forecasts: int
    brier: float
    gain: Figure
    ratio: float | None
    murphy: Elementary | None


@dataclass(frozen=True)
class Held:
    """How often central intervals that were to hold the share `nominal` of outcomes did."""

    nominal: float
    inside: int
    n: int
    rate: Figure


@dataclass(frozen=True)
class Spread:
    """Where numbers and dates fell in their forecasts: the share in each tenth, with the band of a right spread."""

    n: int
    shares: tuple[float, ...]
    low: float
    high: float
    level: float
    intervals: tuple[Held, ...]


def figure(value: float, stored: Stored | None, missing: str = PENDING) -> Figure:
    """`value` with its stored interval; `missing` says why there is none."""
    if stored is None or "low" not in stored:
        return Figure(value, None, None, missing)
    return Figure(value, stored["low"], stored["high"], stored["method"])


def groups(stored: Stored) -> tuple[Group, ...]:
    return tuple(
        Group(
            low=group["low"],
            high=group["high"],
            n=group["n"],
            yes=group["yes"],
            mean=group["mean_tick"] / TICKS,
            rate=figure(group["yes"] / group["n"], group["rate"]),
        )
        for group in stored.get("groups", ())
        if group["n"]
    )


def thinned(stored: Stored) -> Thinned | None:
    kept = stored.get("thinned")
    if not kept:
        return None
    band, test = kept["band"], kept["test"]
    return Thinned(
        n=kept["n"],
        band=tuple(zip(band["ticks"], band["low"], band["high"], strict=True)),
        level=band["level"],
        p_value=test["p_value"],
        null_mean=test["null_mean"],
        excess=test["excess"],
        replicates=test["replicates"],
        seed=test["seed"],
    )


def references(stored: Stored) -> tuple[Reference, ...]:
    return tuple(
        Reference(
            forecaster=row["forecaster"],
            name=row["name"],
            predictions=row["predictions"],
            forecasts=row["forecasts"],
            brier=row["reference"],
            gain=figure(row["value"], row, TOO_FEW),
            ratio=row["ratio"],
            murphy=elementary(row.get("murphy")),
        )
        for row in stored.get("references", ())
    )


def spread(stored: Stored) -> Spread | None:
    kept = stored.get("spread")
    if not kept:
        return None
    held = (
        Held(row["nominal"], row["inside"], row["n"], figure(row["inside"] / row["n"], row["rate"]))
        for row in kept["intervals"]
    )
    return Spread(kept["n"], tuple(kept["shares"]), kept["low"], kept["high"], kept["level"], tuple(held))
