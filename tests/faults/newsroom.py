"""A newsroom whose whole story has fixed dates, so that two runs of it must end alike, bit for bit."""

import datetime as dt
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from forecasts.actions import accept_proposal, action, open_prediction, save_source, save_watch
from forecasts.actions.refresh_calibration import value_of
from forecasts.jobs.articles import due_articles, read_article
from forecasts.jobs.check import check_source, due_sources
from forecasts.jobs.deadlines import pass_deadlines
from forecasts.jobs.follow import follow
from forecasts.jobs.recompute import compare
from forecasts.ledger.verify import verify
from forecasts.models import (
    CalibrationCell,
    Check,
    Cursor,
    EntryKind,
    EvidenceSource,
    FactRow,
    Finding,
    FollowerFailure,
    Forecast,
    HostGate,
    LedgerEntry,
    LedgerHead,
    LinkedArticle,
    MadeCount,
    Prediction,
    Proposal,
    ProposalStatus,
    Resolution,
    ScopeCount,
    Score,
    Snapshot,
    StoredStatistic,
    Watch,
)
from tests.story import Story
from tests.wire import Wire

OPENED = dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC)
PUBLISHED = dt.datetime(2020, 2, 1, 12, tzinfo=dt.UTC)
DEADLINE = dt.datetime(2020, 6, 30, 23, 59, 59, tzinfo=dt.UTC)
SETTLED = dt.datetime(2020, 8, 1, tzinfo=dt.UTC)
AUTHORITY = "Ruritanian AI Authority"


@dataclass
class Newsroom:
    """Predictions watched over sources of one wire: every other one is confirmed there, the rest is silence."""

    story: Story
    sources: list[EvidenceSource]

    @classmethod
    def begin(cls, wire: Wire, *, predictions: int, sources: int, **of_source: Any) -> "Newsroom":
        room = cls(Story.begin(), [])
        for number in range(sources):
            # Its predictions differ by a number: every item would be ranked under all of them.
            given = {"title": f"Wire {number}", "next_check_at": OPENED, "search_all": False, **of_source}
            row = EvidenceSource(url=f"{wire.url}?{number}", **given)
            room.sources.append(save_source(source=row, at=OPENED, by=room.story.editor))
        for number in range(predictions):
            room.watch(number)
            if number % 2 == 0:
                wire.publish(f"{rule(number)} is out", f"The {AUTHORITY} published {rule(number)}.", at=PUBLISHED)
        return room

    def watch(self, number: int) -> None:
        statement = f"The {AUTHORITY} will publish {rule(number)} by 30 June 2020."
        draft = self.story.draft(statement=statement, opens_at=OPENED, resolves_by=DEADLINE)
        row = open_prediction(prediction=draft, override_reason="a test", at=OPENED, by=self.story.editor)
        for day, probability in enumerate(("20 %", "45 %", "70 %")):
            self.story.says(row, probability, at=OPENED + dt.timedelta(days=7 * day, hours=number))
        source = self.sources[number % len(self.sources)]
        watch = Watch(prediction=row, source=source, groups=[[AUTHORITY], [rule(number)]], confirms=[["published"]])
        save_watch(watch=watch, at=OPENED, by=self.story.editor)

    def retry_at_once(self) -> None:
        """The operator's click on every source that failed or is quarantined."""
        for source in EvidenceSource.objects.filter(Q(paused=True) | Q(failure_count__gt=0)):
            source.paused = False
            save_source(source=source, at=timezone.now(), by=self.story.editor)

    def accept_all(self) -> int:
        """The approver accepts what waits, as of a fixed day; returns how many."""
        waiting = list(Proposal.objects.filter(status=ProposalStatus.WAITING).order_by("prediction_id"))
        for proposal in waiting:
            accept_proposal(proposal=proposal, at=SETTLED, by=self.story.approver)
        return len(waiting)


def rule(number: int) -> str:
    return f"Rule R{number:03d}"


@action
def leases_run_out() -> None:
    """What 270 seconds bring, without waiting for them: sources of killed workers are free again."""
    for held in (EvidenceSource, HostGate, LinkedArticle):
        held.objects.filter(lease_id__isnull=False).update(lease_until=OPENED)


def sweep() -> int:
    """One round of everything that beat asks for; returns what was done."""
    now = timezone.now()
    done = pass_deadlines(now)
    done += sum(check_source(due.source_id, due.due_at) for due in due_sources(now, per_host=100))
    done += sum(read_article(due.link_id, due.due_at) for due in due_articles(now, per_host=100))
    return done + follow()


def sweep_until_quiet() -> None:
    while sweep():
        pass


def is_quiet() -> bool:
    """Everything is checked, past its deadline, settled, read and computed."""
    head = LedgerHead.objects.get(id=1).size
    return (
        not EvidenceSource.objects.filter(last_good_check_at__isnull=True).exists()
        and not Cursor.objects.exclude(seq=head).exists()
        and not Prediction.objects.filter(due_at__isnull=True).exists()
        and not StoredStatistic.objects.filter(stale=True).exists()
        and not Prediction.objects.filter(current_resolution=None).exists()
    )


STATEMENT = "prediction__statement"
SETTLED_BY = ("outcome", "known_at")
SHAPES: dict[type[models.Model], tuple[str, ...]] = {
    Check: ("source__title", "status", "items", "error_code"),
    Finding: (STATEMENT, "source__title", "title", "published_at", "quote", "stance", "review"),
    Proposal: (STATEMENT, *SETTLED_BY, "by_rule", "status", "rationale", "findings__title"),
    Resolution: (STATEMENT, *SETTLED_BY),
    Forecast: (STATEMENT, "issued_at", "tick"),
    Score: (STATEMENT, "track", "counting", "cohort", "weight", "brier_sum", "log_sum", "coverage"),
    FactRow: (STATEMENT, "track", "counting", "cohort", "lead_band", "month", "tick", "n", "weight", "weight_yes"),
    CalibrationCell: ("scope", "track", "counting", "cohort", "month", "tick", "n", "weight", "weight_yes"),
    ScopeCount: ("scope", "track", "counting", "cohort", "month", "predictions", "pairs"),
    MadeCount: ("scope", "said", "state", "moment", "latest_deadline", "predictions"),
    LedgerEntry: ("kind",),
    Snapshot: ("sha256", "text_sha256"),
    FollowerFailure: ("cursor", "error"),
    LinkedArticle: ("finding__title", "error_code", "next_try_at", "lease_id"),
    EvidenceSource: ("title", "paused", "failure_count", "crash_count", "lease_id"),
}


def state() -> dict[str, Counter[Any]]:
    """Everything that two runs must agree on, without the numbers of rows and the moments at which workers ran."""
    found = {kind.__name__: Counter(kind._default_manager.values_list(*fields)) for kind, fields in SHAPES.items()}
    found["LedgerEntry"].pop((EntryKind.SOURCE_SAVED,))  # an operator may have clicked
    found["LedgerEntry"].pop((EntryKind.PREDICTION_CLOSED,), None)  # unless it was resolved before the clock came by
    return found


def assert_sound() -> None:
    """The ledger holds, and everything derived equals a recomputation, bit for bit."""
    verify()
    found = compare()
    assert (found.differences, found.pending) == ([], 0)
    for row in StoredStatistic.objects.all():
        assert not row.stale, row.query
        expected = json.loads(json.dumps(value_of(row.query)))  # as it is stored
        assert row.value == expected, row.query


def differences(one: dict[str, Counter[Any]], other: dict[str, Counter[Any]]) -> dict[str, tuple[Any, Any]]:
    """By noun: what only the one state has, and what only the other has."""
    return {noun: (one[noun] - other[noun], other[noun] - one[noun]) for noun in one if one[noun] != other[noun]}
