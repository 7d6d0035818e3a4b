"""The desk: what waits for an editor, how much of it and how long."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Min, QuerySet

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
)

LISTED = 8
WEEK = dt.timedelta(days=7)


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
    unsettled = Prediction.objects.filter(status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED))
    drafts = Prediction.objects.filter(status=PredictionStatus.DRAFT)
    return Desk(
        (
            _proposals(),
            _predictions(
                "Overdue by us", unsettled.filter(resolves_by__lt=now), "resolves_by", "status__in=open,closed"
            ),
            _predictions(
                "Due this week",
                unsettled.filter(resolves_by__gte=now, resolves_by__lt=now + WEEK),
                "resolves_by",
                "status__in=open,closed",
            ),
            _findings(),
            _sources(),
            _disputes(),
            _predictions("Drafts to open", drafts, "logged_at", "status__exact=draft"),
            _failures(),
            _snapshots(),
        )
    )


def _section(
    name: str, rows: QuerySet[Any], dated: str, lines: tuple[DeskLine, ...], more: str, **kw: bool
) -> DeskSection:
    counted = rows.aggregate(oldest=Min(dated))
    return DeskSection(name, rows.count(), counted["oldest"], lines, more, **kw)


def _proposals() -> DeskSection:
    rows = Proposal.objects.filter(status=ProposalStatus.WAITING).select_related("prediction", "by_user")
    lines = tuple(
        DeskLine(f"proposal/{row.pk}/change/", row.prediction.statement, f"{row.result_words}, by {row.proposer_words}")
        for row in rows.order_by("proposed_at")[:LISTED]
    )
    return _section("Proposals waiting", rows, "proposed_at", lines, "proposal/?status__exact=waiting")


def _predictions(name: str, rows: QuerySet[Prediction], dated: str, more: str) -> DeskSection:
    lines = tuple(
        DeskLine(f"prediction/{row.pk}/change/", row.statement, _deadline(row)) for row in rows.order_by(dated)[:LISTED]
    )
    return _section(name, rows, dated, lines, f"prediction/?{more}")


def _deadline(row: Prediction) -> str:
    return f"deadline {row.resolves_by:%Y-%m-%d}" if row.resolves_by else "no deadline yet"


def _findings() -> DeskSection:
    rows = Finding.objects.filter(
        review=Review.NEW, prediction__status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED)
    ).select_related("prediction", "source")
    lines = tuple(
        DeskLine(f"finding/{row.pk}/change/", row.title, f"for: {row.prediction.statement[:60]}")
        for row in rows.order_by("found_at")[:LISTED]
    )
    return _section("Evidence waiting", rows, "found_at", lines, "finding/?review__exact=new")


def _sources() -> DeskSection:
    rows = EvidenceSource.objects.filter(failure_count__gt=0) | EvidenceSource.objects.filter(paused=True)
    lines = tuple(
        DeskLine(
            f"evidencesource/{row.pk}/change/",
            row.title,
            row.paused_reason if row.paused else f"failed {row.failure_count} times in a row",
        )
        for row in rows.order_by("title")[:LISTED]
    )
    return _section("Sources stuck", rows, "last_good_check_at", lines, "evidencesource/", broken=True)


def _disputes() -> DeskSection:
    rows = Dispute.objects.filter(status=DisputeStatus.OPEN).select_related("prediction")
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
