import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from .base import choice_check
from .prediction import Prediction
from .snapshot import Snapshot
from .source import EvidenceSource, HostGate


class Stance(models.TextChoices):
    SUPPORTS_YES = "supports_yes", _("supports yes")
    SUPPORTS_NO = "supports_no", _("supports no")
    RELATED = "related", _("Related")


class Review(models.TextChoices):
    NEW = "new"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


class FoundBy(models.TextChoices):
    WATCH = "watch", "watch groups"
    RANKING = "ranking", "ranking"
    SERIES = "series", "a value of a series"
    LINK = "link", "the article behind an item"
    EDITOR = "editor", "an editor"


class FindingQuerySet(models.QuerySet["Finding"]):
    def public(self) -> "FindingQuerySet":
        """What readers see: nothing that an editor dismissed, and no guess of the ranking before one took it.

        An article is as public as the item that led to it, until an editor takes it by itself.
        """
        behind_a_guess = Q(behind__found_by=FoundBy.RANKING) & ~Q(behind__review=Review.ACCEPTED)
        hidden = Q(found_by=FoundBy.RANKING) | behind_a_guess | Q(behind__review=Review.DISMISSED)
        seen = self.exclude(review=Review.DISMISSED)
        return seen.filter(Q(review=Review.ACCEPTED) | ~hidden)


class Finding(models.Model):
    """A piece of evidence matched to a prediction; its quote stands word for word in the snapshot's text."""

    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="findings")
    source = models.ForeignKey(EvidenceSource, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="findings")
    title = models.CharField(max_length=500)
    url = models.URLField(max_length=2048, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    dated_by = models.CharField(max_length=10, default="none", help_text="Where the date of publication was read.")
    found_at = models.DateTimeField()
    quote = models.TextField()
    quote_start = models.PositiveIntegerField()
    quote_end = models.PositiveIntegerField()
    item_start = models.PositiveIntegerField(null=True, help_text="Where the whole item begins in the snapshot's text.")
    item_end = models.PositiveIntegerField(null=True)
    found_by = models.CharField(max_length=10, choices=FoundBy.choices, default=FoundBy.WATCH)
    relevance = models.PositiveIntegerField(help_text="0 to 1000.")
    reading_order = models.PositiveIntegerField(default=500, help_text="0 to 1000; more is read sooner.")
    warnings = models.JSONField(default=list, blank=True, help_text="What to beware of, as sentences.")
    same_story_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="retellings"
    )
    behind = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        help_text="Of an article: the item that led to it.",
    )
    stance = models.CharField(max_length=20, choices=Stance.choices, default=Stance.RELATED)
    why = models.TextField("why it matched", blank=True)
    digest = models.CharField(max_length=64)
    review = models.CharField(max_length=10, choices=Review.choices, default=Review.NEW)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("-found_at", "-id")
        indexes = (models.Index(fields=("review", "-reading_order", "found_at", "id"), name="finding_to_review"),)
        constraints = (
            choice_check("stance", Stance, "finding_stance_known"),
            choice_check("review", Review, "finding_review_known"),
            choice_check("found_by", FoundBy, "finding_found_by_known"),
            models.CheckConstraint(
                condition=Q(item_start__isnull=True, item_end__isnull=True)
                | Q(item_start__lte=F("quote_start"), quote_end__lte=F("item_end")),
                name="finding_quote_in_item",
            ),
            models.CheckConstraint(condition=Q(reading_order__lte=1000), name="finding_reading_order_range"),
            models.UniqueConstraint(fields=("prediction", "digest"), name="finding_once_per_prediction"),
            models.CheckConstraint(condition=Q(quote_start__lt=F("quote_end")), name="finding_quote_not_empty"),
            models.CheckConstraint(condition=Q(relevance__lte=1000), name="finding_relevance_range"),
        )

    def __str__(self) -> str:
        return self.title


class LinkedArticleQuerySet(models.QuerySet["LinkedArticle"]):
    def due(self, now: dt.datetime) -> "LinkedArticleQuerySet":
        """Articles to read now: due, and held by nobody."""
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
        return self.filter(free, next_try_at__lte=now).order_by("next_try_at", "id")

    def spread(self, now: dt.datetime, per_host: int) -> "LinkedArticleQuerySet":
        """Due articles of hosts that nobody is asking, at most `per_host` of each, with their `turn` from 1 on."""
        turn = Window(RowNumber(), partition_by=[F("host")], order_by=(F("next_try_at"), F("id")))
        open_to_us = self.due(now).exclude(Exists(HostGate.objects.closed(now).filter(host=OuterRef("host"))))
        return open_to_us.annotate(turn=turn).filter(turn__lte=per_host).order_by("turn", "next_try_at", "id")


class LinkedArticle(models.Model):
    """An article behind an item, to be read: a queue of its own, a few tries each."""

    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="linked_article")
    host = models.CharField(max_length=260)
    next_try_at = models.DateTimeField(null=True, help_text="Empty when it is done with.")
    tries = models.PositiveIntegerField(default=0)
    lease_id = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True)

    objects = LinkedArticleQuerySet.as_manager()

    class Meta:
        ordering = ("next_try_at", "id")
        indexes = (models.Index(fields=("next_try_at",)),)

    def __str__(self) -> str:
        return f"the article of {self.finding}"
