from django.db import models
from django.db.models import F, Q

from .article import Article
from .base import Basis, Track, choice_check, tick_check, tick_field
from .forecaster import Forecaster
from .import_run import ImportRun
from .prediction import Prediction
from .snapshot import Snapshot
from .values import said_words


class Forecast(models.Model):
    """A probability (or distribution) that one forecaster issued on a prediction at a time. Append-only.

    A row without a value is a withdrawal. `tick` holds a binary probability in ten-thousandths. `values` holds one tick
    per option, summing to 10,000; or of a number or a date the points [x, tick] of its CDF, x a decimal or a date as
    text, the tick that of at most x.
    """

    # Both lead indexes of more columns below.
    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="forecasts", db_index=False)
    forecaster = models.ForeignKey(Forecaster, on_delete=models.PROTECT, related_name="forecasts", db_index=False)
    issued_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    stands_from = models.DateTimeField(help_text="From when it counts on the live track.")
    tick = tick_field()
    values = models.JSONField(null=True, blank=True)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    wording = models.CharField(max_length=200, blank=True)
    wording_table = models.CharField(max_length=20, blank=True)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, null=True, blank=True, related_name="forecasts")
    quote = models.TextField(blank=True)
    quote_start = models.PositiveIntegerField(null=True, blank=True)
    quote_end = models.PositiveIntegerField(null=True, blank=True)
    provenance = models.CharField(max_length=10, choices=[(t.value, t.label) for t in Track.provenances()])
    proof = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, blank=True, help_text="A capture that shows it existed by then."
    )
    external_id = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 -- NULL: none, any number of times
    rationale = models.TextField(blank=True)
    import_run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, null=True, blank=True, related_name="forecasts")
    row_index = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("issued_at", "recorded_at", "id")
        indexes = (
            models.Index(fields=("prediction", "forecaster", "issued_at")),
            models.Index(fields=("forecaster", "prediction"), name="forecast_by_forecaster"),
            models.Index(fields=("prediction", "issued_at", "recorded_at", "id"), name="forecast_by_issue"),
        )
        constraints = (
            choice_check("basis", Basis, "forecast_basis_known"),
            tick_check("tick", "forecast_tick_range"),
            models.CheckConstraint(
                condition=Q(provenance__in=[t.value for t in Track.provenances()]), name="forecast_provenance_known"
            ),
            models.CheckConstraint(
                condition=Q(tick__isnull=True) | Q(values__isnull=True), name="forecast_one_kind_of_value"
            ),
            models.CheckConstraint(
                condition=Q(issued_at__lte=F("recorded_at")),
                name="forecast_issued_before_recorded",
            ),
            models.UniqueConstraint(fields=("forecaster", "external_id"), name="forecast_external_id_once"),
            models.UniqueConstraint(fields=("import_run", "row_index"), name="forecast_import_row_once"),
        )

    def __str__(self) -> str:
        return f"{self.forecaster}: {self.said or 'withdrawn'}"

    @property
    def said(self) -> str:
        """In short, as `said_words`."""
        return said_words(self.prediction, self.tick, self.values)

    @property
    def is_withdrawal(self) -> bool:
        return self.tick is None and self.values is None
