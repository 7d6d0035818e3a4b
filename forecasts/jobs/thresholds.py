"""Learning from editors from which score on a ranked item is worth their look."""

import datetime as dt

from forecasts.actions import fit_threshold
from forecasts.evidence.ranking import RANKER, SEMANTIC_RANKER
from forecasts.queries.thresholds import reviewed_scores

VERSIONS = (RANKER, SEMANTIC_RANKER)


def learn_threshold(now: dt.datetime) -> None:
    """Fit the threshold of each ranking to all reviews so far. Doing it again changes nothing."""
    for version in VERSIONS:
        fit_threshold(version=version, reviewed=reviewed_scores(version), at=now)
