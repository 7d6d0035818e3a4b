"""The scoring core by itself: what a notebook gets that has numpy and nothing else."""

import subprocess
import sys
from pathlib import Path
from types import FunctionType

from forecasts import scoring

TOP = Path(__file__).parents[2]

# Every name that the definition of the scores fixes, in its order; scripts outside rely on these.
FIXED = """
    TICKS to_ticks options_to_ticks brier_numerator log_loss_nano ENGINE
    brier brier_multi rps ordered_brier log_score log_multi spherical baseline pinball interval_score
    weighted_interval_score crps_ensemble crps_cdf crps_quantiles crps_date numeric_log_score
    Issued Window Piece Pick LEADS LEAD_BANDS lead_band pieces standing_weight pick_first pick_lead pick_last
    peer spot_peer peer_scores baseline_over_time
    TickTable tick_table brier_total mean_brier mean_log corp consistency_band miscalibration_test
    calibration_in_the_large cox spiegelhalter murphy murphy_corrected smooth_ece ece auc sharpness murphy_diagram
    binned pit pit_histogram interval_coverage cluster_bootstrap e_process
    wilson jeffreys n_eff display verdict Verdict skill earlier_base_rate paired_difference two_way leaderboard shrunk
    confidence_sequence
    crowds median recency_weighted_median geometric_mean_of_odds extremised trimmed_mean mean_cdf mean_quantiles
"""

ALONE = """
import sys

class OnlyNumpy:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names and top not in ("numpy", "forecasts"):
            raise ModuleNotFoundError(f"{top} is not there", name=top)

sys.meta_path.insert(0, OnlyNumpy())
from forecasts.scoring import brier, consistency_band, corp, cox, crps_ensemble, e_process, leaderboard, tick_table

table = tick_table([0.2, 0.2, 0.7, 0.7], [0, 1, 0, 1])
print(float(brier(0.7, 1)), corp(table).score, abs(cox(table).slope) < 1e-9, consistency_band(table).ticks.tolist())
print(float(crps_ensemble([1, 3], 2)), e_process([0.5], [1]).alarm, leaderboard([1], [1], ["ada"], [1])[0].rank)
try:
    import django
except ModuleNotFoundError as error:
    print(error)
"""


def test_it_works_where_numpy_is_all_that_is_installed() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], cwd=TOP, capture_output=True, text=True, check=True)

    # Half came true of either forecast, so that the slope of the recalibration is 0.
    score = (2_000**2 + 8_000**2 + 7_000**2 + 3_000**2) / (4 * 10_000**2)
    assert done.stdout.splitlines() == [
        f"{(0.7 - 1) ** 2} {score} True [2000, 7000]",
        f"{1 - 0.5 * (2 + 2) / 4} None 1",
        "django is not there",
    ]


def test_every_name_that_scripts_may_rely_on_is_there() -> None:
    assert set(FIXED.split()) <= set(scoring.__all__)


def test_every_name_offered_exists_and_every_function_says_what_it_does() -> None:
    for name in scoring.__all__:
        value = getattr(scoring, name)
        assert not isinstance(value, FunctionType) or value.__doc__, name
