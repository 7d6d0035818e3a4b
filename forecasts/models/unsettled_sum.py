from django.db import models
from django.db.models import Q

from .base import choice_check
from .prediction import Prediction
from .score import Scope

HOW = ("counting", "track", "basis", "lead_band")


class _Unsettled(models.Model):
    """What settling void or overdue predictions of yes or no would add to a table of a scope, whatever the outcome.

    A row without a `counting` adds nothing: it says of whom predictions are summed. `lead_band` is empty for a
    forecaster, over all of them, as in the cells.
    """

    scope = models.CharField(max_length=12, choices=Scope.choices)
    scope_id = models.BigIntegerField(default=0)
    counting = models.CharField(max_length=10, blank=True)
    track = models.CharField(max_length=10, blank=True)
    basis = models.CharField(max_length=10, blank=True)
    lead_band = models.CharField(max_length=12, blank=True)
    is_void = models.BooleanField()
    month = models.DateField(help_text="First day of the month of the latest deadline.")
    weight = models.BigIntegerField()
    ticks = models.BigIntegerField(help_text="The sum of weight x tick.")
    squares_high = models.BigIntegerField(help_text="The sum of weight x squared tick of each, in whole 2^32.")
    squares_low = models.BigIntegerField(help_text="The sum of what these leave. Together they reach beyond 64 bits.")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.scope} {self.scope_id} {self.counting}: {self.weight}"


class UnsettledSum(_Unsettled):
    """Of one prediction, kept while nothing changes about it: without any it is settled, open, or yet to be summed."""

    prediction = models.ForeignKey(
        Prediction, on_delete=models.PROTECT, related_name="unsettled_sums", db_index=False
    )  # the constraint has an index
    opens_at = models.DateTimeField(help_text="The opening of scoring's clock.")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("prediction", "scope", "scope_id", *HOW), name="unsettled_sum_once"),
            choice_check("scope", Scope, "unsettled_sum_scope_known"),
        )
        indexes = (
            models.Index(
                fields=("scope_id", "opens_at"),
                condition=Q(scope=Scope.TOPIC, counting=""),
                name="unsettled_sum_on_topic",
            ),
        )


class UnsettledTotal(_Unsettled):
    """Those of all predictions, by month. Equal to their sum, exactly, at all times."""

    predictions = models.BigIntegerField(help_text="How many the row sums.")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("scope", "scope_id", *HOW, "is_void", "month"), name="unsettled_total_once"
            ),
            choice_check("scope", Scope, "unsettled_total_scope_known"),
        )
        indexes = (models.Index(fields=("id",), condition=Q(predictions=0), name="unsettled_total_of_none"),)
