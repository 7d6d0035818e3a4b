"""Short words for what people do, all through actions: the tests' only way to write."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group, User

from forecasts.actions import (
    Result,
    Seen,
    accept_proposal,
    action,
    add_finding,
    amend_prediction,
    correct_resolution,
    issue_forecast,
    log_prediction,
    mark_due,
    open_prediction,
    propose_resolution,
    resolve_prediction,
    save_reference,
    withdraw_forecast,
)
from forecasts.jobs.follow import follow
from forecasts.models import (
    Finding,
    Forecast,
    Forecaster,
    ForecasterKind,
    Prediction,
    Proposal,
    Resolution,
    Review,
    StoredStatistic,
    Topic,
    VoidReason,
)
from forecasts.scoring.days import day_number

START = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
DEADLINE = dt.datetime(2026, 6, 30, 23, 59, 59, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
STATEMENT = "The communications authority of Ruritania will publish a binding watermarking rule by 30 June 2026."


def make_user(name: str, *groups: str) -> User:
    user = User.objects.create_user(name, is_staff=True)  # no password: tests log in without one
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


@action
def _unreview(*, finding: Finding) -> None:
    Finding.objects.filter(pk=finding.pk).update(review=Review.NEW, reviewed_by=None, reviewed_at=None)


@action
def _stale() -> None:
    StoredStatistic.objects.update(stale=True)


def result_of(prediction: Prediction, outcome: str, known_at: dt.datetime) -> Result:
    """A reason to void, the name of an option, or any other outcome as it is."""
    if outcome in VoidReason.values:
        return Result(known_at=known_at, void_reason=outcome)
    named = str(prediction.options.index(outcome)) if outcome in prediction.options else outcome
    return Result(known_at=known_at, outcome=named)


@dataclass
class Story:
    editor: User
    approver: User
    desk: Forecaster
    count: int = field(default=0)

    @classmethod
    def begin(cls) -> "Story":
        editor, approver = make_user("editor", "Editors", "Operators"), make_user("approver", "Editors", "Approvers")
        desk = Forecaster(slug="policy-desk", name="Policy desk", kind=ForecasterKind.DESK)
        return cls(editor, approver, save_reference(row=desk, at=START, by=editor))

    def forecaster(self, slug: str, kind: str = ForecasterKind.AI_MODEL) -> Forecaster:
        row = Forecaster(slug=slug, name=slug.replace("-", " ").title(), kind=kind)
        return save_reference(row=row, at=START, by=self.editor)

    def topic(self, slug: str) -> Topic:
        return save_reference(row=Topic(slug=slug, name=slug.title()), at=START, by=self.editor)

    def draft(self, **fields: Any) -> Prediction:
        self.count += 1
        given = {
            "statement": f"{STATEMENT} ({self.count})",
            "criteria": "Yes if the authority's official gazette carries the binding rule by the deadline.",
            "resolution_source": "The official gazette of the communications authority of Ruritania",
            "opens_at": START,
            "resolves_by": DEADLINE,
            **fields,
        }
        topics = given.pop("topics", ())
        return log_prediction(prediction=Prediction(**given), topics=topics, at=START, by=self.editor)

    def opened(self, **fields: Any) -> Prediction:
        return open_prediction(prediction=self.draft(**fields), override_reason="a test", at=START, by=self.editor)

    def choice(self, *options: str, **fields: Any) -> Prediction:
        """An open prediction of one of several options."""
        return self.opened(kind="multiple_choice", options=list(options), **fields)

    def number(self, low: str, high: str, **fields: Any) -> Prediction:
        """An open prediction of a number from `low` to `high`, closed unless said otherwise."""
        return self.opened(kind="numeric", range_min=Decimal(low), range_max=Decimal(high), **fields)

    def date(self, first: str, limit: str, **fields: Any) -> Prediction:
        """An open prediction of a day after `first`, up to `limit` or not before."""
        return self.opened(kind="date", range_min=day_number(first), range_max=day_number(limit), **fields)

    def says(self, prediction: Prediction, value: object, *, at: dt.datetime = START, **fields: Any) -> Forecast:
        fields.setdefault("forecaster", self.desk)
        return issue_forecast(prediction=prediction, value=value, at=at, by=self.editor, **fields)

    def withdraws(self, prediction: Prediction, *, at: dt.datetime, forecaster: Forecaster | None = None) -> Forecast:
        return withdraw_forecast(prediction=prediction, forecaster=forecaster or self.desk, at=at, by=self.editor)

    def amends(
        self, prediction: Prediction, changes: dict[str, Any], *, at: dt.datetime = START, **more: Any
    ) -> Prediction:
        return amend_prediction(prediction=prediction, changes=changes, at=at, by=self.editor, **more)

    def sees(self, prediction: Prediction, *, at: dt.datetime, stance: str = "supports_yes") -> Finding:
        text = f"The gazette of {at:%d %B %Y} speaks of {prediction.slug}."
        seen = Seen(title="Gazette", url="http://gazette.test/1", text=text, quote=text, stance=stance, published_at=at)
        return add_finding(prediction=prediction, seen=seen, at=at, by=self.editor)

    def resolves(
        self, prediction: Prediction, outcome: str, *, known_at: dt.datetime, at: dt.datetime | None = None
    ) -> Resolution:
        """Propose by the editor, accept by the approver."""
        at = at or known_at
        proposal = self.proposes_from(prediction, outcome, [self.sees(prediction, at=at)], known_at=known_at, at=at)
        return accept_proposal(proposal=proposal, at=at, by=self.approver)

    def proposes_from(
        self,
        prediction: Prediction,
        outcome: str,
        findings: list[Finding],
        *,
        known_at: dt.datetime,
        at: dt.datetime | None = None,
    ) -> Proposal:
        """The editor proposes on evidence."""
        return propose_resolution(
            prediction=prediction,
            result=result_of(prediction, outcome, known_at),
            clauses=[(finding, "") for finding in findings],
            rationale="it was in the gazette",
            at=at or known_at,
            by=self.editor,
        )

    def proposes(self, prediction: Prediction, outcome: str, *, known_at: dt.datetime) -> Proposal:
        """The editor proposes on her own word."""
        return propose_resolution(
            prediction=prediction,
            result=Result(known_at=known_at, outcome=outcome, evidence_exception="the editor saw it"),
            rationale="it was in the gazette",
            at=known_at,
            by=self.editor,
        )

    def resolves_directly(self, prediction: Prediction, outcome: str, *, known_at: dt.datetime) -> Resolution:
        """The approver resolves without a proposal; the editor said so first."""
        return resolve_prediction(
            prediction=prediction,
            result=Result(known_at=known_at, outcome=outcome, evidence_exception="the editor saw it"),
            proposer=self.editor,
            at=known_at,
            by=self.approver,
        )

    def unreviews(self, finding: Finding) -> Finding:
        """A finding as a worker leaves it, waiting for review."""
        _unreview(finding=finding)
        finding.refresh_from_db()
        return finding

    def corrects(self, prediction: Prediction, outcome: str, *, known_at: dt.datetime, at: dt.datetime) -> Resolution:
        """The approver supersedes the resolution; the editor said so first."""
        finding = self.sees(prediction, at=at)
        result = result_of(prediction, outcome, known_at)
        return correct_resolution(
            prediction=prediction,
            result=result,
            findings=[finding],
            proposer=self.editor,
            note="the gazette was misread",
            at=at,
            by=self.approver,
        )

    def passes(self, prediction: Prediction, at: dt.datetime = DEADLINE + DAY) -> Prediction:
        prediction.refresh_from_db()
        return mark_due(prediction=prediction, at=at, by="worker:clock")

    def settled(self, value: object, outcome: str, **fields: Any) -> Prediction:
        """Opened, forecast on the first day, past its deadline and resolved then."""
        prediction = self.opened(**fields)
        self.says(prediction, value)
        self.passes(prediction)
        self.resolves(prediction, outcome, known_at=DEADLINE + DAY)
        return prediction

    def stales(self) -> None:
        """What scoring leaves before the statistics are computed again."""
        _stale()

    def scores(self) -> int:
        """Let the followers read the ledger."""
        return follow()
