"""Every public function refuses what makes no sense, in one sentence that begins with the argument's name."""

import inspect
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from forecasts import scoring
from forecasts.scoring import TickTable, miscalibration_test

TABLE = TickTable.from_rows([(2_000, 4, 2), (6_000, 5, 2), (9_000, 1, 1)], independent=True)
BINARY = {"p": [0.2, 0.7], "y": [0, 1]}
OPTIONS = {"p": [[0.2, 0.8], [0.5, 0.5]], "k": [0, 1]}
CDF = {"cdf": [0.0, 0.4, 1.0], "y": 1.5}
PAIRS = {"clusters": [1, 2], "weights": [1, 2], "level": 0.9}
TABLE_ONLY: dict[str, Any] = {"table": TABLE}

VALID: dict[str, dict[str, Any]] = {
    "to_ticks": {"p": [0.2, 0.7]},
    "options_to_ticks": {"p": [0.2, 0.8]},
    "brier_numerator": {"tick": 2_000, "y": 1},
    "log_loss_nano": {"tick": 2_000, "y": 1},
    "brier": BINARY,
    "log_score": BINARY,
    "brier_multi": OPTIONS,
    "rps": OPTIONS,
    "ordered_brier": OPTIONS,
    "log_multi": OPTIONS,
    "spherical": OPTIONS,
    "baseline": {"p_outcome": [0.2, 0.7], "k": [2, 3]},
    "pinball": {"q": [1.0, 2.0], "y": [1.0, 2.0], "tau": 0.5},
    "interval_score": {"lower": [1.0, 2.0], "upper": [3.0, 4.0], "y": [1.0, 2.0], "alpha": 0.1},
    "weighted_interval_score": {
        "median": [3.0, 4.0],
        "lowers": [[1.0, 2.0], [1.0, 2.0]],
        "uppers": [[6.0, 5.0], [6.0, 5.0]],
        "alphas": [0.1, 0.5],
        "y": [1.0, 2.0],
    },
    "crps_ensemble": {"x": [1.0, 2.0, 4.0], "y": 3.0},
    "crps_cdf": {"thresholds": [0.0, 1.0, 2.0], **CDF},
    "crps_date": {"days": [0.0, 1.0, 2.0], **CDF},
    "crps_quantiles": {"levels": [0.1, 0.9], "values": [2.0, 8.0], "y": 5.0, "low": 0.0, "high": 10.0},
    "numeric_log_score": {"p_bin": [0.1, 0.2], "bins": 10, "open_ends": 1, "outside": [0, 1]},
    "tick_table": {**BINARY, "weight": [1, 2], "decimals": 4},
    "brier_total": TABLE_ONLY,
    "mean_brier": TABLE_ONLY,
    "mean_log": TABLE_ONLY,
    "corp": TABLE_ONLY,
    "consistency_band": {**TABLE_ONLY, "level": 0.9, "replicates": 10},
    "miscalibration_test": {**TABLE_ONLY, "replicates": 10},
    "calibration_in_the_large": TABLE_ONLY,
    "cox": TABLE_ONLY,
    "spiegelhalter": TABLE_ONLY,
    "murphy": TABLE_ONLY,
    "murphy_corrected": TABLE_ONLY,
    "smooth_ece": TABLE_ONLY,
    "ece": {**TABLE_ONLY, "bins": 10},
    "auc": {**TABLE_ONLY, "level": 0.9},
    "sharpness": TABLE_ONLY,
    "murphy_diagram": {**TABLE_ONLY, "thetas": [0.2, 0.5]},
    "murphy_difference": {"a": [0.2, 0.7], "b": [0.5, 0.5], "y": [0, 1], "thetas": [0.2, 0.5], **PAIRS},
    "binned": {**TABLE_ONLY, "edges": [0, 0.5, 1], "bins": 10},
    "pit": {"thresholds": [0.0, 1.0, 2.0], **CDF},
    "pit_histogram": {"below": [0.1, 0.4], "at": [0.2, 0.4], "bins": 10, "level": 0.9},
    "interval_coverage": {"lower": [1.0, 2.0], "upper": [3.0, 4.0], "y": [1.0, 2.0], "nominal": 0.8, "level": 0.9},
    "e_process": BINARY,
    "confidence_sequence": {"differences": [0.1, -0.1], "bound": 1.0, "level": 0.9},
    "wilson": {"k": 7, "n": 10, "level": 0.9},
    "jeffreys": {"k": 7, "n": 10, "level": 0.9},
    "n_eff": {"weights": [1.0, 2.0]},
    "display": {"n": 10},
    "verdict": {**TABLE_ONLY, "test": miscalibration_test(TABLE, replicates=10), "overdue_share": 0.0},
    "cluster_bootstrap": {
        "numerators": [1.0, 2.0],
        "denominators": [1.0, 2.0],
        "clusters": [1, 2],
        "level": 0.9,
        "replicates": 10,
    },
    "paired_difference": {"a": [0.1, 0.2], "b": [0.3, 0.5], **PAIRS},
    "skill": {"loss": [0.1, 0.2], "reference": [0.3, 0.5], **PAIRS},
    "earlier_base_rate": {"known_at": [1.0, 2.0], "y": [0, 1], "moments": [1.5, 3.0]},
    "two_way": {"score": [0.1, 0.2], "forecaster": [1, 2], "prediction": [1, 1]},
    "leaderboard": {
        "gain": [0.1, 0.2],
        "weights": [1.0, 1.0],
        "forecaster": [1, 2],
        "clusters": [1, 1],
        "level": 0.9,
        "replicates": 10,
    },
    "shrunk": {"values": [0.1, 0.2], "errors": [0.1, 0.2]},
    "median": {"p": [0.2, 0.7]},
    "recency_weighted_median": {"p": [0.2, 0.7]},
    "geometric_mean_of_odds": {"p": [0.2, 0.7]},
    "extremised": {"p": [0.2, 0.7], "factor": 1.5},
    "trimmed_mean": {"p": [0.2, 0.7], "share": 0.1},
    "mean_cdf": {"cdfs": [[0.0, 1.0], [0.5, 1.0]]},
    "mean_quantiles": {"values": [[0.0, 1.0], [0.5, 1.0]]},
}
# Their arguments are rows, windows and columns that the timeline has made; their own tests hold their refusals.
OF_TIMELINES = {
    *("lead_band", "pieces", "standing_weight", "pick_first", "pick_lead", "pick_last", "crowds"),
    *("peer", "spot_peer", "peer_scores", "baseline_over_time"),
}
LABELS = {"clusters", "forecaster", "prediction"}
OBJECTS = {"table", "test"}
FUNCTIONS: dict[str, Callable[..., object]] = {name: getattr(scoring, name) for name in VALID}
NUMBERS = [(name, argument) for name, given in VALID.items() for argument in given if argument not in LABELS | OBJECTS]
COLUMNS = [
    (name, argument)
    for name, given in VALID.items()
    for argument, value in given.items()
    if isinstance(value, list) and sum(isinstance(other, list) for other in given.values()) > 1
]


def assert_refused(name: str, argument: str, value: object) -> None:
    """The sentence begins with the names of the arguments at fault, `argument` among them."""
    with pytest.raises(ValueError) as caught:
        FUNCTIONS[name](**{**VALID[name], argument: value})
    sentence = str(caught.value)
    assert argument in re.split(r", | and ", sentence.split(" must ")[0]), sentence


def spoilt(value: Any, bad: float) -> Any:
    """The value, with `bad` in the place of its first number."""
    if not isinstance(value, list):
        return bad
    array = np.array(value, dtype=float)
    array.flat[0] = bad
    return array.tolist()


def test_every_public_function_is_asked() -> None:
    functions = {name for name in scoring.__all__ if inspect.isfunction(getattr(scoring, name))}

    assert functions == {*VALID, *OF_TIMELINES}


@pytest.mark.parametrize("name", VALID)
def test_it_works(name: str) -> None:
    FUNCTIONS[name](**VALID[name])


@pytest.mark.parametrize(("name", "argument"), NUMBERS)
def test_what_is_no_number_is_refused_by_name(name: str, argument: str) -> None:
    assert_refused(name, argument, spoilt(VALID[name][argument], math.nan))
    assert_refused(name, argument, "often")
    for infinity in (math.inf, -math.inf):
        if (name, argument, infinity) not in {("crps_date", "y", math.inf)}:  # not before the limit
            assert_refused(name, argument, spoilt(VALID[name][argument], infinity))


@pytest.mark.parametrize(("name", "argument"), COLUMNS)
def test_columns_that_do_not_fit_are_refused_by_name(name: str, argument: str) -> None:
    """Longer by one than what they belong to."""
    value = VALID[name][argument]
    if (name, argument) in {("earlier_base_rate", "moments"), ("murphy_difference", "thetas")}:  # fits anything
        return
    assert_refused(name, argument, [*value, value[-1]])


BELOW_0_OR_ABOVE_1 = [
    *(("brier", "p"), ("log_score", "p"), ("brier_multi", "p"), ("baseline", "p_outcome"), ("crps_cdf", "cdf")),
    *(("numeric_log_score", "p_bin"), ("tick_table", "p"), ("pit", "cdf"), ("pit_histogram", "at")),
    *(("e_process", "p"), ("median", "p"), ("extremised", "p"), ("trimmed_mean", "p"), ("mean_cdf", "cdfs")),
    *(("murphy_diagram", "thetas"), ("binned", "edges"), ("to_ticks", "p"), ("options_to_ticks", "p")),
    *(("brier", "y"), ("log_score", "y"), ("e_process", "y"), ("tick_table", "y"), ("earlier_base_rate", "y")),
    *(("numeric_log_score", "outside"), ("brier_numerator", "y"), ("log_loss_nano", "y"), ("verdict", "overdue_share")),
    *((name, "level") for name, given in VALID.items() if "level" in given),
    *(("interval_coverage", "nominal"), ("pinball", "tau"), ("interval_score", "alpha")),
    *(("weighted_interval_score", "alphas"), ("crps_quantiles", "levels"), ("crps_date", "cdf")),
]


@pytest.mark.parametrize(("name", "argument"), BELOW_0_OR_ABOVE_1)
def test_what_lies_outside_0_and_1_is_refused_by_name(name: str, argument: str) -> None:
    for bad in (-0.01, 1.01):
        assert_refused(name, argument, spoilt(VALID[name][argument], bad))


@pytest.mark.parametrize(
    ("name", "argument", "value"),
    [
        ("brier_numerator", "tick", 10_001),
        ("log_loss_nano", "tick", -1),
        ("brier_multi", "k", [0, 2]),
        ("brier_multi", "k", [-1, 1]),
        ("rps", "p", [[0.2, 0.7], [0.5, 0.5]]),
        ("log_multi", "p", [[1.0], [1.0]]),
        ("baseline", "k", [1, 2]),
        ("interval_score", "lower", [4.0, 2.0]),
        ("weighted_interval_score", "lowers", [[7.0, 2.0], [1.0, 2.0]]),
        ("weighted_interval_score", "alphas", [[0.1, 0.5]]),
        ("crps_ensemble", "x", []),
        ("crps_cdf", "thresholds", [0.0, 2.0, 1.0]),
        ("crps_cdf", "cdf", [0.5, 0.4, 1.0]),
        ("crps_quantiles", "values", [2.0, 11.0]),
        ("crps_quantiles", "levels", [0.9, 0.1]),
        ("numeric_log_score", "bins", 0),
        ("numeric_log_score", "bins", 2.5),
        ("numeric_log_score", "open_ends", 3),
        ("tick_table", "weight", [1, -1]),
        ("tick_table", "weight", [0.5, 1]),
        ("tick_table", "decimals", -1),
        ("tick_table", "decimals", 10),
        ("corp", "rule", "spherical"),
        ("consistency_band", "replicates", 0),
        ("miscalibration_test", "replicates", 1.5),
        ("ece", "bins", 0),
        ("binned", "bins", 0),
        ("binned", "edges", []),
        ("binned", "edges", 0.5),
        ("binned", "edges", [0, 0.5, 0.5, 1]),
        ("pit", "y", [1.0, 2.0]),
        ("pit_histogram", "below", [0.3, 0.4]),
        ("pit_histogram", "bins", 0),
        ("interval_coverage", "lower", [5.0, 2.0]),
        ("e_process", "p", 0.5),
        ("confidence_sequence", "bound", 0.05),
        ("confidence_sequence", "differences", [[0.1]]),
        ("wilson", "k", 11),
        ("wilson", "n", 0),
        ("jeffreys", "k", -1),
        ("n_eff", "weights", [1.0, -1.0]),
        ("display", "n", -1),
        ("cluster_bootstrap", "denominators", [1.0, -2.0]),
        ("cluster_bootstrap", "numerators", [[1.0, 2.0]]),
        ("cluster_bootstrap", "clusters", [1, 1]),
        ("cluster_bootstrap", "replicates", 0),
        ("paired_difference", "weights", [1, -1]),
        ("paired_difference", "clusters", [1, 1]),
        ("skill", "weights", [1, -1]),
        ("two_way", "score", []),
        ("leaderboard", "weights", [1.0, 0.0]),
        ("leaderboard", "replicates", 0),
        ("shrunk", "errors", [0.1, 0.0]),
        ("shrunk", "values", [0.1]),
        ("median", "p", []),
        ("extremised", "factor", 0.9),
        ("trimmed_mean", "share", 0.5),
        ("mean_cdf", "cdfs", [0.0, 1.0]),
        ("mean_cdf", "cdfs", [[1.0, 0.0]]),
        ("mean_quantiles", "values", [[1.0, 0.0]]),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(name: str, argument: str, value: object) -> None:
    assert_refused(name, argument, value)


@pytest.mark.parametrize("name", [name for name, given in VALID.items() if "table" in given])
def test_no_statistic_is_made_of_nothing(name: str) -> None:
    # A sum of nothing is 0, there are no groups in it, and the verdict is that it is too early.
    if name not in ("brier_total", "binned", "verdict"):
        assert_refused(name, "table", TickTable.from_rows([], independent=True))


def test_the_value_at_fault_is_shown() -> None:
    with pytest.raises(ValueError, match=r"^p must lie in \[0, 1\], got 1\.25$"):
        scoring.brier([0.5, 1.25], [1, 0])
    with pytest.raises(ValueError, match=r"^bins must be a whole number of 1 or more, got 0$"):
        scoring.ece(TABLE, bins=0)
