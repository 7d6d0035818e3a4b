"""May a rule propose an outcome? Pure: facts in, a proposal or the reason why not yet out. An editor decides.

Silence is never NO. Only silence of every source, each checked fine after the deadline, lets a rule propose it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class WatchedSource:
    """One source watched for a prediction: since when, its last good check, its failures in a row, items seen.

    `silent_days` is how long it has answered without anything new, where that is unusual for it; else 0. `unread`: it
    was not read in full since the words to watch for changed. `seen_once`: it shows a change that does not count yet.
    """

    name: str
    since: datetime
    last_good_at: datetime | None
    failures: int = 0
    paused: bool = False
    items_seen: int = 0
    silent_days: int = 0
    unread: bool = False
    seen_once: bool = False


@dataclass(frozen=True)
class FoundReport:
    """A finding: when we first saw it, when it says it was published (None when undated), its stance and review."""

    id: int
    source: str
    seen_at: datetime
    published_at: datetime | None
    stance: Literal["supports_yes", "supports_no", "related"]
    review: Literal["new", "accepted", "dismissed"] = "new"

    @property
    def known_at(self) -> datetime:
        """When the world could read it, at the latest: published, and never later than we saw it."""
        return self.seen_at if self.published_at is None else min(self.published_at, self.seen_at)


@dataclass(frozen=True)
class Case:
    """What is known about one prediction at `now`. All times are aware UTC; `deadline` is `resolves_by`.

    `articles_waiting` counts articles behind its items that are still to be read. `assessed_otherwise`: a language
    model reads a report that stands as confirming it, wholly or in part.
    """

    now: datetime
    opens_at: datetime
    deadline: datetime
    sources: tuple[WatchedSource, ...]
    reports: tuple[FoundReport, ...]
    cannot_resolve_early: bool = False
    articles_waiting: int = 0
    assessed_otherwise: bool = False

    @property
    def standing(self) -> tuple[FoundReport, ...]:
        """The reports that nobody dismissed."""
        return tuple(report for report in self.reports if report.review != "dismissed")


@dataclass(frozen=True)
class RuleProposal:
    """What a rule proposes. `known_at` is when the world knew; `finding_ids` are the findings it stands on."""

    rule: Literal["confirming_report", "silence_after_deadline", "data_series"]
    outcome: Literal["yes", "no"]
    known_at: datetime
    rationale: str
    finding_ids: tuple[int, ...]


@dataclass(frozen=True)
class NotYet:
    """No proposal, and why, as a sentence for the desk."""

    reason: str


def confirmed(case: Case) -> RuleProposal | NotYet:
    """YES when a report that supports it was known after opening and by the deadline, and none speaks against it."""
    if case.cannot_resolve_early and case.now <= case.deadline:
        return NotYet(f"this prediction cannot resolve before its deadline, {_day(case.deadline)}")
    if any(report.stance == "supports_no" for report in case.standing):
        return NotYet("a report speaks against it; a person must weigh them")
    supporting = [report for report in case.standing if report.stance == "supports_yes"]
    if not supporting:
        return NotYet("no report confirms it")
    timely = sorted((report for report in supporting if _is_timely(report, case)), key=lambda report: report.known_at)
    if not timely:
        return NotYet("every confirming report is from before the opening or after the deadline")
    sources = ", ".join(dict.fromkeys(report.source for report in timely))
    count = _count(len(timely), "report matches", "reports match")
    rationale = f"{count} the confirming words by the deadline, {_day(case.deadline)}, in {sources}."
    return RuleProposal("confirming_report", "yes", timely[0].known_at, rationale, tuple(one.id for one in timely))


def silence_at_deadline(case: Case) -> RuleProposal | NotYet:
    """NO when the deadline has passed, every source was checked fine after it and nothing supports yes.

    A report that supports yes forbids it even when it is late or undated: a person must read it.
    """
    if case.now <= case.deadline:
        return NotYet(f"the deadline, {_day(case.deadline)}, has not passed")
    if not case.sources:
        return NotYet("no source is watched, so silence says nothing")
    unchecked = [f"{source.name} {fault}" for source in case.sources for fault in _faults(source, case.deadline)]
    if unchecked:
        return NotYet("not checked: " + "; ".join(unchecked))
    if any(report.stance == "supports_yes" for report in case.standing):
        return NotYet("a report supports yes and nobody dismissed it")
    if case.articles_waiting:
        return NotYet(f"{_count(case.articles_waiting, 'article', 'articles')} behind its items must be read first")
    if case.assessed_otherwise:
        return NotYet("a language model reads a report as confirming it; a person must look")
    items = _count(sum(source.items_seen for source in case.sources), "item", "items")
    sources = _count(len(case.sources), "source", "sources")
    rationale = (
        f"No confirming evidence in {items} from {sources}, all checked after the deadline, {_day(case.deadline)}."
    )
    if unseen := sum(report.review == "new" for report in case.standing):
        rationale += f" {_count(unseen, 'related report', 'related reports')} nobody has looked at."
    read = tuple(report.id for report in case.standing if report.review == "accepted")
    return RuleProposal("silence_after_deadline", "no", case.deadline, rationale, read)


def _is_timely(report: FoundReport, case: Case) -> bool:
    return case.opens_at < report.known_at <= min(case.deadline, case.now)


def _faults(source: WatchedSource, deadline: datetime) -> Iterator[str]:
    """Why the silence of this source says nothing; the first reason is enough."""
    if source.paused:
        yield "is paused"
    elif source.failures:
        yield f"failed {_count(source.failures, 'time', 'times')} in a row"
    elif source.last_good_at is None or source.last_good_at <= deadline:
        yield "has no good check after the deadline"
    elif source.silent_days:
        yield f"has answered for {_count(source.silent_days, 'day', 'days')} without anything new, which is unusual"
    elif source.unread:
        yield "was not read in full since the words to watch for changed"
    elif source.seen_once:
        yield "shows a change that was seen only once so far"
    elif source.since > deadline:
        yield "is watched only since after the deadline"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
