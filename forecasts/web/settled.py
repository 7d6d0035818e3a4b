"""How a prediction was settled and scored, in words: resolutions, corrections and scores of its page."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from forecasts.localised import percent, spell
from forecasts.models import PredictionKind, ProposalFinding, Resolution, Score, Track
from forecasts.queries.prediction_page import PredictionPage
from forecasts.queries.rows import void_words
from forecasts.scoring.values import TICKS

from .words import BRIER_OF_EVEN, score_words, settled_by

COUNTINGS = {"first": gettext_lazy("first forecast"), "time": gettext_lazy("average over time")}
MEANING = {
    PredictionKind.BINARY: gettext_lazy(
        "Brier score: 0 is perfect, %(even_score)s is what %(even)s gets, 1 is the worst."
    ),
    PredictionKind.MULTIPLE_CHOICE: gettext_lazy("Brier score over all options: 0 is perfect, 2 is the worst."),
    PredictionKind.NUMERIC: gettext_lazy(
        "Continuous ranked probability score, in the unit of the number: 0 is perfect."
    ),
    PredictionKind.DATE: gettext_lazy("Continuous ranked probability score, in days: 0 is perfect."),
}
PEERS = gettext_lazy("Against the others standing at the same time: what was gained over them, larger is better.")


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
    """One score as it is shown; `tick` is None for an average over time, and for other kinds than yes or no.

    `peer` is empty where it was not compared with others.
    """

    forecaster: str
    url: str
    what: str
    tick: int | None
    score: str
    peer: str


@dataclass(frozen=True)
class Settled:
    """Newest first. `is_pending` while the resolution waits to be scored."""

    latest: Settlement | None
    corrections: tuple[Settlement, ...]
    scores: tuple[ScoreLine, ...]
    meaning: str
    has_peers: bool
    is_pending: bool


def settled(page: PredictionPage, scored_up_to: int) -> Settled:
    """What became of the prediction; `scored_up_to` is the seq of the last entry that scoring has read."""
    results = {row.pk: _result(row) for row in page.resolutions}
    told = tuple(_settlement(row, results) for row in page.resolutions)
    has_peers = any(score.peer for score in page.scores)
    last = max((entry.seq for entry in page.entries), default=0)
    return Settled(
        latest=told[0] if told else None,
        corrections=tuple(row for row in told if row.before),
        scores=tuple(_line(score) for score in page.scores),
        meaning=_meaning(PredictionKind(page.prediction.kind), has_peers),
        has_peers=has_peers,
        is_pending=bool(told) and last > scored_up_to,
    )


def _meaning(kind: PredictionKind, has_peers: bool) -> str:
    even = {"even": percent(TICKS / 2), "even_score": score_words(BRIER_OF_EVEN)}
    return " ".join((MEANING[kind] % even, *([str(PEERS)] if has_peers else [])))


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
    if row.is_void:
        return void_words(row.void_reason)
    return row.result_words


def _line(score: Score) -> ScoreLine:
    track = "" if score.track == Track.LIVE else score.get_track_display()
    loss = score.crps if score.crps_sum is not None else score.brier
    return ScoreLine(
        forecaster=score.forecaster.name,
        url=score.forecaster.get_absolute_url(),
        what=", ".join(filter(None, (str(COUNTINGS[score.counting]), track))),
        tick=score.tick,
        score="" if loss is None else score_words(loss),
        peer=spell(f"{score.peer:+.1f}") if score.peer and score.counting == "time" else "",
    )
