"""A prediction with an outcome, true or assumed."""

import datetime as dt
from dataclasses import dataclass

from forecasts.models import Prediction


@dataclass(frozen=True)
class Case:
    """A prediction as if `outcome` had become known at `known_at`, and been recorded at `decided_at`."""

    prediction: Prediction
    known_at: dt.datetime
    outcome: str
    decided_at: dt.datetime
