from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .base import choice_check
from .prediction import Prediction


class DisputeReason(models.TextChoices):
    WRONG_OUTCOME = "wrong_outcome", _("the outcome is wrong")
    WRONG_DATE = "wrong_date", _("a date is wrong")
    MISQUOTED = "misquoted", _("I was misquoted")
    UNFAIR_CRITERIA = "unfair_criteria", _("the criteria are not what was meant")
    OTHER = "other", _("Other")


class DisputeStatus(models.TextChoices):
    OPEN = "open"
    ANSWERED = "answered"
    DISMISSED = "dismissed"


class Dispute(models.Model):
    """A reader's objection, with the date by which we owe an answer."""

    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="disputes")
    reason = models.CharField(max_length=20, choices=DisputeReason.choices)
    text = models.TextField()
    contact = models.EmailField(blank=True, help_text="Never published, never in the ledger.")
    opened_at = models.DateTimeField(editable=False)
    due_at = models.DateTimeField(editable=False)
    status = models.CharField(max_length=10, choices=DisputeStatus.choices, default=DisputeStatus.OPEN)
    answer = models.TextField("public answer", blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("due_at",)
        constraints = (
            choice_check("reason", DisputeReason, "dispute_reason_known"),
            choice_check("status", DisputeStatus, "dispute_status_known"),
            models.CheckConstraint(
                condition=Q(status="open") | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="dispute_closed_with_text",
            ),
        )

    def __str__(self) -> str:
        return f"{DisputeReason(self.reason).label}: {self.prediction}"
