from django.db import models
from django.db.models import F, Q

from .base import Basis, Cohort, Track, choice_check, tick_check, tick_field
from .forecaster import Forecaster
from .prediction import Prediction, PredictionKind
from .resolution import Resolution


class Score(models.Model):
    """How one forecaster did on one resolved prediction, one way of counting; a column per rule.

    Absolute losses are kept as sums of weight x loss, with weights in millionths of the prediction's window for `time`
    and 1 otherwise: Brier and ranked probability in 1e-8 (squared ticks) and log in 1e-9 nats, exact; spherical and
    CRPS (in the unit of the outcome; days) rounded to 1e-9. A rule that does not apply to the kind is empty. `baseline`
    and `peer` are rewards, not averages: time without a forecast earned nothing.
    """

    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="scores")
    forecaster = models.ForeignKey(Forecaster, on_delete=models.PROTECT, related_name="scores")
    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="scores")
    track = models.CharField(max_length=10, choices=Track.choices)
    counting = models.CharField(max_length=10)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    cohort = models.CharField(max_length=10, choices=Cohort.choices)
    tick = tick_field()
    happened = models.BooleanField(null=True)
    weight = models.BigIntegerField()
    brier_sum = models.BigIntegerField(null=True)
    log_sum = models.BigIntegerField()
    rps_sum = models.BigIntegerField(null=True)
    spherical_sum = models.FloatField(null=True)
    crps_sum = models.FloatField(null=True)
    baseline = models.FloatField(default=0.0)
    peer = models.FloatField(null=True)
    pit_low = models.FloatField(null=True, help_text="The forecast CDF just below the outcome.")
    pit_high = models.FloatField(null=True, help_text="The forecast CDF at the outcome.")
    coverage = models.PositiveIntegerField(help_text="Standing time in millionths of the scored window.")
    engine = models.CharField(max_length=10)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("prediction", "forecaster", "track", "counting", "basis"), name="score_once"
            ),
            choice_check("cohort", Cohort, "score_cohort_known"),
            tick_check("tick", "score_tick_range"),
            models.CheckConstraint(
                condition=Q(weight__gte=0, log_sum__gte=0) & (Q(brier_sum__isnull=True) | Q(brier_sum__gte=0)),
                name="score_positive",
            ),
            models.CheckConstraint(condition=Q(coverage__lte=1_000_000), name="score_coverage_range"),
        )

    def __str__(self) -> str:
        return f"{self.forecaster} on {self.prediction}: {self.brier}"

    @property
    def brier(self) -> float | None:
        """Mean squared error, 0 (best) to 1, or to 2 over options; None when nothing stood for any time."""
        return self._mean(self.brier_sum, 1e8)

    @property
    def log(self) -> float | None:
        """Mean log loss in nats."""
        return self._mean(self.log_sum, 1e9)

    @property
    def rps(self) -> float | None:
        """Mean ranked probability score of ordered options."""
        return self._mean(self.rps_sum, 1e8)

    @property
    def spherical(self) -> float | None:
        """Mean spherical score, 0 to 1 (best)."""
        return self._mean(self.spherical_sum, 1)

    @property
    def crps(self) -> float | None:
        """Mean CRPS in the unit of the outcome, days for dates."""
        return self._mean(self.crps_sum, 1)

    def _mean(self, total: float | None, unit: float) -> float | None:
        return total / (self.weight * unit) if self.weight and total is not None else None


class FactRow(models.Model):
    """The tick table of one resolved prediction and forecaster: what every statistic can be summed from.

    Of several options each enters with its own tick; of a number or a date the tick is where the outcome fell in the
    forecast's CDF, and no weight is ever yes.
    """

    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="facts")
    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="facts")
    forecaster = models.ForeignKey(Forecaster, on_delete=models.PROTECT, related_name="facts")
    counting = models.CharField(max_length=10)
    lead_band = models.CharField(max_length=12)
    kind = models.CharField(max_length=20, default=PredictionKind.BINARY)
    cohort = models.CharField(max_length=10)
    track = models.CharField(max_length=10)
    basis = models.CharField(max_length=10)
    month = models.DateField(help_text="First day of the month of the deadline.")
    tick = models.IntegerField()
    n = models.BigIntegerField(help_text="Rows, also those of weight 0.")
    weight = models.BigIntegerField()
    weight_yes = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("prediction", "forecaster", "counting", "lead_band", "track", "basis", "tick"),
                name="fact_once",
            ),
            models.CheckConstraint(
                condition=Q(n__gt=0, weight__gte=0, weight_yes__gte=0, weight_yes__lte=F("weight")),
                name="fact_positive",
            ),
        )
        indexes = (models.Index(fields=("forecaster", "track", "counting", "cohort")),)

    def __str__(self) -> str:
        return f"{self.tick} x {self.weight}"


EXPLICIT = "explicit"
"""Basis group: everything that was given as a number. Implied probabilities are never summed with these."""


class Scope(models.TextChoices):
    """The sums that are read most."""

    ALL = "all"
    FORECASTER = "forecaster"
    TOPIC = "topic"


class CalibrationCell(models.Model):
    """Fact rows summed over a scope. Equal to that sum, exactly, at all times.

    `lead_band` is empty for the sum over all of them; everybody's and a topic's stand for each band besides. What we
    derive ourselves (crowds, baselines) is summed under its own forecaster only.
    """

    scope = models.CharField(max_length=12, choices=Scope.choices)
    scope_id = models.BigIntegerField(default=0)
    lead_band = models.CharField(max_length=12, blank=True, default="")
    kind = models.CharField(max_length=20, default=PredictionKind.BINARY)
    counting = models.CharField(max_length=10)
    cohort = models.CharField(max_length=10)
    track = models.CharField(max_length=10)
    basis = models.CharField(max_length=10)
    month = models.DateField()
    tick = models.IntegerField()
    n = models.BigIntegerField()
    weight = models.BigIntegerField()
    weight_yes = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=(
                    "scope",
                    "scope_id",
                    "lead_band",
                    "kind",
                    "counting",
                    "cohort",
                    "track",
                    "basis",
                    "month",
                    "tick",
                ),
                name="cell_once",
            ),
            choice_check("scope", Scope, "cell_scope_known"),
            models.CheckConstraint(
                condition=Q(n__gt=0, weight__gte=0, weight_yes__gte=0, weight_yes__lte=F("weight")),
                name="cell_positive",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scope} {self.scope_id} {self.counting} {self.tick}"


class ScopeCount(models.Model):
    """Distinct counts of a scope as integer reference counts; they cannot be summed from ticks."""

    scope = models.CharField(max_length=12, choices=Scope.choices)
    scope_id = models.BigIntegerField(default=0)
    lead_band = models.CharField(max_length=12, blank=True, default="")
    kind = models.CharField(max_length=20, default=PredictionKind.BINARY)
    counting = models.CharField(max_length=10)
    cohort = models.CharField(max_length=10)
    track = models.CharField(max_length=10)
    basis = models.CharField(max_length=10)
    month = models.DateField()
    predictions = models.BigIntegerField()
    pairs = models.BigIntegerField(help_text="Pairs of prediction and forecaster.")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("scope", "scope_id", "lead_band", "kind", "counting", "cohort", "track", "basis", "month"),
                name="scope_count_once",
            ),
            models.CheckConstraint(condition=Q(predictions__gt=0, pairs__gt=0), name="scope_count_positive"),
        )

    def __str__(self) -> str:
        return f"{self.scope} {self.scope_id} {self.counting}: {self.predictions}"


class StoredStatistic(models.Model):
    """Intervals, band and test of one sum, computed after scoring, never inside a request.

    Scoring marks what it touched as stale in its own transaction, so the rows are also the queue of what to compute. A
    tick table in a row that is not stale is that of the cells.
    """

    query = models.CharField(max_length=100, unique=True)
    table_sha256 = models.CharField(max_length=64, blank=True, help_text="Digest of the tick table it belongs to.")
    tick_table = models.BinaryField(null=True, help_text="The table itself, packed, where cells hold its sums.")
    value = models.JSONField(default=dict)
    stale = models.BooleanField(default=True, db_index=True)
    computed_at = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return self.query
