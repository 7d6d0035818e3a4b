from django.db import models

from .prediction import Prediction


class UnsettledSum(models.Model):
    """What settling a void or overdue prediction of yes or no would add to everybody's table, whatever the outcome.

    Kept while nothing changes about the prediction; one that has none is settled, open, or has yet to be summed.
    """

    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="unsettled_sums")
    counting = models.CharField(max_length=10)
    lead_band = models.CharField(max_length=12)
    track = models.CharField(max_length=10)
    basis = models.CharField(max_length=10)
    weight = models.BigIntegerField()
    ticks = models.BigIntegerField(help_text="The sum of weight x tick.")
    squares = models.BigIntegerField(help_text="The sum of weight x squared tick.")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("prediction", "counting", "lead_band", "track", "basis"), name="unsettled_sum_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.prediction_id} {self.counting}: {self.weight}"
