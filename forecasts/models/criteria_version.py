from django.conf import settings
from django.db import models

from .prediction import Prediction


class CriteriaVersion(models.Model):
    """One change of statement, criteria or dates. Append-only, gapless, public once the prediction is."""

    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    old = models.JSONField(default=dict)
    new = models.JSONField()
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    after_first_forecast = models.BooleanField(default=False)

    class Meta:
        ordering = ("prediction", "number")
        constraints = (
            models.UniqueConstraint(fields=("prediction", "number"), name="criteria_version_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="criteria_version_from_one"),
            models.CheckConstraint(
                condition=models.Q(after_first_forecast=False) | ~models.Q(reason=""),
                name="criteria_version_reason_after_forecast",
            ),
        )

    def __str__(self) -> str:
        return f"version {self.number}"
