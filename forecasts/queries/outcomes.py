"""A prediction with an outcome, true or assumed."""

import datetime as dt
from dataclasses import dataclass

from forecasts.models import Prediction

UNDECIDED = 2**62  # after all that was decided until now


@dataclass(frozen=True)
class Case:
    """A prediction as if `outcome` had become known at `known_at`.

    `decided` is the key of the resolution that says so: keys rise in the order of decisions, which clocks may not.
    """

    prediction: Prediction
    known_at: dt.datetime
    outcome: str
    decided: int = UNDECIDED
