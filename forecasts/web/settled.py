"""How a prediction was settled and scored, in words: resolutions, corrections and scores of its page."""

import datetime as dt
from dataclasses import dataclass

from forecasts.models import ProposalFinding, Resolution, Score, Track
from forecasts.queries.prediction_page import PredictionPage

from .words import score_words, settled_by

COUNTINGS = {"first": "first forecast", "time": "average over time"}


@dataclass(frozen=True)
class Settlement:
    """One resolution. `before` is the outcome that it corrected, empty for the first."""

    result: str
    before: str
    known_at: dt.datetime
    resolved_at: dt.datetime
    note: str
    exception: str
    by: str
    clauses: tuple[ProposalFinding, ...]


@dataclass(frozen=True)
class ScoreLine:
    """One score as it is shown; `tick` is None for an average over time."""

    forecaster: str
    url: str
    what: str
    tick: int | None
    brier: str


@dataclass(frozen=True)
class Settled:
    """Newest first. `is_pending` while the resolution waits to be scored."""

    latest: Settlement | None
    corrections: tuple[Settlement, ...]
    scores: tuple[ScoreLine, ...]
    is_pending: bool


def settled(page: PredictionPage, scored_up_to: int) -> Settled:
    """What became of the prediction; `scored_up_to` is the seq of the last entry that scoring has read."""
    results = {row.pk: _result(row) for row in page.resolutions}
    told = tuple(_settlement(row, results) for row in page.resolutions)
    last = max((entry.seq for entry in page.entries), default=0)
    return Settled(
        latest=told[0] if told else None,
        corrections=tuple(row for row in told if row.before),
        scores=tuple(_line(score) for score in page.scores),
        is_pending=bool(told) and last > scored_up_to,
    )


def _settlement(row: Resolution, results: dict[int, str]) -> Settlement:
    return Settlement(
        result=results[row.pk],
        before=results[row.supersedes_id] if row.supersedes_id else "",
        known_at=row.known_at,
        resolved_at=row.resolved_at,
        note=row.note,
        exception=row.evidence_exception,
        by=settled_by(row.proposed_by_rule, row.proposer_id, row.approver_id),
        clauses=tuple(row.proposal.clauses.all()) if row.proposal else (),
    )


def _result(row: Resolution) -> str:
    return f"Void: {row.result_words.removeprefix('void: ')}" if row.is_void else row.result_words


def _line(score: Score) -> ScoreLine:
    track = "" if score.track == Track.LIVE else f", {score.get_track_display()}"
    return ScoreLine(
        forecaster=score.forecaster.name,
        url=score.forecaster.get_absolute_url(),
        what=f"{COUNTINGS[score.counting]}{track}",
        tick=score.tick,
        brier="" if score.brier is None else score_words(score.brier),
    )
