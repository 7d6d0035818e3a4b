from django.db import models

from .base import Precision, choice_check


class Article(models.Model):
    """Where predictions were made. Its archived text never changes: a new fetch is a new snapshot."""

    slug = models.SlugField(max_length=120, unique=True)
    publisher = models.CharField(max_length=200)
    title = models.CharField(max_length=500)
    url = models.URLField(max_length=2048, blank=True)
    byline = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    text = models.TextField("archived text", blank=True)
    text_sha256 = models.CharField(max_length=64)
    headline = models.TextField(blank=True, help_text="The one-line summary above the article.")
    what_changed = models.TextField(blank=True)
    why_it_matters = models.TextField(blank=True)
    what_to_do_next = models.TextField(blank=True)
    who_should_care = models.TextField(blank=True)
    key_takeaways = models.JSONField(default=list, blank=True)
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ("-imported_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("publisher", "url"), condition=~models.Q(url=""), name="article_url_once_per_publisher"
            ),
            models.UniqueConstraint(fields=("publisher", "text_sha256"), name="article_text_once_per_publisher"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/articles/{self.slug}/"


class Milestone(models.Model):
    """A dated event that an article names."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="milestones")
    date = models.DateField(help_text="First day of the named period.")
    precision = models.CharField(max_length=10, choices=Precision.choices)
    text = models.TextField()

    class Meta:
        ordering = ("date", "id")
        constraints = (choice_check("precision", Precision, "milestone_precision_known"),)

    def __str__(self) -> str:
        return f"{self.date_words}: {self.text}"

    @property
    def date_words(self) -> str:
        """The date as exactly as it is known: 2024, 2024-03 or 2024-03-05."""
        length = {Precision.YEAR: 4, Precision.MONTH: 7}.get(Precision(self.precision), 10)
        return self.date.isoformat()[:length]
