from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import choice_check
from .finding import Finding


class AssessorCall(models.Model):
    """One call to an assessor, written before it is made, so that what a killed worker spent is not forgotten.

    Money is in millionths of the operator's currency. Until a call has ended it counts at the most it can cost.
    """

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="assessor_calls")
    assessor = models.CharField(max_length=100)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    cost_micros = models.PositiveBigIntegerField()
    prompt_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
    estimated = models.BooleanField(default=True)
    error_code = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ("-begun_at", "-id")
        indexes = (models.Index(fields=("assessor", "begun_at")),)

    def __str__(self) -> str:
        return f"{self.assessor} at {self.begun_at:%Y-%m-%d %H:%M}"


class Relation(models.TextChoices):
    CONFIRMS = "confirms", _("Confirms")
    REFUTES = "refutes", _("Refutes")
    PARTIAL = "partial", _("confirms in part")
    RELATED = "related", _("Related")
    UNRELATED = "unrelated", _("Unrelated")
    CANNOT_TELL = "cannot_tell", _("cannot tell")


class Assessment(models.Model):
    """What an assessor made of one finding, after our rules. It decides nothing."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="assessments")
    assessor = models.CharField(max_length=100, help_text="Its name and version.")
    cache_key = models.CharField(max_length=64, help_text="SHA-256 of all that it depends on.")
    at = models.DateTimeField()
    relation = models.CharField(max_length=12, choices=Relation.choices)
    claimed = models.CharField(max_length=12, blank=True, help_text="What the assessor said itself.")
    overruled = models.CharField(max_length=20, blank=True, help_text="The rule by which that was not believed.")
    event_date = models.DateField(null=True)
    quotes = models.JSONField(default=list, help_text="Each: text, start and end in the item.")
    unmet = models.JSONField(default=list)
    annul_reason = models.TextField(blank=True)
    confidence = models.FloatField(help_text="0 to 1, the assessor's own word.")
    why = models.TextField(blank=True)
    model = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("finding", "cache_key"), name="assessment_once"),
            choice_check("relation", Relation, "assessment_relation_known"),
            models.CheckConstraint(
                condition=models.Q(confidence__gte=0, confidence__lte=1), name="assessment_confidence_range"
            ),
        )
        indexes = (models.Index(fields=("cache_key",)),)

    def __str__(self) -> str:
        return f"{self.assessor}: {self.relation}"


class AssessorState(models.Model):
    """Whether an assessor's endpoint is spared after failures."""

    assessor = models.CharField(max_length=100, primary_key=True)
    state = models.CharField(max_length=10, default="closed")
    failures = models.PositiveIntegerField(default=0)
    trips = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.assessor}: {self.state}"
