import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q


class KeyScope(models.TextChoices):
    """What a key opens, as far as its user has the right."""

    READ = "read", "read: drafts, which readers do not see"
    FORECAST = "forecast", "forecast: record and withdraw forecasts"
    EDIT = "edit", "edit: log, amend and open predictions, add evidence, propose and decide"

    @property
    def rights(self) -> tuple[str, ...]:
        """A user without any of these can do nothing that the scope is for."""
        return _RIGHTS[self]


_RIGHTS = {
    KeyScope.READ: ("view_prediction",),
    KeyScope.FORECAST: ("keep_predictions",),
    KeyScope.EDIT: ("keep_predictions", "propose_resolutions", "resolve_predictions"),
}


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def valid(self, now: dt.datetime) -> "ApiKeyQuerySet":
        return self.filter(revoked_at__isnull=True, expires_at__gt=now, user__is_active=True)


class ApiKey(models.Model):
    """Lets a program act as a user. Of the secret only its digest is kept: whoever loses it makes another key."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_keys", help_text="Whom it acts as."
    )
    name = models.CharField(max_length=100, help_text="What it is for, such as “nightly model run”.")
    prefix = models.CharField(max_length=11, editable=False, help_text="How its secret begins.")
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the secret.")
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "API key"
        ordering = ("-made_at", "-id")
        permissions = (("operate_keys", "Can make and revoke API keys"),)
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("made_at")), name="api_key_expires_later"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class KeptAnswer(models.Model):
    """What a request with an `Idempotency-Key` was answered, to be given again for a day. No status: it runs still."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="answers")
    name = models.CharField(max_length=200, help_text="The Idempotency-Key.")
    request_sha256 = models.CharField(max_length=64, help_text="Over method, address, type and body.")
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "name"), name="kept_answer_once"),)

    def __str__(self) -> str:
        return f"{self.name}: {self.status or 'running'}"
