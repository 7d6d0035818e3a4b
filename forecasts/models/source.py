import datetime as dt
from decimal import Decimal
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber

from .base import choice_check
from .forecaster import Forecaster
from .prediction import Prediction
from .snapshot import Snapshot

MAX_HOST = 260
SILENT_AFTER = 5  # times the usual gap
DAY = dt.timedelta(days=1)
STANDARD_PORTS = {"http": ":80", "https": ":443"}


class SourceKind(models.TextChoices):
    FEED = "feed", "news feed"
    PAGE = "page", "web page"
    SITEMAP = "sitemap", "news sitemap"
    DATA_SERIES = "data_series", "data series"
    MARKET = "market", "market"


class HostGateQuerySet(models.QuerySet["HostGate"]):
    def closed(self, now: dt.datetime) -> "HostGateQuerySet":
        """Gates of hosts that are being asked, or were a moment ago."""
        return self.filter(Q(lease_until__gte=now) | Q(free_at__gt=now))


class HostGate(models.Model):
    """One request at a time to each host, and a pause after it. Taken together with a source's lease."""

    host = models.CharField(max_length=MAX_HOST, primary_key=True)
    free_at = models.DateTimeField(help_text="Not before this may it be asked again.")
    lease_id = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)

    objects = HostGateQuerySet.as_manager()

    def __str__(self) -> str:
        return self.host

    @staticmethod
    def of(url: str) -> str:
        """The host that a URL asks, with its port where it is not the scheme's own."""
        parts = urlsplit(url)
        return parts.netloc.rpartition("@")[2].lower().removesuffix(STANDARD_PORTS.get(parts.scheme, ""))[:MAX_HOST]


class SourceQuerySet(models.QuerySet["EvidenceSource"]):
    def due(self, now: dt.datetime) -> "SourceQuerySet":
        """Sources to check now: due, not paused, and held by nobody."""
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
        return self.filter(free, paused=False, next_check_at__lte=now).order_by("next_check_at", "id")

    def spread(self, now: dt.datetime, per_host: int) -> "SourceQuerySet":
        """Due sources of hosts that nobody is asking, at most `per_host` of each, with their `turn` from 1 on.

        Those that answered last time come first, so that they never wait behind the broken.
        """
        closed = HostGate.objects.closed(now).filter(host=OuterRef("host"))
        failing = models.Case(models.When(failure_count__gt=0, then=1), default=0)
        turn = Window(RowNumber(), partition_by=[F("host")], order_by=(failing, F("next_check_at"), F("id")))
        spread = self.due(now).exclude(Exists(closed)).annotate(turn=turn).filter(turn__lte=per_host)
        return spread.order_by(failing, "turn", "next_check_at", "id")


class EvidenceSource(models.Model):
    """Where evidence may appear. The row is the queue: `next_check_at` and a lease."""

    kind = models.CharField(max_length=20, choices=SourceKind.choices, default=SourceKind.FEED)
    title = models.CharField(max_length=200)
    url = models.URLField(max_length=2048)
    host = models.CharField(max_length=MAX_HOST, default="", editable=False)
    spec = models.JSONField(default=dict, blank=True)
    spec_sha256 = models.CharField(max_length=64, editable=False)
    search_all = models.BooleanField(
        "look for every prediction",
        default=True,
        help_text="Also place what appears here under predictions that nobody watches over this source.",
    )
    weight = models.DecimalField(
        "trust",
        max_digits=4,
        decimal_places=2,
        default=1,
        help_text="Multiplies the odds that an item is shown: above 1 for a trusted source, below for a doubtful one.",
    )
    is_primary = models.BooleanField(
        "primary source", default=False, help_text="Where the event itself is announced: a court, an agency, the maker."
    )
    follow_links = models.BooleanField(
        default=False, help_text="Read the article behind an item that matches, too, and quote from it."
    )
    forecaster = models.ForeignKey(
        Forecaster,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Of a market: whose forecasts its prices are, on the predictions watched over it.",
    )
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
    last_new_at = models.DateTimeField(null=True, editable=False, help_text="When it last said something new.")
    usual_gap = models.PositiveIntegerField(
        null=True, editable=False, help_text="Seconds between news, smoothed; empty until it was seen twice."
    )
    last_snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, editable=False, related_name="latest_of"
    )
    # A changed page that was seen once: what it says counts when the next fetch says the same.
    seen_once = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    moved_to = models.URLField(max_length=2048, blank=True, editable=False)
    moved_count = models.PositiveIntegerField(
        default=0, editable=False, help_text="Checks in a row that were sent there for good."
    )
    paused = models.BooleanField(default=False)
    paused_reason = models.CharField(max_length=300, blank=True)
    lease_id = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ("title", "id")
        permissions = (("operate_sources", "Can add, change and pause evidence sources"),)
        indexes = (models.Index(fields=("paused", "next_check_at")), models.Index(fields=("title", "id")))
        constraints = (
            choice_check("kind", SourceKind, "source_kind_known"),
            models.UniqueConstraint(fields=("kind", "url", "spec_sha256"), name="source_once"),
            models.CheckConstraint(
                condition=Q(lease_id__isnull=True, lease_until__isnull=True)
                | Q(lease_id__isnull=False, lease_until__isnull=False),
                name="source_lease_whole",
            ),
            models.CheckConstraint(condition=Q(weight__gte=Decimal("0.1"), weight__lte=10), name="source_weight_range"),
            models.CheckConstraint(
                condition=Q(interval__gte=F("shortest_interval"), shortest_interval__gte=5),
                name="source_interval_in_order",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def silent_for(self, now: dt.datetime) -> dt.timedelta | None:
        """How long a source that answers has had nothing new, where that is unusual: five times its usual gap, and at
        least a day.
        """
        if self.last_new_at is None or self.usual_gap is None:
            return None
        silence = now - self.last_new_at
        return silence if silence > max(SILENT_AFTER * dt.timedelta(seconds=self.usual_gap), DAY) else None


class WatchQuerySet(models.QuerySet["Watch"]):
    def unread(self, source: EvidenceSource) -> "WatchQuerySet":
        """Watches over a source that was not read in full since their words, or their prediction, were new."""
        read = (
            source.checks.filter(status=CheckStatus.OK).order_by("-due_at").values_list("started_at", flat=True).first()
        )
        mine = self.filter(source=source)
        if read is None:
            return mine
        return mine.filter(Q(changed_at__gte=read) | Q(since__gte=read) | Q(prediction__published_at__gte=read))


class Watch(models.Model):
    """A prediction watched over a source: which items match, and which would confirm it."""

    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="watches")
    source = models.ForeignKey(EvidenceSource, on_delete=models.PROTECT, related_name="watches")
    groups = models.JSONField(
        default=list, blank=True, help_text="A list of groups; an item must match a term of every group."
    )
    exclusions = models.JSONField(default=list, blank=True)
    confirms = models.JSONField(
        default=list, blank=True, help_text="Groups that, all matched too, let a rule propose yes."
    )
    rule = models.JSONField(
        default=dict,
        blank=True,
        help_text="Over a data series: what its values must do for yes.",
    )
    since = models.DateTimeField()
    changed_at = models.DateTimeField(
        null=True, editable=False, help_text="When its words last changed; what its source shows is then read anew."
    )

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "watches"
        constraints = (models.UniqueConstraint(fields=("prediction", "source"), name="watch_once"),)

    def __str__(self) -> str:
        return f"{self.source} for {self.prediction}"


class RobotsFile(models.Model):
    """What a site asks of robots, as last read; an empty text allows everything."""

    origin = models.CharField(max_length=300, primary_key=True)
    text = models.TextField(blank=True)
    fetched_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.origin


class SeriesPrint(models.Model):
    """A value of a data series as it was first seen. A later value for the same period is another print."""

    source = models.ForeignKey(EvidenceSource, on_delete=models.PROTECT, related_name="prints")
    label = models.CharField(max_length=40)
    start = models.DateField()
    end = models.DateField()
    value = models.CharField(max_length=60, help_text="A decimal, as exact as it was printed.")
    first_seen_at = models.DateTimeField()
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="prints")

    class Meta:
        ordering = ("source", "start", "first_seen_at")
        constraints = (
            models.UniqueConstraint(fields=("source", "label", "first_seen_at"), name="series_print_once"),
            models.CheckConstraint(condition=Q(start__lte=F("end")), name="series_print_period_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.label} {self.value}"


class CheckStatus(models.TextChoices):
    OK = "ok"
    UNCHANGED = "unchanged"
    SEEN_ONCE = "seen_once", "changed, to be seen again"
    FAILED = "failed"
    REFUSED = "refused"

    @property
    def is_good(self) -> bool:
        """The source was read, and what it says counts."""
        return self in (CheckStatus.OK, CheckStatus.UNCHANGED)

    @property
    def is_bad(self) -> bool:
        return self in (CheckStatus.FAILED, CheckStatus.REFUSED)


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
                condition=Q(status__in=("ok", "unchanged", "seen_once")) | ~Q(error_code=""),
                name="check_failure_has_code",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} at {self.due_at:%Y-%m-%d %H:%M}: {self.status}"
