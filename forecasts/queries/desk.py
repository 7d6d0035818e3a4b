"""The desk: what waits for an editor, how much of it and how long."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
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

from .prediction_page import checked_words

LISTED = 8
DAY = dt.timedelta(days=1)
WEEK = 7 * DAY
MOVED_FOR_GOOD = 3  # checks in a row


@dataclass(frozen=True)
class DeskLine:
    """One thing to do: where it leads, what it is, and the reason or age on the right."""

    url: str
    title: str
    note: str


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
    drafts = Prediction.objects.filter(status=PredictionStatus.DRAFT)
    return Desk(
        (
            proposals(),
            overdue(now),
            due_within("Due this week", WEEK, now),
            findings(),
            sources(now),
            disputes(),
            predictions("Drafts to open", drafts, "logged_at", "status__exact=draft"),
            _failures(),
            _snapshots(),
            _webhooks(),
        )
    )


def overdue(now: dt.datetime) -> DeskSection:
    return predictions("Overdue by us", Prediction.objects.overdue(now), "resolves_by", "status__in=open,closed")


def due_within(name: str, span: dt.timedelta, now: dt.datetime) -> DeskSection:
    unsettled = Prediction.objects.filter(status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED))
    due = unsettled.filter(resolves_by__gte=now, resolves_by__lt=now + span)
    return predictions(name, due, "resolves_by", "status__in=open,closed")


def _section(
    name: str, rows: QuerySet[Any], dated: str, lines: tuple[DeskLine, ...], more: str, **kw: bool
) -> DeskSection:
    counted = rows.aggregate(count=Count("*"), oldest=Min(dated))
    return DeskSection(name, counted["count"], counted["oldest"], lines, more, **kw)


def proposals() -> DeskSection:
    rows = Proposal.objects.filter(status=ProposalStatus.WAITING).select_related("prediction", "by_user")
    lines = tuple(
        DeskLine(f"proposal/{row.pk}/change/", row.prediction.statement, f"{row.result_words}, by {row.proposer_words}")
        for row in rows.order_by("proposed_at")[:LISTED]
    )
    return _section("Proposals waiting", rows, "proposed_at", lines, "proposal/?status__exact=waiting")


def predictions(name: str, rows: QuerySet[Prediction], dated: str, more: str) -> DeskSection:
    lines = tuple(
        DeskLine(f"prediction/{row.pk}/change/", row.statement, _deadline(row)) for row in rows.order_by(dated)[:LISTED]
    )
    return _section(name, rows, dated, lines, f"prediction/?{more}")


def _deadline(row: Prediction) -> str:
    return f"deadline {row.resolves_by:%Y-%m-%d}" if row.resolves_by else "no deadline yet"


def findings() -> DeskSection:
    """A story is one line, whoever told it again; what is most likely to settle something comes first."""
    unsettled = (PredictionStatus.OPEN, PredictionStatus.CLOSED)
    rows = Finding.objects.filter(review=Review.NEW, prediction__status__in=unsettled, same_story_as=None)
    elsewhere = Q(retellings__source__lt=F("source")) | Q(retellings__source__gt=F("source"))
    others = Count("retellings__source", distinct=True, filter=elsewhere)
    shown: Any = rows.select_related("prediction").annotate(outlets=1 + others)
    lines = tuple(
        DeskLine(f"finding/{row.pk}/change/", row.title, _evidence_note(row.prediction, row.outlets))
        for row in shown.order_by("-reading_order", "found_at")[:LISTED]
    )
    return _section("Evidence waiting", rows, "found_at", lines, "finding/?review__exact=new")


def _evidence_note(prediction: Prediction, outlets: int) -> str:
    told = f"{outlets} outlets, " if outlets > 1 else ""
    return f"{told}for: {Truncator(prediction.statement).chars(80)}"


def sources(now: dt.datetime) -> DeskSection:
    quiet = EvidenceSource.objects.filter(last_new_at__lt=now - DAY, usual_gap__isnull=False)
    silent = [row.pk for row in quiet if row.silent_for(now)]
    failing = Q(failure_count__gt=0) | Q(paused=True)
    rows = EvidenceSource.objects.filter(failing | Q(moved_count__gte=MOVED_FOR_GOOD) | Q(pk__in=silent))
    lines = tuple(
        DeskLine(f"evidencesource/{row.pk}/change/", row.title, _source_note(row, now))
        for row in rows.order_by("title")[:LISTED]
    )
    return _section("Sources stuck", rows, "last_good_check_at", lines, "evidencesource/", broken=True)


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
    rows = rows.filter(due_at__lt=before) if before else rows
    lines = tuple(
        DeskLine(f"dispute/{row.pk}/change/", str(row), f"answer due {row.due_at:%Y-%m-%d}")
        for row in rows.order_by("due_at")[:LISTED]
    )
    return _section("Disputes to answer", rows, "opened_at", lines, "dispute/?status__exact=open")


def _failures() -> DeskSection:
    rows = FollowerFailure.objects.select_related("entry")
    lines = tuple(
        DeskLine(f"followerfailure/{row.pk}/change/", str(row.entry), row.error) for row in rows.order_by("at")[:LISTED]
    )
    return _section("Entries not digested", rows, "at", lines, "followerfailure/", broken=True)


def _snapshots() -> DeskSection:
    rows = Snapshot.objects.exclude(fault="").defer("text", "record")
    lines = tuple(
        DeskLine(f"snapshot/{row.pk}/change/", str(row), row.fault) for row in rows.order_by("verified_at")[:LISTED]
    )
    return _section("Snapshots damaged", rows, "verified_at", lines, "snapshot/?fault__isempty=0", broken=True)


def _webhooks() -> DeskSection:
    rows = Webhook.objects.filter(Q(paused=True) | Q(failure_count__gt=0))
    lines = tuple(
        DeskLine(
            f"webhook/{row.pk}/change/", row.title, row.paused_reason or f"failed {row.failure_count} times in a row"
        )
        for row in rows.order_by("title")[:LISTED]
    )
    return _section("Webhooks stuck", rows, "last_good_at", lines, "webhook/", broken=True)
