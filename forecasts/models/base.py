"""What several nouns share."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from forecasts.scoring.rules import TICKS


class Precision(models.TextChoices):
    """How exactly a date is known. A date without a time means the end of what it names."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    INSTANT = "instant"


class Basis(models.TextChoices):
    """Where a probability comes from. Stated and implied ones never share a calibration table."""

    STATED = "stated", _("stated as a number")
    IMPLIED = "implied", _("implied by the wording")
    MARKET = "market", _("market price")
    MODEL = "model", _("model output")
    AGGREGATE = "aggregate", _("aggregate of forecasts")


class Track(models.TextChoices):
    """Which forecasts may be compared: those recorded before the world knew, and the others, shown apart."""

    LIVE = "live", _("live")
    BACKFILLED = "backfilled", _("recorded afterwards")
    IMPORTED = "imported", _("imported")
    ALL = "all", _("all tracks together")

    @classmethod
    def provenances(cls) -> tuple["Track", ...]:
        """The values that a forecast itself can have."""
        return (cls.LIVE, cls.BACKFILLED, cls.IMPORTED)


class Cohort(models.TextChoices):
    """Disjoint: resolved before the deadline passed, and those whose deadline has passed."""

    EARLY = "early", "resolved early, deadline still ahead"
    DUE = "due", "deadline passed"


def tick_field(verbose_name: str = "probability") -> "models.IntegerField[int | None, int | None]":
    """A probability in ten-thousandths, 0..10,000."""
    return models.IntegerField(
        verbose_name,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(TICKS)],
        help_text="In ten-thousandths: 7000 is 70 %.",
    )


def tick_check(field: str, name: str) -> models.CheckConstraint:
    within = models.Q(**{f"{field}__gte": 0, f"{field}__lte": TICKS})
    return models.CheckConstraint(condition=models.Q(**{f"{field}__isnull": True}) | within, name=name)


def choice_check(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """The database, too, knows only the listed values."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": choices.values}), name=name)
