"""What is wrong with a set of forecasts, in numbers: shift, slope, resolution and ranking. All from the tick table."""

import math

import numpy as np

from forecasts.scoring.special import two_sided
from forecasts.scoring.values import TickTable, ZTest


def calibration_in_the_large(table: TickTable) -> ZTest:
    """Mean forecast minus rate of yes, positive when forecasts are too high.

    z divides by its standard deviation under calibration; None where outcomes are not independent or no forecast
    leaves any doubt. ValueError if the table is empty.
    """
    p = _filled(table).p
    surprise = table.weight * p - table.weight_yes
    return _z_test(table, float(surprise.sum()), float((table.weight * p * (1 - p)).sum()))


def spiegelhalter(table: TickTable) -> ZTest:
    """Brier score minus its expectation under calibration, positive when forecasts are too extreme.

    Spiegelhalter 1986, doi:10.1002/sim.4780050506. z and errors as in `calibration_in_the_large`.
    """
    p = _filled(table).p
    excess = (1 - 2 * p) * (table.weight_yes - table.weight * p)
    return _z_test(table, float(excess.sum()), float((table.weight * (1 - 2 * p) ** 2 * p * (1 - p)).sum()))


def _z_test(table: TickTable, total: float, variance: float) -> ZTest:
    z = total / math.sqrt(variance) if table.independent and variance > 0 else None
    return ZTest(total / table.total, z, None if z is None else two_sided(z))


def _filled(table: TickTable) -> TickTable:
    if not np.any(table.weight):
        raise ValueError("table must have at least one forecast")
    return table
