"""Calibration of a set of forecasts: one answer, read from sums, for the page and the API."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import astuple, dataclass, field
from functools import partial

from django.db.models import QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from forecasts.ledger.canonical import canonical
from forecasts.localised import spell
from forecasts.models import Cursor, CursorName, LedgerEntry, LedgerHead, PredictionKind, StoredStatistic, Track
from forecasts.scoring import ENGINE
from forecasts.scoring.reliability import binned, brier_total, corp, mean_log
from forecasts.scoring.rules import TICKS
from forecasts.scoring.uncertainty import OVERDUE_ALLOWED, SCORES_BELOW, Verdict, display
from forecasts.scoring.values import Bin, Corp, TickTable

from .bounds import Bounds, bounds
from .denominators import Denominators, denominators
from .diagnostics import Diagnostics, diagnostics
from .figures import (
    PENDING,
    TOO_FEW,
    Figure,
    Group,
    Reference,
    Spread,
    Stored,
    Thinned,
    figure,
    groups,
    references,
    spread,
    thinned,
)
from .scope import CalibrationQuery
from .statistics import table_digest
from .sums import Summed, summed

NOT_KEPT = "no interval is computed for a lead band; ask for a counting such as lead:30 instead"
ASKED_FOR = "the interval of a rare filter is computed once it is asked for; ask again in a minute"
NO_TEST = gettext_lazy("no test is stored for this question, or it waits to be computed again after scoring")
ONLY_BINARY = gettext_lazy("a verdict is given on yes-or-no predictions only")
ONE_TRACK = gettext_lazy("a verdict is given on one track only")
WARN_ALL = gettext_lazy(
    "cohort=all mixes in predictions that resolved early: yes can arrive early and no cannot, so it is biased"
)
WARN_TRACKS = gettext_lazy(
    "track=all mixes what was said before the world knew with what was recorded afterwards or imported, "
    "and whoever chose that may have known the outcomes"
)
BRIER_OF_EVEN = 0.25

Sums = Callable[[TickTable | None], Summed]
"""Tells the sums of a query, given its tick table where that is at hand."""


@dataclass(frozen=True)
class Scored:
    """What scoring left for a query: its sums with the digest of the tick table, when the last decision was made that
    scores know of, and what was stored.
    """

    sums: Summed
    table_sha256: str
    as_of: dt.datetime | None
    stored: Stored


@dataclass(frozen=True)
class Calibration:
    query: CalibrationQuery
    display: str
    predictions: int
    forecasts: int
    pairs: int
    weight: int
    clusters: int | None
    table: TickTable
    base_rate: Figure | None
    brier: Figure | None
    log: Figure | None
    baseline: Figure | None
    peer: Figure | None
    brier_of_even: float | None
    skill_of_even: float | None
    references: tuple[Reference, ...]
    corp: Corp | None
    bins: tuple[Bin, ...]
    groups: tuple[Group, ...]
    thinned: Thinned | None
    diagnostics: Diagnostics | None
    spread: Spread | None
    verdict: str
    verdict_reason: str
    denominators: Denominators
    bounds: Bounds
    warning: str
    missing: str
    as_of: dt.datetime | None
    engine: str
    digest: str
    scored: Scored = field(repr=False)
    """All that was computed after scoring; the rest of a scorecard is read from it."""

    @property
    def shows_scores(self) -> bool:
        return self.display != "list"

    @property
    def is_wanted(self) -> bool:
        """Whether there would be intervals, had somebody asked before."""
        return self.missing == ASKED_FOR

    @property
    def shows_curve(self) -> bool:
        return self.display in ("curve", "all")


def calibration(query: CalibrationQuery, now: dt.datetime, sums: Sums | None = None) -> Calibration:
    """The answer to `query`; `now` decides only what is overdue. `sums` tells its sums where their counts were read
    before.
    """
    scored = scored_for(query, sums)
    found, stored = scored.sums, scored.stored
    table, shown = found.table, display(found.predictions)
    shows_scores, shows_curve = shown != "list", shown in ("curve", "all")
    counted = denominators(query, found.due, now)
    tested = thinned(stored) if shows_curve else None
    word, reason = _verdict(query, stored, tested, counted, shown)
    scores = _scores(query, table, stored) if shows_scores else {}
    brier = scores.get("brier")
    is_settled = not (counted.overdue or counted.void)
    within = bounds(query, brier_total(table), table.total, now) if brier and not is_settled else Bounds()
    is_binary = query.kind == PredictionKind.BINARY
    return Calibration(
        query=query,
        display=shown,
        predictions=found.predictions,
        forecasts=found.pairs,
        pairs=found.pairs,
        weight=table.total,
        clusters=stored.get("clusters"),
        table=table,
        base_rate=_base_rate(query, table, stored),
        brier=brier,
        log=scores.get("log"),
        baseline=scores.get("baseline"),
        peer=scores.get("peer"),
        brier_of_even=BRIER_OF_EVEN if is_binary else None,
        skill_of_even=1 - brier.value / BRIER_OF_EVEN if brier and is_binary else None,
        references=references(stored) if shows_scores else (),
        corp=corp(table) if shows_curve and table.total and not _has_range(query) else None,
        bins=binned(table) if table.total and not _has_range(query) else (),
        groups=groups(stored),
        thinned=tested,
        diagnostics=diagnostics(stored) if shows_scores else None,
        spread=spread(stored) if shows_scores else None,
        verdict=word,
        verdict_reason=reason,
        denominators=counted,
        bounds=within,
        warning=_warning(query),
        missing=missing_of(query, stored) if shows_scores and not stored else "",
        as_of=scored.as_of,
        engine=str(ENGINE),
        digest=_digest(query, scored, counted, within),
        scored=scored,
    )


def scored_as_of() -> dt.datetime | None:
    """When the last decision was made that the scores already know of."""
    return _scored_entry().values_list("at", flat=True).first()


def _scored_entry() -> QuerySet[LedgerEntry]:
    """The last entry that scoring has read."""
    return LedgerEntry.objects.filter(seq=Cursor.objects.filter(name=CursorName.SCORING).values("seq")[:1])


def _has_range(query: CalibrationQuery) -> bool:
    return PredictionKind(query.kind).has_range


def _base_rate(query: CalibrationQuery, table: TickTable, stored: Stored) -> Figure | None:
    """How often what was asked came true; of options it would only say how many there were."""
    if not table.total or query.kind != PredictionKind.BINARY:
        return None
    return figure(table.total_yes / table.total, stored.get("base_rate"), missing_of(query, stored))


def _scores(query: CalibrationQuery, table: TickTable, stored: Stored) -> dict[str, Figure]:
    """The means of the rules that the kind has: from the sums where these tell them, else as they were stored."""
    values = {name: stored[name]["value"] for name in ("log", "baseline", "peer") if stored.get(name)}
    values |= _from_table(query, table)
    missing = missing_of(query, stored)
    return {name: figure(value, stored.get(name), missing) for name, value in values.items()}


def _from_table(query: CalibrationQuery, table: TickTable) -> dict[str, float]:
    """Of options, each forecast has one row that came true, so that their weight is that of the forecasts."""
    if not table.total or _has_range(query):
        return {}
    if query.kind == PredictionKind.BINARY:
        return {"brier": brier_total(table) / (table.total * TICKS**2), "log": mean_log(table)}
    came_true = TickTable.from_rows(zip(table.ticks, table.weight_yes, table.weight_yes, strict=True))
    return {"brier": brier_total(table) / (table.total_yes * TICKS**2), "log": mean_log(came_true)}


def scored_for(query: CalibrationQuery, sums: Sums | None = None) -> Scored:
    """The sums, and what was stored for exactly them; nothing while it waits to be computed again.

    A table that is stored is one row to read, its cells are thousands, scattered over their table.
    """
    sums = sums or partial(summed, query)
    kept = StoredStatistic.objects.filter(query=query.key, stale=False).order_by()
    columns = (Subquery(kept.values(column)[:1]) for column in ("table_sha256", "tick_table", "value"))
    left = LedgerHead.objects.values_list(Subquery(_scored_entry().values("at")[:1]), *columns)
    as_of, digest, packed, value = left.get()
    if packed:
        return Scored(sums(TickTable.unpacked(packed)), digest, as_of, value)
    found = sums(None)
    table_sha256 = table_digest(found.table)
    return Scored(found, table_sha256, as_of, value if value and digest == table_sha256 else {})


def missing_of(query: CalibrationQuery, stored: Stored) -> str:
    """Why there may be no interval."""
    if stored:
        return TOO_FEW
    if query.is_kept:
        return PENDING
    return ASKED_FOR if query.can_be_kept else NOT_KEPT


def _verdict(
    query: CalibrationQuery, stored: Stored, tested: Thinned | None, counted: Denominators, shown: str
) -> tuple[str, str]:
    """The word that the test allows, and why it allows no other."""
    if query.kind != PredictionKind.BINARY:
        return Verdict.TOO_EARLY, str(ONLY_BINARY)
    if query.track == Track.ALL:
        return Verdict.TOO_EARLY, str(ONE_TRACK)
    if tested is None and shown in ("curve", "all"):
        return Verdict.TOO_EARLY, str(NO_TEST)
    if tested is None:
        return Verdict.TOO_EARLY, _("a verdict needs %(least)s settled predictions past their deadline") % {
            "least": SCORES_BELOW
        }
    if tested.n < SCORES_BELOW:
        return Verdict.TOO_EARLY, too_few_separate(tested.n)
    if counted.overdue_share > OVERDUE_ALLOWED:
        return Verdict.TOO_EARLY, _("%(n)s of %(of)s past their deadline wait for us") % {
            "n": counted.overdue,
            "of": counted.past_deadline,
        }
    return stored["thinned"]["verdict"], tested_words(tested)


def too_few_separate(n: int) -> str:
    return ngettext(
        "a verdict needs %(least)s separate predictions; there are %(n)s",
        "a verdict needs %(least)s separate predictions; there are %(n)s",
        n,
    ) % {"least": SCORES_BELOW, "n": n}


def tested_words(tested: Thinned) -> str:
    figures = {"p": spell(f"{tested.p_value:.2g}"), "n": tested.n}
    return _("test of miscalibration, p = %(p)s, n = %(n)s") % figures


def _warning(query: CalibrationQuery) -> str:
    """What flatters in what was asked for."""
    mixed = (query.cohort == "all", WARN_ALL), (query.track == Track.ALL, WARN_TRACKS)
    return "; ".join(str(words) for is_mixed, words in mixed if is_mixed)


def _digest(query: CalibrationQuery, scored: Scored, counted: Denominators, within: Bounds) -> str:
    """SHA-256 of all inputs: the same digest means the same numbers, intervals and bounds included."""
    inputs = {
        "query": query.parameters,
        "engine": ENGINE,
        "table": scored.table_sha256,
        "predictions": scored.sums.predictions,
        "pairs": scored.sums.pairs,
        "denominators": counted.as_counts(),
        "stored": hashlib.sha256(json.dumps(scored.stored, sort_keys=True).encode()).hexdigest(),
        "bounds": [repr(bound) for bound in astuple(within)],
    }
    return hashlib.sha256(canonical(inputs)).hexdigest()
