import datetime as dt

from django.db import models
from django.db.models import Exists, OuterRef, Q

from .base import choice_check
from .ledger_entry import EntryKind, LedgerEntry

ANNOUNCED = (
    EntryKind.PREDICTION_OPENED,
    EntryKind.PREDICTION_AMENDED,
    EntryKind.PREDICTION_CLOSED,
    EntryKind.PREDICTION_RESOLVED,
    EntryKind.PREDICTION_VOIDED,
    EntryKind.PREDICTION_CORRECTED,
    EntryKind.FORECAST_ISSUED,
    EntryKind.FORECAST_WITHDRAWN,
    EntryKind.IMPORT_APPLIED,
)
"""The decisions that webhooks can be told of; of each only what is public."""


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def due(self, now: dt.datetime) -> "WebhookQuerySet":
        """Those to call now: something is due, nobody is calling, and the receiver asked for no more patience."""
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
        waiting = Delivery.objects.due(now).filter(webhook=OuterRef("pk"))
        return self.filter(free, Exists(waiting.order_by()), paused=False, free_at__lte=now)


class Webhook(models.Model):
    """An address that hears of public decisions. One call at a time, under a lease; the deliveries are its queue."""

    title = models.CharField(max_length=200)
    url = models.URLField(max_length=2048, help_text="An https address; a private one must be in the settings.")
    kinds = models.JSONField("events", default=list)
    paused = models.BooleanField(default=False)
    paused_reason = models.CharField(max_length=300, blank=True)
    secret = models.CharField(max_length=100, editable=False)
    previous_secret = models.CharField(max_length=100, blank=True, editable=False)
    previous_until = models.DateTimeField(null=True, editable=False, help_text="Until then both secrets sign.")
    free_at = models.DateTimeField(editable=False, help_text="Not before this may it be called again.")
    failure_count = models.PositiveIntegerField("failures in a row", default=0, editable=False)
    last_good_at = models.DateTimeField(null=True, editable=False)
    lease_id = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ("title",)
        permissions = (("operate_webhooks", "Can add, change, pause and replay webhooks"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(paused=False) | Q(paused_reason__gt=""), name="webhook_pause_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(lease_id__isnull=True, lease_until__isnull=True)
                | Q(lease_id__isnull=False, lease_until__isnull=False),
                name="webhook_lease_whole",
            ),
            models.CheckConstraint(
                condition=Q(previous_secret="", previous_until__isnull=True)
                | Q(previous_secret__gt="", previous_until__isnull=False),
                name="webhook_previous_secret_ends",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def secrets_at(self, now: dt.datetime) -> tuple[str, ...]:
        """The secrets that sign at `now`, the newest first."""
        is_turning = self.previous_until is not None and now < self.previous_until
        return (self.secret, self.previous_secret) if is_turning else (self.secret,)


class DeliveryStatus(models.TextChoices):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed", "given up"
    WITHHELD = "withheld", "no longer public"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: dt.datetime) -> "DeliveryQuerySet":
        return self.filter(next_try_at__lte=now).order_by("next_try_at", "id")


class Delivery(models.Model):
    """One event on its way to one webhook; the row is the queue. Without an entry it is a test."""

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, null=True, related_name="deliveries")
    status = models.CharField(max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.WAITING)
    queued_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    http_status = models.PositiveIntegerField("HTTP status", null=True)
    error_code = models.CharField(max_length=20, blank=True)
    error = models.CharField(max_length=500, blank=True)
    milliseconds = models.PositiveIntegerField(null=True, help_text="How long the last try took.")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "deliveries"
        indexes = (models.Index(fields=("webhook", "next_try_at"), name="delivery_queue"),)
        constraints = (
            choice_check("status", DeliveryStatus, "delivery_status_known"),
            models.CheckConstraint(
                condition=Q(status="waiting", next_try_at__isnull=False)
                | (~Q(status="waiting") & Q(next_try_at__isnull=True)),
                name="delivery_waiting_has_time",
            ),
            models.UniqueConstraint(fields=("webhook", "entry"), name="delivery_once"),
        )

    def __str__(self) -> str:
        return f"{self.event_id} to {self.webhook}"

    @property
    def event_id(self) -> str:
        """By which a receiver knows that an event came before: the same at every try and every replay."""
        return f"evt_{self.entry_id}" if self.entry_id else f"test_{self.pk}"
