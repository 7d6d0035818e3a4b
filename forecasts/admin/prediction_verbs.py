"""What can be done to a prediction from its page: a small form each, and the action behind it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings

from forecasts.actions import (
    Citation,
    Result,
    Seen,
    add_finding,
    issue_forecast,
    open_dispute,
    open_prediction,
    propose_resolution,
    save_watch,
    withdraw_forecast,
)
from forecasts.models import (
    Basis,
    DisputeReason,
    EvidenceSource,
    Finding,
    Forecaster,
    Prediction,
    PredictionKind,
    PredictionStatus,
    Review,
    Stance,
    VoidReason,
    Watch,
)
from forecasts.queries.suggestions import suggested_groups

from .base import Acting, Verb
from .fields import HELP_GROUPS, GroupsField, RowForm, RuleField, TermsField, moment, today
from .kinds import outcome_field, value_lines
from .ladders import ladder_note
from .rows import RowField

FORECASTER_WORDS = ("name", "slug")


class OpenForm(RowForm):
    override_reason = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text="Only to open although a lint rule fails: say why. A deadline cannot be overridden.",
    )


def _open(acting: Acting, row: Prediction, given: Mapping[str, Any]) -> str:
    open_prediction(prediction=row, override_reason=given["override_reason"], at=acting.at, by=acting.by)
    return "It is open: readers see it, and its suggested forecast was issued."


class ForecastForm(RowForm):
    forecaster = RowField(Forecaster.objects.speaking(), FORECASTER_WORDS)
    value = forms.CharField(
        label="Probability", help_text="A number from 0 to 1, such as 0.7, or a percentage such as 70 %."
    )
    issued_at = moment(help_text="UTC. When it was made; empty for now.")
    basis = forms.ChoiceField(choices=Basis.choices, initial=Basis.STATED)
    wording = forms.CharField(required=False, help_text="The expression, when the probability is implied by it.")
    wording_table = forms.CharField(required=False)
    quote = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        help_text="The sentence in the prediction's article, word for word.",
    )
    rationale = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3, "cols": 80}))

    def prepare(self) -> None:
        if self.row.kind != PredictionKind.BINARY:
            self.fields["value"] = value_lines(self.row)
            explicit = [pair for pair in Basis.choices if pair[0] != Basis.IMPLIED]
            self.fields["basis"] = forms.ChoiceField(choices=explicit, initial=Basis.STATED)
            del self.fields["wording"], self.fields["wording_table"]


def _forecast(acting: Acting, row: Prediction, given: Mapping[str, Any]) -> str:
    citation = Citation(row.article, given["quote"]) if row.article and given["quote"] else None
    forecast = issue_forecast(
        prediction=row,
        forecaster=given["forecaster"],
        value=given["value"],
        issued_at=given["issued_at"],
        basis=given["basis"],
        wording=given.get("wording", ""),
        wording_table=given.get("wording_table", ""),
        citation=citation,
        rationale=given["rationale"],
        at=acting.at,
        by=acting.by,
    )
    note = ladder_note(row, forecast.forecaster)
    return f"Recorded: {forecast} ({forecast.get_provenance_display()}). {note}".strip()


class WithdrawForm(RowForm):
    forecaster = RowField(Forecaster.objects.all(), FORECASTER_WORDS)
    rationale = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3, "cols": 80}))

    def prepare(self) -> None:
        standing = Forecaster.objects.filter(forecasts__prediction=self.row).distinct()
        self.fields["forecaster"].queryset = standing  # type: ignore[attr-defined]  # a RowField has one


def _withdraw(acting: Acting, row: Prediction, given: Mapping[str, Any]) -> str:
    withdraw_forecast(prediction=row, at=acting.at, by=acting.by, **given)
    return "Withdrawn, from now on; what stood before stays in the record."


class WatchForm(RowForm):
    source = RowField(EvidenceSource.objects.all(), ("title", "url"))
    groups = GroupsField(required=False, help_text=f"Suggested from the statement; correct them. {HELP_GROUPS}")
    exclusions = TermsField(required=False, help_text="An item with one of these never matches.")
    confirms = GroupsField(
        required=False, help_text="If an item matches all of these lines too, a rule proposes yes. " + HELP_GROUPS
    )
    rule = RuleField(
        required=False,
        label="Rule over a data series",
        help_text='Instead of words, such as {"when": {"mode": "any", "from": "2026-01-01", "to": "2026-12-31"}, '
        '"op": ">=", "threshold": "4.5"}.',
    )

    def prepare(self) -> None:
        self.fields["groups"].initial = [list(group) for group in suggested_groups(self.row)]
        if self.row.kind != PredictionKind.BINARY:
            del self.fields["confirms"], self.fields["rule"]


def _watch(acting: Acting, row: Prediction, given: Mapping[str, Any]) -> str:
    watch = Watch.objects.filter(prediction=row, source=given["source"]).first() or Watch(prediction=row)
    for name, value in given.items():
        setattr(watch, name, value)
    save_watch(watch=watch, at=acting.at, by=acting.by)
    return f"Watched: {watch.source}."


class FindForm(RowForm):
    title = forms.CharField(max_length=500)
    url = forms.URLField(required=False, assume_scheme="https")
    published_at = moment(help_text="UTC. When the report came out.")
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 8, "cols": 90}), help_text="The report as you saw it.")
    quote = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2, "cols": 90}), help_text="The sentence that matters, word for word."
    )
    stance = forms.ChoiceField(choices=Stance.choices)


def _find(acting: Acting, row: Prediction, given: Mapping[str, Any]) -> str:
    add_finding(prediction=row, seen=Seen(**given), at=acting.at, by=acting.by)
    return "Kept as evidence, with the text as you saw it."


class ObjectForm(RowForm):
    reason = forms.ChoiceField(choices=DisputeReason.choices)
    text = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4, "cols": 90}), help_text="As it was written to us. Readers see it."
    )
    contact = forms.EmailField(required=False, help_text="For our answer. Never published, never in the ledger.")


def _object(acting: Acting, row: Prediction, given: Mapping[str, Any]) -> str:
    dispute = open_dispute(prediction=row, **given, at=acting.at, by=acting.by)
    return f"Kept, and public. We owe an answer by {dispute.due_at:%Y-%m-%d}."


class ProposeForm(RowForm):
    outcome = forms.CharField(required=False)
    void_reason = forms.ChoiceField(required=False, choices=[("", "not void"), *VoidReason.choices])
    known_at = moment(
        required=True,
        initial=today,
        help_text="UTC. When the world knew; for a day without a time, its 00:00.",
    )
    findings = forms.ModelMultipleChoiceField(
        queryset=Finding.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    clause = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        help_text="The clause of the criteria that the evidence satisfies.",
    )
    rationale = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "cols": 80}))
    evidence_exception = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        help_text="Only without findings: why none is needed.",
    )

    def prepare(self) -> None:
        findings = self.row.findings.exclude(review=Review.DISMISSED)
        self.fields["findings"].queryset = findings  # type: ignore[attr-defined]
        self.fields["outcome"] = outcome_field(self.row)


def _propose(acting: Acting, row: Prediction, given: Mapping[str, Any]) -> str:
    result = Result(
        known_at=given["known_at"],
        outcome=given["outcome"],
        void_reason=given["void_reason"],
        evidence_exception=given["evidence_exception"],
    )
    propose_resolution(
        prediction=row,
        result=result,
        clauses=[(finding, given["clause"]) for finding in given["findings"]],
        rationale=given["rationale"],
        at=acting.at,
        by=acting.by,
    )
    if settings.RESOLUTION_REQUIRES_SECOND_EDITOR:
        return "Proposed. Another editor with the right to approve decides."
    return "Proposed. An editor with the right to approve decides."


def _unsettled(row: Prediction) -> bool:
    return row.status in (PredictionStatus.OPEN, PredictionStatus.CLOSED)


def is_draft(row: Prediction) -> bool:
    return row.status == PredictionStatus.DRAFT


VERBS = (
    Verb("open", "Open", "keep_predictions", OpenForm, _open, is_draft, on_desk=True, at_once=True),
    Verb("forecast", "Record a forecast", "keep_predictions", ForecastForm, _forecast, lambda row: not is_draft(row)),
    Verb("withdraw", "Withdraw a forecast", "keep_predictions", WithdrawForm, _withdraw, _unsettled),
    Verb("watch", "Watch a source", "keep_predictions", WatchForm, _watch, _unsettled),
    Verb("find", "Add evidence", "keep_predictions", FindForm, _find, lambda row: not is_draft(row)),
    Verb("object", "Log an objection", "keep_predictions", ObjectForm, _object, lambda row: not is_draft(row)),
    Verb(
        "propose",
        "Propose a resolution",
        "propose_resolutions",
        ProposeForm,
        _propose,
        lambda row: not is_draft(row),
        on_desk=True,
    ),
)
