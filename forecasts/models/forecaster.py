from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import choice_check


class ForecasterKind(models.TextChoices):
    PERSON = "person", _("Person")
    DESK = "desk", _("Desk")
    PUBLICATION = "publication", _("Publication")
    AI_MODEL = "ai_model", _("AI model")
    MARKET = "market", _("Market")
    CROWD = "crowd", _("Crowd")
    BASELINE = "baseline", _("Baseline")

    @property
    def is_derived(self) -> bool:
        """Computed by us at scoring; nobody issues its forecasts."""
        return self in (ForecasterKind.CROWD, ForecasterKind.BASELINE)

    @property
    def may_join_peer_pool(self) -> bool:
        return not self.is_derived and self is not ForecasterKind.MARKET


DERIVED = tuple(kind for kind in ForecasterKind if kind.is_derived)


class ForecasterQuerySet(models.QuerySet["Forecaster"]):
    def derived(self) -> "ForecasterQuerySet":
        """Crowds and baselines."""
        return self.filter(kind__in=DERIVED)

    def speaking(self) -> "ForecasterQuerySet":
        """Who may be credited with another forecast."""
        return self.exclude(kind__in=DERIVED).filter(merged_into__isnull=True)

    def counted_as(self, pk: int) -> "ForecasterQuerySet":
        """One forecaster and whoever was merged into it; a query within one, so that an index finds its forecasts."""
        return self.filter(models.Q(pk=pk) | models.Q(merged_into=pk)).order_by()


class Forecaster(models.Model):
    """Whoever a forecast is credited to."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=ForecasterKind.choices)
    is_bot = models.BooleanField("automated account", default=False, help_text="Kept out of the peer pool.")
    url = models.URLField(blank=True)
    bio = models.TextField(blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="forecaster"
    )
    reply = models.TextField("right of reply", blank=True)
    reply_at = models.DateTimeField("reply given at", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="also_known_as"
    )

    objects = ForecasterQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        indexes = (models.Index(fields=("name", "id")),)
        constraints = (
            choice_check("kind", ForecasterKind, "forecaster_kind_known"),
            models.CheckConstraint(
                condition=models.Q(reply="") | models.Q(reply_at__isnull=False), name="forecaster_reply_is_dated"
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="forecaster_not_merged_into_itself",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/forecasters/{self.slug}/"

    @property
    def is_in_peer_pool(self) -> bool:
        return ForecasterKind(self.kind).may_join_peer_pool and not self.is_bot
