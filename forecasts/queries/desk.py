"""The desk: what waits for an editor, how much of it and how long."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Count, Min, Model, Prefetch, Q, QuerySet
from django.utils.text import Truncator

from forecasts.models import (
    Dispute,
    DisputeStatus,
    EvidenceSource,
    Finding,
    FollowerFailure,
    Prediction,
    PredictionStatus,
    Proposal,
    ProposalStatus,
    Review,
    Snapshot,
    Webhook,
)

from .linting import lint_prediction
from .prediction_page import checked_words

LISTED = 8
DAY = dt.timedelta(days=1)
WEEK = 7 * DAY
MOVED_FOR_GOOD = 3  # checks in a row


@dataclass(frozen=True)
class DeskLine:
    """One thing to do: its row, what it is, and the reason or age on the right."""

    row: Model
    title: str
    note: str

    @property
    def place(self) -> str:
        """Where the row's pages begin, from the app's address at the desk."""
        return f"{self.row._meta.model_name}/{self.row.pk}/"

    @property
    def url(self) -> str:
        return f"{self.place}change/"


@dataclass(frozen=True)
class DeskSection:
    """A pile on the desk: its count, the age of its oldest item, and its first lines."""

    name: str
    count: int
    oldest: dt.datetime | None
    lines: tuple[DeskLine, ...]
    more_url: str
    broken: bool = False


@dataclass(frozen=True)
class Desk:
    sections: tuple[DeskSection, ...]

    @property
    def waiting(self) -> int:
        return sum(section.count for section in self.sections)


def desk(now: dt.datetime) -> Desk:
    """Every pile, also the empty ones, in the order in which an editor works."""
    return Desk(
        (
            proposals(),
            overdue(now),
            due_within("Due this week", WEEK, now),
            findings(),
            sources(now),
            disputes(),
            drafts(),
            _failures(),
            _snapshots(),
            _webhooks(),
        )
    )


def overdue(now: dt.datetime) -> DeskSection:
    return _unsettled("Overdue by us", Prediction.objects.overdue(now))


def due_within(name: str, span: dt.timedelta, now: dt.datetime) -> DeskSection:
    unsettled = Prediction.objects.filter(status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED))
    return _unsettled(name, unsettled.filter(resolves_by__gte=now, resolves_by__lt=now + span))


def _unsettled(name: str, rows: QuerySet[Prediction]) -> DeskSection:
    more, shown = "prediction/?status__in=open,closed", rows.only("statement", "resolves_by", "status")
    return _section(name, shown, "resolves_by", _prediction, more)


def _prediction(row: Prediction) -> DeskLine:
    return DeskLine(row, row.statement, f"deadline {row.resolves_by:%Y-%m-%d}")


def drafts() -> DeskSection:
    """What the lint says of each, as when it is opened."""
    rows = Prediction.objects.filter(status=PredictionStatus.DRAFT)
    return _section("Drafts to open", rows, "logged_at", _draft, "prediction/?status__exact=draft")


def _draft(row: Prediction) -> DeskLine:
    failing = [failure.rule for failure in lint_prediction(row)]
    return DeskLine(row, row.statement, f"not yet: {', '.join(failing)}" if failing else "ready to open")


def _section(
    name: str,
    rows: QuerySet[Any],
    dated: str,
    line: Callable[[Any], DeskLine],
    more_url: str,
    *,
    order: tuple[str, ...] = (),
    broken: bool = False,
) -> DeskSection:
    """The first rows by `order`, or else by the date that tells a row's age. Only a large pile is counted by itself."""
    shown = list(rows.order_by(*(order or (dated,)), "pk")[: LISTED + 1])
    if len(shown) > LISTED:
        count, oldest = rows.aggregate(count=Count("*"), oldest=Min(dated)).values()
    else:
        dates = (getattr(row, dated) for row in shown)
        count, oldest = len(shown), min((date for date in dates if date), default=None)
    return DeskSection(name, count, oldest, tuple(line(row) for row in shown[:LISTED]), more_url, broken)


def proposals() -> DeskSection:
    rows = Proposal.objects.filter(status=ProposalStatus.WAITING).select_related("prediction", "by_user")
    return _section("Proposals waiting", rows, "proposed_at", _proposal, "proposal/?status__exact=waiting")


def _proposal(row: Proposal) -> DeskLine:
    note = f"{row.result_words}, by {row.proposer_words}"
    return DeskLine(row, row.prediction.statement, note)


def findings() -> DeskSection:
    """A story is one line, whoever told it again; what is most likely to settle something comes first."""
    unsettled = (PredictionStatus.OPEN, PredictionStatus.CLOSED)
    rows = Finding.objects.filter(review=Review.NEW, prediction__status__in=unsettled, same_story_as=None)
    told_again = Prefetch("retellings", Finding.objects.only("source", "same_story_as").order_by())
    shown = rows.select_related("prediction").prefetch_related(told_again)
    more = "finding/?review__exact=new"
    return _section(
        "Evidence waiting",
        shown,
        "found_at",
        _finding,
        more,
        order=("-reading_order", "found_at"),
    )


def _finding(row: Finding) -> DeskLine:
    outlets = len({row.source_id, *(each.source_id for each in row.retellings.all())})
    told = f"{outlets} outlets, " if outlets > 1 else ""
    return DeskLine(row, row.title, f"{told}for: {Truncator(row.prediction.statement).chars(80)}")


def sources(now: dt.datetime) -> DeskSection:
    quiet = EvidenceSource.objects.filter(last_new_at__lt=now - DAY, usual_gap__isnull=False)
    silent = [row.pk for row in quiet if row.silent_for(now)]
    failing = Q(failure_count__gt=0) | Q(paused=True)
    rows = EvidenceSource.objects.filter(failing | Q(moved_count__gte=MOVED_FOR_GOOD) | Q(pk__in=silent))
    line = partial(_source, now)
    return _section(
        "Sources stuck",
        rows,
        "last_good_check_at",
        line,
        "evidencesource/",
        order=("title",),
        broken=True,
    )


def _source(now: dt.datetime, row: EvidenceSource) -> DeskLine:
    return DeskLine(row, row.title, _source_note(row, now))


def _source_note(row: EvidenceSource, now: dt.datetime) -> str:
    if row.paused:
        return row.paused_reason
    if row.failure_count:
        return _failed_words(row.failure_count)
    if row.moved_count >= MOVED_FOR_GOOD:
        return f"moved for good; change its address to {row.moved_to}"
    return checked_words(row, now)


def _failed_words(times: int) -> str:
    return f"failed {times} times in a row"


def disputes(before: dt.datetime | None = None) -> DeskSection:
    """Open ones; with `before`, those whose answer is due by then."""
    rows = Dispute.objects.filter(status=DisputeStatus.OPEN).select_related("prediction")
    rows, more = rows.filter(due_at__lt=before) if before else rows, "dispute/?status__exact=open"
    return _section("Disputes to answer", rows, "opened_at", _dispute, more, order=("due_at",))


def _dispute(row: Dispute) -> DeskLine:
    return DeskLine(row, str(row), f"answer due {row.due_at:%Y-%m-%d}")


def _failures() -> DeskSection:
    rows = FollowerFailure.objects.select_related("entry")
    return _section("Entries not digested", rows, "at", _failure, "followerfailure/", broken=True)


def _failure(row: FollowerFailure) -> DeskLine:
    return DeskLine(row, str(row.entry), row.error)


def _snapshots() -> DeskSection:
    rows = Snapshot.objects.exclude(fault="").defer("text", "record")
    return _section("Snapshots damaged", rows, "verified_at", _snapshot, "snapshot/?fault__isempty=0", broken=True)


def _snapshot(row: Snapshot) -> DeskLine:
    return DeskLine(row, str(row), row.fault)


def _webhooks() -> DeskSection:
    rows = Webhook.objects.filter(Q(paused=True) | Q(failure_count__gt=0))
    return _section("Webhooks stuck", rows, "last_good_at", _webhook, "webhook/", order=("title",), broken=True)


def _webhook(row: Webhook) -> DeskLine:
    return DeskLine(row, row.title, row.paused_reason or _failed_words(row.failure_count))
