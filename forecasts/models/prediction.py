import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .article import Article
from .base import Basis, Precision, choice_check, tick_check, tick_field
from .forecaster import Forecaster
from .import_run import ImportRun
from .topic import Topic


class PredictionKind(models.TextChoices):
    BINARY = "binary", _("yes or no")
    MULTIPLE_CHOICE = "multiple_choice", _("one of several options")
    NUMERIC = "numeric", _("a number")
    DATE = "date", _("a date")

    @property
    def has_range(self) -> bool:
        return self in (PredictionKind.NUMERIC, PredictionKind.DATE)

    @property
    def worst_brier(self) -> float | None:
        """The largest Brier score there is; None where there is no such score."""
        return {PredictionKind.BINARY: 1.0, PredictionKind.MULTIPLE_CHOICE: 2.0}.get(self)


class PredictionStatus(models.TextChoices):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed", "closed, awaiting resolution"
    RESOLVED = "resolved"
    VOID = "void"

    @property
    def is_final(self) -> bool:
        return self in (PredictionStatus.RESOLVED, PredictionStatus.VOID)

    @property
    def is_public(self) -> bool:
        return self is not PredictionStatus.DRAFT

    def may_become(self, other: "PredictionStatus") -> bool:
        """The life of a prediction; a final one changes again only by a correction."""
        return other in _NEXT[self]


_NEXT = {
    PredictionStatus.DRAFT: (PredictionStatus.OPEN, PredictionStatus.VOID),
    PredictionStatus.OPEN: (PredictionStatus.CLOSED, PredictionStatus.RESOLVED, PredictionStatus.VOID),
    PredictionStatus.CLOSED: (PredictionStatus.RESOLVED, PredictionStatus.VOID),
    PredictionStatus.RESOLVED: (PredictionStatus.RESOLVED, PredictionStatus.VOID),
    PredictionStatus.VOID: (PredictionStatus.RESOLVED, PredictionStatus.VOID),
}


class GroupKind(models.TextChoices):
    FAMILY = "family", "family: related, one cluster for intervals"
    LADDER = "ladder", "ladder: the earlier deadline implies the later"


class PredictionGroup(models.Model):
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=GroupKind.choices, default=GroupKind.FAMILY)

    class Meta:
        ordering = ("title", "id")
        indexes = (models.Index(fields=("title", "id")),)
        constraints = (choice_check("kind", GroupKind, "group_kind_known"),)

    def __str__(self) -> str:
        return self.title


class PredictionQuerySet(models.QuerySet["Prediction"]):
    def public(self) -> "PredictionQuerySet":
        return self.exclude(published_at__isnull=True)

    def overdue(self, now: dt.datetime) -> "PredictionQuerySet":
        """Past the deadline and not resolved: our backlog."""
        return self.filter(status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED), resolves_by__lt=now)


class Prediction(models.Model):
    """A dated, resolvable statement with criteria."""

    slug = models.SlugField(max_length=120, unique=True)
    external_id = models.CharField(
        max_length=200, unique=True, null=True, blank=True, editable=False, help_text="FORMAT:ID, of what was imported."
    )
    import_run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="predictions"
    )
    statement = models.TextField()
    kind = models.CharField(max_length=20, choices=PredictionKind.choices, default=PredictionKind.BINARY)
    status = models.CharField(max_length=10, choices=PredictionStatus.choices, default=PredictionStatus.DRAFT)
    criteria = models.TextField("resolution criteria", blank=True)
    fine_print = models.TextField(blank=True)
    resolution_source = models.TextField(blank=True, help_text="Who or what will settle it, named or linked.")
    options = models.JSONField(default=list, blank=True)
    options_ordered = models.BooleanField(default=False)
    range_min = models.DecimalField(max_digits=30, decimal_places=10, null=True, blank=True)
    range_max = models.DecimalField(max_digits=30, decimal_places=10, null=True, blank=True)
    open_below = models.BooleanField(default=False)
    open_above = models.BooleanField(default=False)
    log_scale = models.BooleanField(default=False)

    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(
        null=True, blank=True, help_text="The first moment at which a forecast no longer counts."
    )
    resolves_by = models.DateTimeField("deadline", null=True, blank=True)
    resolves_by_precision = models.CharField(max_length=10, choices=Precision.choices, default=Precision.DAY)
    resolves_by_wording = models.CharField("deadline wording", max_length=200, blank=True)
    resolves_by_rule = models.TextField("how the deadline was read", blank=True)
    cannot_resolve_early = models.BooleanField(default=False)
    original_opens_at = models.DateTimeField(null=True, blank=True, editable=False)
    original_closes_at = models.DateTimeField(null=True, blank=True, editable=False)
    original_resolves_by = models.DateTimeField(null=True, blank=True, editable=False)
    # Scoring's clock: opening and close as in force at the first forecast.
    clock_opens_at = models.DateTimeField(null=True, blank=True, editable=False)
    clock_closes_at = models.DateTimeField(null=True, blank=True, editable=False)
    latest_deadline = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="The latest deadline ever in force since opening."
    )
    due_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the ledger recorded that the latest deadline passed."
    )

    topics = models.ManyToManyField(Topic, blank=True, related_name="predictions")
    group = models.ForeignKey(
        PredictionGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="predictions"
    )
    article = models.ForeignKey(Article, on_delete=models.PROTECT, null=True, blank=True, related_name="predictions")
    quote = models.TextField(blank=True, help_text="The sentence in the article, word for word.")
    quote_start = models.PositiveIntegerField(null=True, blank=True)
    quote_end = models.PositiveIntegerField(null=True, blank=True)
    rationale = models.TextField(blank=True)

    # A draft keeps its suggested forecast as a suggestion; opening issues it.
    suggested_forecaster = models.ForeignKey(
        Forecaster, on_delete=models.PROTECT, null=True, blank=True, related_name="suggested_predictions"
    )
    suggested_tick = tick_field("suggested probability")
    suggested_basis = models.CharField(max_length=10, choices=Basis.choices, blank=True)
    suggested_wording = models.CharField(max_length=200, blank=True)
    suggested_wording_table = models.CharField(max_length=20, blank=True)
    suggested_rule = models.TextField("how the probability was read", blank=True)

    lint_override_reason = models.TextField(blank=True, editable=False)
    logged_at = models.DateTimeField(editable=False)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    current_resolution = models.OneToOneField(
        "Resolution", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="current_for"
    )
    # Copied from it, so that what is settled can be walked, or looked through, without a look at each resolution.
    known_at = models.DateTimeField(null=True, blank=True, editable=False)
    corrected_at = models.DateTimeField(null=True, blank=True, editable=False)
    scored_topics = models.JSONField(
        default=list, editable=False, help_text="Topics under which it stands in the calibration cells."
    )

    objects = PredictionQuerySet.as_manager()

    class Meta:
        ordering = ("resolves_by", "id")
        permissions = (
            ("keep_predictions", "Can log, amend, open and forecast predictions, and review evidence"),
            ("propose_resolutions", "Can propose how a prediction resolves"),
            ("resolve_predictions", "Can accept, reject, resolve, void and correct"),
        )
        indexes = (
            models.Index(fields=("status", "resolves_by")),
            models.Index(fields=("resolves_by", "id"), name="prediction_by_deadline"),
            models.Index(fields=("closes_at",), name="prediction_by_close"),
            models.Index(fields=("published_at", "id"), name="prediction_by_publication"),
            models.Index(
                fields=("resolves_by", "id"), condition=Q(status__in=("open", "closed")), name="prediction_waiting"
            ),
            models.Index(
                fields=("latest_deadline", "id"),
                condition=Q(status="resolved", due_at__isnull=True),
                name="prediction_early",
            ),
            models.Index(
                fields=("known_at", "published_at", "id"),
                condition=Q(known_at__isnull=False),
                name="prediction_by_knowledge",
            ),
            models.Index(
                fields=("corrected_at", "id"), condition=Q(corrected_at__isnull=False), name="prediction_corrected"
            ),
            # All that a list is chosen and ordered by: the rows of a record are scattered over the whole table.
            models.Index(
                fields=("id",),
                include=(
                    "status",
                    "resolves_by",
                    "latest_deadline",
                    "due_at",
                    "published_at",
                    "known_at",
                    "corrected_at",
                ),
                name="prediction_listed",
            ),
        )
        constraints = (
            choice_check("kind", PredictionKind, "prediction_kind_known"),
            choice_check("status", PredictionStatus, "prediction_status_known"),
            tick_check("suggested_tick", "prediction_suggested_tick_range"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True)
                | (Q(opens_at__lt=F("closes_at")) & Q(closes_at__lte=F("resolves_by"))),
                name="prediction_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "void")) | Q(published_at__isnull=False),
                name="prediction_open_is_published",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("resolved", "void"), current_resolution__isnull=False)
                | (~Q(status__in=("resolved", "void")) & Q(current_resolution__isnull=True)),
                name="prediction_final_has_resolution",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("numeric", "date")) | Q(status="draft") | Q(range_min__lt=F("range_max")),
                name="prediction_range_in_order",
            ),
            models.CheckConstraint(
                condition=Q(log_scale=False) | Q(range_min__gt=0), name="prediction_log_scale_positive"
            ),
            models.CheckConstraint(
                condition=Q(clock_opens_at__isnull=True, clock_closes_at__isnull=True)
                | Q(clock_opens_at__lt=F("clock_closes_at")),
                name="prediction_clock_in_order",
            ),
            models.CheckConstraint(
                condition=Q(quote_start__isnull=True, quote_end__isnull=True)
                | (Q(article__isnull=False) & Q(quote_start__lt=F("quote_end"))),
                name="prediction_quote_in_article",
            ),
        )

    def __str__(self) -> str:
        return self.statement

    def get_absolute_url(self) -> str:
        return f"/predictions/{self.slug}/"

    @property
    def state(self) -> PredictionStatus:
        return PredictionStatus(self.status)

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """Where the range of a number or a date starts and ends on its axis (dates: `scoring.days`)."""
        if self.range_min is None or self.range_max is None:
            raise ValueError(f"{self.slug} has no range")
        return self.range_min, self.range_max
