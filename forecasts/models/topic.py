from django.db import models


class Topic(models.Model):
    """A subject; a prediction may have many."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ("name", "id")
        indexes = (models.Index(fields=("name", "id")),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/topics/{self.slug}/"
