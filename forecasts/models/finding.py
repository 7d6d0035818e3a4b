from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .base import choice_check
from .prediction import Prediction
from .snapshot import Snapshot
from .source import EvidenceSource


class Stance(models.TextChoices):
    SUPPORTS_YES = "supports_yes", "supports yes"
    SUPPORTS_NO = "supports_no", "supports no"
    RELATED = "related"


class Review(models.TextChoices):
    NEW = "new"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


class Finding(models.Model):
    """A piece of evidence matched to a prediction; its quote stands word for word in the snapshot's text."""

    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="findings")
    source = models.ForeignKey(EvidenceSource, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="findings")
    title = models.CharField(max_length=500)
    url = models.URLField(max_length=2048, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    dated_by = models.CharField(max_length=10, default="none", help_text="Where the date of publication was read.")
    found_at = models.DateTimeField()
    quote = models.TextField()
    quote_start = models.PositiveIntegerField()
    quote_end = models.PositiveIntegerField()
    relevance = models.PositiveIntegerField(help_text="0 to 1000.")
    stance = models.CharField(max_length=20, choices=Stance.choices, default=Stance.RELATED)
    why = models.TextField("why it matched", blank=True)
    digest = models.CharField(max_length=64)
    review = models.CharField(max_length=10, choices=Review.choices, default=Review.NEW)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-found_at", "-id")
        constraints = (
            choice_check("stance", Stance, "finding_stance_known"),
            choice_check("review", Review, "finding_review_known"),
            models.UniqueConstraint(fields=("prediction", "digest"), name="finding_once_per_prediction"),
            models.CheckConstraint(condition=Q(quote_start__lt=F("quote_end")), name="finding_quote_not_empty"),
            models.CheckConstraint(condition=Q(relevance__lte=1000), name="finding_relevance_range"),
        )

    def __str__(self) -> str:
        return self.title
