from django.db import models

from .base import choice_check
from .prediction import Prediction
from .score import Scope


class UnsettledSum(models.Model):
    """What settling a void or overdue prediction of yes or no would add to a table of a scope, whatever the outcome.

    Kept while nothing changes about the prediction; one that has none is settled, open, or has yet to be summed. A row
    without a `counting` adds nothing: it says that the prediction is summed for whom has said anything about it.
    `overdue_since` is empty for what is void.
    """

    prediction = models.ForeignKey(
        Prediction, on_delete=models.PROTECT, related_name="unsettled_sums", db_index=False
    )  # the constraint has an index
    scope = models.CharField(max_length=12, choices=Scope.choices)
    scope_id = models.BigIntegerField(default=0)
    overdue_since = models.DateTimeField(null=True)
    latest_deadline = models.DateTimeField()
    counting = models.CharField(max_length=10, blank=True)
    lead_band = models.CharField(max_length=12, blank=True)
    track = models.CharField(max_length=10, blank=True)
    basis = models.CharField(max_length=10, blank=True)
    weight = models.BigIntegerField()
    ticks = models.BigIntegerField(help_text="The sum of weight x tick.")
    squares = models.BigIntegerField(help_text="The sum of weight x squared tick.")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("prediction", "scope", "scope_id", "counting", "lead_band", "track", "basis"),
                name="unsettled_sum_once",
            ),
            choice_check("scope", Scope, "unsettled_sum_scope_known"),
        )
        indexes = (
            models.Index(
                fields=("scope", "scope_id", "counting", "track", "basis", "lead_band"),
                include=("overdue_since", "latest_deadline", "weight", "ticks", "squares"),
                name="unsettled_sum_of_scope",
            ),
        )

    def __str__(self) -> str:
        return f"{self.prediction_id} {self.scope} {self.scope_id} {self.counting}: {self.weight}"
