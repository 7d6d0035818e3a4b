"""How outcomes are written down, and a prediction with one, true or assumed."""

import datetime as dt
from dataclasses import dataclass

from forecasts.models import Prediction

YES, NO = "yes", "no"
NOT_BEFORE = "not_before"


@dataclass(frozen=True)
class Case:
    """A prediction as if `outcome` had become known at `known_at`, and been recorded at `decided_at`."""

    prediction: Prediction
    known_at: dt.datetime
    outcome: str
    decided_at: dt.datetime
