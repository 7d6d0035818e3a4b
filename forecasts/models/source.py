import datetime as dt

from django.db import models
from django.db.models import F, Q

from .base import choice_check
from .prediction import Prediction
from .snapshot import Snapshot


class SourceKind(models.TextChoices):
    FEED = "feed", "news feed"


class SourceQuerySet(models.QuerySet["EvidenceSource"]):
    def due(self, now: dt.datetime) -> "SourceQuerySet":
        """Sources to check now: due, not paused, and held by nobody."""
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
        return self.filter(free, paused=False, next_check_at__lte=now).order_by("next_check_at", "id")


class EvidenceSource(models.Model):
    """Where evidence may appear. The row is the queue: `next_check_at` and a lease."""

    kind = models.CharField(max_length=20, choices=SourceKind.choices, default=SourceKind.FEED)
    title = models.CharField(max_length=200)
    url = models.URLField(max_length=2048)
    spec = models.JSONField(default=dict, blank=True)
    spec_sha256 = models.CharField(max_length=64, editable=False)
    interval = models.PositiveIntegerField(
        default=3600, help_text="Seconds between checks; adapts to how often something new appears."
    )
    shortest_interval = models.PositiveIntegerField(
        default=900, help_text="The interval never falls below this; less than 900 only for hosts of your own."
    )
    next_check_at = models.DateTimeField()
    etag = models.CharField(max_length=500, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    failure_count = models.PositiveIntegerField(default=0, editable=False)
    crash_count = models.PositiveIntegerField(default=0, editable=False)
    last_good_check_at = models.DateTimeField(null=True, editable=False)
    last_snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, editable=False, related_name="latest_of"
    )
    paused = models.BooleanField(default=False)
    paused_reason = models.CharField(max_length=300, blank=True)
    lease_id = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ("title",)
        permissions = (("operate_sources", "Can add, change and pause evidence sources"),)
        indexes = (models.Index(fields=("paused", "next_check_at")),)
        constraints = (
            choice_check("kind", SourceKind, "source_kind_known"),
            models.UniqueConstraint(fields=("kind", "url", "spec_sha256"), name="source_once"),
            models.CheckConstraint(
                condition=Q(lease_id__isnull=True, lease_until__isnull=True)
                | Q(lease_id__isnull=False, lease_until__isnull=False),
                name="source_lease_whole",
            ),
            models.CheckConstraint(
                condition=Q(interval__gte=F("shortest_interval"), shortest_interval__gte=5),
                name="source_interval_in_order",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Watch(models.Model):
    """A prediction watched over a source: which items match, and which would confirm it."""

    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="watches")
    source = models.ForeignKey(EvidenceSource, on_delete=models.PROTECT, related_name="watches")
    groups = models.JSONField(help_text="A list of groups; an item must match a term of every group.")
    exclusions = models.JSONField(default=list, blank=True)
    confirms = models.JSONField(
        default=list, blank=True, help_text="Groups that, all matched too, let a rule propose yes."
    )
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "watches"
        constraints = (models.UniqueConstraint(fields=("prediction", "source"), name="watch_once"),)

    def __str__(self) -> str:
        return f"{self.source} for {self.prediction}"


class CheckStatus(models.TextChoices):
    OK = "ok"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    REFUSED = "refused"

    @property
    def is_good(self) -> bool:
        return self in (CheckStatus.OK, CheckStatus.UNCHANGED)


class Check(models.Model):
    """One run of one source. Running it twice changes nothing."""

    source = models.ForeignKey(EvidenceSource, on_delete=models.PROTECT, related_name="checks")
    due_at = models.DateTimeField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=CheckStatus.choices)
    http_status = models.PositiveIntegerField(null=True)
    final_url = models.URLField(max_length=2048, blank=True)
    size = models.PositiveIntegerField(default=0, help_text="Bytes received.")
    error_code = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True)
    items = models.PositiveIntegerField(default=0)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, related_name="checks")

    class Meta:
        ordering = ("-due_at",)
        constraints = (
            choice_check("status", CheckStatus, "check_status_known"),
            models.UniqueConstraint(fields=("source", "due_at"), name="check_once"),
            models.CheckConstraint(
                condition=Q(status__in=("ok", "unchanged")) | ~Q(error_code=""), name="check_failure_has_code"
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} at {self.due_at:%Y-%m-%d %H:%M}: {self.status}"
