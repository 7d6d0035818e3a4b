from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .base import choice_check
from .finding import Finding
from .import_run import ImportRun
from .prediction import Prediction
from .values import outcome_words


class VoidReason(models.TextChoices):
    PREMISE_FAILED = "premise_failed", _("the premise failed")
    UNRESOLVABLE = "unresolvable", _("it cannot be resolved")
    AMBIGUOUS_CRITERIA = "ambiguous_criteria", _("the criteria are ambiguous")
    DUPLICATE = "duplicate", _("it repeats another prediction")
    RETRACTED = "retracted", _("it was retracted")
    SUPERSEDED = "superseded", _("a successor replaces it")
    NOT_A_PREDICTION = "not_a_prediction", _("it was already known")


class RejectReason(models.TextChoices):
    TOO_EARLY = "too_early", _("too early to say")
    WRONG_OUTCOME = "wrong_outcome", _("the evidence says otherwise")
    WEAK_EVIDENCE = "weak_evidence", _("the evidence is too weak")
    OFF_TOPIC = "off_topic", _("the evidence is about something else")


class ProposalStatus(models.TextChoices):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


ONE_RESULT = Q(outcome="", void_reason__gt="") | Q(outcome__gt="", void_reason="")


def result_words(row: "Proposal | Resolution") -> str:
    return outcome_words(row.prediction, row.outcome) or gettext("void: %(reason)s") % {
        "reason": VoidReason(row.void_reason).label
    }


class Proposal(models.Model):
    """A suggested outcome, or a reason to void, with the findings it rests on."""

    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="proposals")
    outcome = models.CharField(
        max_length=100, blank=True, help_text="yes or no; the number of the option; or the value."
    )
    void_reason = models.CharField(max_length=20, choices=VoidReason.choices, blank=True)
    known_at = models.DateTimeField(help_text="When the world knew.")
    rationale = models.TextField()
    evidence_exception = models.TextField(
        blank=True, help_text="Why it is proposed without an accepted finding, if it is."
    )
    proposed_at = models.DateTimeField(editable=False)
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_rule = models.CharField(max_length=50, blank=True)
    confidence = models.PositiveIntegerField(null=True, blank=True, help_text="Per cent, from an assessor.")
    status = models.CharField(max_length=10, choices=ProposalStatus.choices, default=ProposalStatus.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reject_reason = models.CharField(max_length=20, choices=RejectReason.choices, blank=True)
    decision_note = models.TextField(blank=True)
    findings = models.ManyToManyField(Finding, through="ProposalFinding", related_name="proposals")

    class Meta:
        ordering = ("-proposed_at", "-id")
        indexes = (models.Index(fields=("status", "proposed_at", "id"), name="proposal_by_status"),)
        constraints = (
            choice_check("status", ProposalStatus, "proposal_status_known"),
            models.CheckConstraint(condition=ONE_RESULT, name="proposal_one_result"),
            models.CheckConstraint(
                condition=Q(by_user__isnull=False, by_rule="") | Q(by_user__isnull=True, by_rule__gt=""),
                name="proposal_by_one",
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | Q(reject_reason__gt=""), name="proposal_rejected_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(status__in=("waiting", "superseded"), decided_by__isnull=True)
                | Q(status__in=("accepted", "rejected"), decided_by__isnull=False, decided_at__isnull=False),
                name="proposal_decided_by_someone",
            ),
            models.UniqueConstraint(fields=("prediction",), condition=Q(status="waiting"), name="proposal_one_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.result_words} for {self.prediction}"

    @property
    def result_words(self) -> str:
        return result_words(self)

    @property
    def proposer_words(self) -> str:
        return self.by_rule.replace(":", ": ").replace("_", " ") if self.by_rule else str(self.by_user)


class ProposalFinding(models.Model):
    """A finding that a proposal rests on, and the clause of the criteria it satisfies."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="clauses")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="clauses")
    clause = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("proposal", "finding"), name="proposal_finding_once"),)

    def __str__(self) -> str:
        return f"{self.finding} for {self.proposal_id}"


class Resolution(models.Model):
    """An editor's recorded outcome, or the reason it is void. Append-only; a correction supersedes."""

    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="resolutions")
    outcome = models.CharField(max_length=100, blank=True)
    void_reason = models.CharField(max_length=20, choices=VoidReason.choices, blank=True)
    known_at = models.DateTimeField(help_text="When the world knew.")
    resolved_at = models.DateTimeField(help_text="When we said so.")
    proposer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_by_rule = models.CharField(max_length=50, blank=True)
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    evidence_exception = models.TextField(blank=True)
    provisional_until = models.DateTimeField(null=True, blank=True)
    proposal = models.OneToOneField(
        Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="resolution"
    )
    import_run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, null=True, blank=True, related_name="resolutions"
    )
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    class Meta:
        ordering = ("resolved_at", "id")
        constraints = (
            models.CheckConstraint(condition=ONE_RESULT, name="resolution_one_result"),
            models.CheckConstraint(condition=Q(known_at__lte=F("resolved_at")), name="resolution_known_not_in_future"),
            # A chain with one head: each prediction has one first resolution, each is superseded at most once.
            models.UniqueConstraint(
                fields=("prediction",), condition=Q(supersedes__isnull=True), name="resolution_one_first"
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("id")), name="resolution_not_of_itself"
            ),
        )

    def __str__(self) -> str:
        return self.result_words

    @property
    def is_void(self) -> bool:
        return bool(self.void_reason)

    @property
    def result_words(self) -> str:
        return result_words(self)
