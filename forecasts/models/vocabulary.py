from django.db import models


class WordCount(models.Model):
    """How many of the items that passed held a term; one row counts the items themselves. Old ones fade."""

    ALL = ""

    term = models.CharField(max_length=100, primary_key=True)
    items = models.FloatField()

    def __str__(self) -> str:
        return f"{self.term}: {self.items:g}"


class AlertThreshold(models.Model):
    """From which score on a ranking is shown, learnt from editors' decisions. The newest of a version holds."""

    version = models.CharField(max_length=40, help_text="The ranking whose scores it cuts.")
    threshold = models.FloatField()
    reviewed = models.PositiveIntegerField(help_text="Ranked findings that editors had accepted or dismissed.")
    accepted = models.PositiveIntegerField()
    fitted_at = models.DateTimeField()

    class Meta:
        ordering = ("-fitted_at", "-id")
        constraints = (
            models.CheckConstraint(condition=models.Q(threshold__gte=0, threshold__lte=1), name="threshold_range"),
        )

    def __str__(self) -> str:
        return f"{self.version}: {self.threshold:.3f} from {self.reviewed}"
