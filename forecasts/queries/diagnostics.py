"""What else a tick table tells: of all forecasts, and tests that need separate outcomes, of one forecast per family."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forecasts.scoring.decomposition import (
    auc,
    calibration_in_the_large,
    cox,
    ece,
    sharpness,
    smooth_ece,
    spiegelhalter,
)
from forecasts.scoring.values import TickTable

from .figures import Figure, figure
from .score_rows import interval


@dataclass(frozen=True)
class Separate:
    """Tests and estimates that take every outcome for a draw of its own. None where the data cannot tell."""

    n: int
    in_the_large: float
    in_the_large_p: float | None
    spiegelhalter_z: float | None
    spiegelhalter_p: float | None
    cox_intercept: float | None
    cox_intercept_error: float | None
    cox_slope: float | None
    cox_slope_error: float | None
    auc: Figure | None


@dataclass(frozen=True)
class Diagnostics:
    """`sharpness` is the Brier score that the forecasts themselves expect; the rest as in scoring.decomposition."""

    sharpness: float
    smooth_ece: float
    ece: float
    auc: float | None
    separate: Separate | None


def diagnose(table: TickTable, separate: TickTable) -> dict[str, Any] | None:
    """As it is stored; `separate` holds one forecast per family, perhaps none."""
    if not table.total:
        return None
    found = auc(table)
    return {
        "sharpness": sharpness(table),
        "smooth_ece": smooth_ece(table),
        "ece": ece(table),
        "auc": found.value if found else None,
        "separate": _separate(separate) if separate.total else None,
    }


def _separate(table: TickTable) -> dict[str, Any]:
    shift, spread, line, ranks = calibration_in_the_large(table), spiegelhalter(table), cox(table), auc(table)
    return {
        "n": table.total,
        "in_the_large": shift.value,
        "in_the_large_p": shift.p_value,
        "spiegelhalter_z": spread.z,
        "spiegelhalter_p": spread.p_value,
        "cox_intercept": line.intercept if line else None,
        "cox_intercept_error": line.intercept_error if line else None,
        "cox_slope": line.slope if line else None,
        "cox_slope_error": line.slope_error if line else None,
        "auc": {"value": ranks.value, **interval(ranks.interval, "DeLong")} if ranks and ranks.interval else None,
    }


def diagnostics(stored: Mapping[str, Any]) -> Diagnostics | None:
    """Read back from what was stored."""
    kept = stored.get("diagnostics")
    if not kept:
        return None
    apart = kept["separate"]
    ranks = apart and apart["auc"]
    separate = Separate(**{**apart, "auc": figure(ranks["value"], ranks) if ranks else None}) if apart else None
    return Diagnostics(**{**kept, "separate": separate})
