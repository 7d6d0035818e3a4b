from django.conf import settings
from django.db import models
from django.db.models import Q


class EntryKind(models.TextChoices):
    """Every decision that the ledger knows. Followers look only at the kind and the subject."""

    ARTICLE_IMPORTED = "article.imported"
    TOPIC_SAVED = "topic.saved"
    GROUP_SAVED = "group.saved"
    FORECASTER_SAVED = "forecaster.saved"
    FORECASTER_MERGED = "forecaster.merged"
    PREDICTION_LOGGED = "prediction.logged"
    PREDICTION_AMENDED = "prediction.amended"
    PREDICTION_OPENED = "prediction.opened"
    PREDICTION_CLOSED = "prediction.closed"
    PREDICTION_DUE = "prediction.due"
    PREDICTION_RESOLVED = "prediction.resolved"
    PREDICTION_VOIDED = "prediction.voided"
    PREDICTION_CORRECTED = "prediction.corrected"
    FORECAST_ISSUED = "forecast.issued"
    FORECAST_WITHDRAWN = "forecast.withdrawn"
    FORECASTS_RECORDED = "forecasts.recorded"
    SOURCE_SAVED = "source.saved"
    WATCH_SAVED = "watch.saved"
    FINDINGS_RECORDED = "findings.recorded"
    FINDING_REVIEWED = "finding.reviewed"
    PROPOSAL_MADE = "proposal.made"
    PROPOSAL_REJECTED = "proposal.rejected"
    IMPORT_APPLIED = "import.applied"
    DISPUTE_OPENED = "dispute.opened"
    DISPUTE_CLOSED = "dispute.closed"
    RIGHTS_CHANGED = "rights.changed"
    WEBHOOK_SAVED = "webhook.saved"
    WEBHOOK_ROTATED = "webhook.rotated"
    KEY_MADE = "key.made"
    KEY_REVOKED = "key.revoked"

    @property
    def moves_scores(self) -> bool:
        """Whether scores, facts or cells may follow from it."""
        return self in _MOVES_SCORES


_MOVES_SCORES = {
    EntryKind.FORECASTER_SAVED,
    EntryKind.FORECASTER_MERGED,
    EntryKind.PREDICTION_AMENDED,
    EntryKind.PREDICTION_DUE,
    EntryKind.PREDICTION_RESOLVED,
    EntryKind.PREDICTION_VOIDED,
    EntryKind.PREDICTION_CORRECTED,
    EntryKind.FORECAST_ISSUED,
    EntryKind.FORECAST_WITHDRAWN,
    EntryKind.FORECASTS_RECORDED,
    EntryKind.IMPORT_APPLIED,
}


class LedgerEntry(models.Model):
    """One decision in the hash chain. The format is in docs/ledger.md and never changes."""

    seq = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=40, choices=EntryKind.choices)
    at = models.DateTimeField()
    actor = models.CharField(max_length=40, help_text="Opaque: says that two entries are by one actor, not by whom.")
    subject = models.CharField(max_length=60)
    content_sha256 = models.CharField(max_length=64, help_text="SHA-256 of salt and canonical content.")
    prev = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    content = models.TextField(null=True)  # noqa: DJ001 -- NULL: erased; the chain stays valid
    salt = models.CharField(max_length=32, null=True)  # noqa: DJ001 -- erased with the content

    class Meta:
        ordering = ("seq",)
        verbose_name_plural = "ledger entries"
        indexes = (models.Index(fields=("subject", "seq")),)
        constraints = (
            models.CheckConstraint(condition=Q(seq__gte=1), name="entry_seq_from_one"),
            models.CheckConstraint(
                condition=Q(content__isnull=True, salt__isnull=True) | Q(content__isnull=False, salt__isnull=False),
                name="entry_content_with_salt",
            ),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.kind} {self.subject}"

    @property
    def subject_kind(self) -> str:
        return self.subject.partition(":")[0]

    @property
    def subject_id(self) -> int:
        return int(self.subject.partition(":")[2])


class LedgerHead(models.Model):
    """One row: how long the chain is and its last digest. Appending locks it, last of all."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="ledger_head_single"),)

    def __str__(self) -> str:
        return f"{self.size} entries"


class Actor(models.Model):
    """The opaque name under which a user stands in the ledger; without this row nobody can tell who it was."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="actor")
    key = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.key


class CursorName(models.TextChoices):
    SCORING = "scoring"
    ASSESSING = "assessing"
    WEBHOOKS = "webhooks"


class Cursor(models.Model):
    """How far a follower has read the ledger, and under which scoring engine all that it stored was computed."""

    name = models.CharField(max_length=20, primary_key=True, choices=CursorName.choices)
    seq = models.BigIntegerField(default=0)
    engine = models.CharField(max_length=10, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.name} at {self.seq}"


class FollowerFailure(models.Model):
    """An entry that a follower could not digest. It stands on the desk; the cursor went on."""

    cursor = models.CharField(max_length=20, choices=CursorName.choices)
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="failures")
    error = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("cursor", "entry"), name="follower_failure_once"),)

    def __str__(self) -> str:
        return f"{self.cursor} at {self.entry}"


class Heartbeat(models.Model):
    """Who schedules: the holder of the lease, renewed while it lives."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=80)
    until = models.DateTimeField()
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} held by {self.holder}"
