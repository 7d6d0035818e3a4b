"""What assessors claimed of reports, against the outcomes that stand now, and how far their confidence can be trusted.

A claim is right if a report said to confirm stands on a prediction that resolved yes, one said to refute on a no.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from forecasts.models import Assessment, PredictionKind, PredictionStatus, Relation
from forecasts.scoring.reliability import binned, corp, mean_brier
from forecasts.scoring.rules import TICKS, to_ticks
from forecasts.scoring.uncertainty import SCORES_BELOW, Verdict, display
from forecasts.scoring.values import Bin, Corp, TickTable

from .calibration import tested_words, too_few_separate
from .figures import TOO_FEW, Figure, Thinned, figure, thinned
from .score_rows import cluster_of, estimate, order_of, rate, table_of
from .score_rows import thinned as separate_ones
from .statistics import tested

SETTLES = {Relation.CONFIRMS: "yes", Relation.REFUTES: "no"}


@dataclass(frozen=True)
class Share:
    """`k` of `n`, on so many predictions; without a rate where these are too few to speak of one."""

    k: int
    n: int
    predictions: int
    rate: Figure | None


def share(hits: Sequence[tuple[int, str, bool]]) -> Share:
    """The share of hits; each comes with its prediction and the family that hangs together with it."""
    k, n = sum(hit for _, _, hit in hits), len(hits)
    predictions = len({prediction for prediction, _, _ in hits})
    shown = display(predictions) != "list"
    found = figure(k / n, rate([cluster for _, cluster, _ in hits], k)) if shown else None
    return Share(k, n, predictions, found)


@dataclass(frozen=True)
class Claim:
    """How often one relation was right: as the assessor said it, and of that what our rules let pass."""

    relation: str
    said: Share
    believed: Share


@dataclass(frozen=True)
class Confidence:
    """How often claims were right at each level of the assessor's own confidence; `display` as on any scorecard."""

    display: str
    predictions: int
    claims: int
    table: TickTable
    share_right: Figure | None
    brier: Figure | None
    corp: Corp | None
    bins: tuple[Bin, ...]
    thinned: Thinned | None
    verdict: str
    verdict_reason: str


@dataclass(frozen=True)
class Claims:
    """`read` reports were assessed; `made` claims confirm or refute, and `right` is of those that can be judged."""

    read: int
    made: int
    right: Share
    models: tuple[str, ...]
    relations: tuple[Claim, ...]
    rows: tuple["Row", ...]

    @property
    def settled(self) -> int:
        return self.right.n


@dataclass(frozen=True)
class Row:
    """One settled claim. `happened` says whether it was right, `tick` how sure the assessor was of it."""

    prediction: int
    cluster: str
    order: str
    tick: int
    happened: bool
    relation: str
    is_believed: bool
    weight: int = 1

    @property
    def hit(self) -> tuple[int, str, bool]:
        return self.prediction, self.cluster, self.happened


def assessments_stand() -> tuple[object, ...]:
    """What the record of claims follows from besides the ledger, which is told of decisions only."""
    return tuple(Assessment.objects.aggregate(Count("pk"), Max("pk")).values())


def claims_by_assessor() -> dict[str, Claims]:
    """The claims of each assessor by its name without version, of the newest assessment of each finding."""
    newest: dict[str, dict[int, Mapping[str, Any]]] = defaultdict(dict)
    rows = Assessment.objects.filter(finding__prediction__published_at__isnull=False).order_by("at", "pk")
    for row in rows.values(
        "assessor", "finding", "relation", "claimed", "confidence", "model",
        "finding__prediction", "finding__prediction__kind", "finding__prediction__status",
        "finding__prediction__group", "finding__prediction__current_resolution__outcome",
    ):  # fmt: skip
        newest[row["assessor"].partition(" ")[0]][row["finding"]] = row
    return {name: _claims(list(found.values())) for name, found in sorted(newest.items())}


def _claims(found: Sequence[Mapping[str, Any]]) -> Claims:
    rows = tuple(_settled(found))
    return Claims(
        read=len(found),
        made=sum(_said(row) in SETTLES for row in found),
        right=share([row.hit for row in rows]),
        models=tuple(sorted({row["model"] for row in found if row["model"]})),
        relations=tuple(_claim(relation, [row for row in rows if row.relation == relation]) for relation in SETTLES),
        rows=rows,
    )


def _said(row: Mapping[str, Any]) -> str:
    """In the assessor's own word; an answer that could not be read claims nothing."""
    return str(row["claimed"] or row["relation"])


def _settled(found: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """The claims on predictions of yes or no that are resolved."""
    prefix = "finding__prediction"
    for row in found:
        is_resolved = row[f"{prefix}__status"] == PredictionStatus.RESOLVED
        if _said(row) in SETTLES and is_resolved and row[f"{prefix}__kind"] == PredictionKind.BINARY:
            prediction = row[prefix]
            yield Row(
                prediction=prediction,
                cluster=cluster_of(prediction, row[f"{prefix}__group"]),
                order=order_of(prediction, row["finding"]),
                tick=to_ticks(row["confidence"]),
                happened=SETTLES[Relation(_said(row))] == row[f"{prefix}__current_resolution__outcome"],
                relation=_said(row),
                is_believed=row["relation"] == _said(row),
            )


def _claim(relation: str, rows: Sequence[Row]) -> Claim:
    believed = [row.hit for row in rows if row.is_believed]
    return Claim(relation, share([row.hit for row in rows]), share(believed))


def confidence(rows: Sequence[Row]) -> Confidence:
    """The reliability of what was claimed with a confidence, from the tick table that scorecards use."""
    predictions = len({row.prediction for row in rows})
    shown = display(predictions)
    table = TickTable.from_rows((row.tick, row.weight, int(row.happened)) for row in rows)
    shows_curve = shown in ("curve", "all")
    stored = tested(table_of(separate_ones(rows))) if shows_curve else None
    drawn = thinned({"thinned": stored}) if stored else None
    word, reason = _verdict(str(stored["verdict"]) if stored else "", drawn)
    return Confidence(
        display=shown,
        predictions=predictions,
        claims=len(rows),
        table=table,
        share_right=share([row.hit for row in rows]).rate,
        brier=_brier(rows, table) if shown != "list" else None,
        corp=corp(table) if shows_curve else None,
        bins=binned(table) if shows_curve else (),
        thinned=drawn,
        verdict=word,
        verdict_reason=reason,
    )


def _brier(rows: Sequence[Row], table: TickTable) -> Figure:
    losses = [(row.tick / TICKS - row.happened) ** 2 for row in rows]
    return figure(mean_brier(table), estimate(rows, losses, within=(0.0, 1.0)), TOO_FEW)


def _verdict(word: str, drawn: Thinned | None) -> tuple[str, str]:
    """The word that the test allows, and why it allows no other."""
    if drawn is None:
        return Verdict.TOO_EARLY, _("a verdict needs claims on %(least)s settled predictions") % {"least": SCORES_BELOW}
    if drawn.n < SCORES_BELOW:
        return Verdict.TOO_EARLY, too_few_separate(drawn.n)
    return word, tested_words(drawn)
