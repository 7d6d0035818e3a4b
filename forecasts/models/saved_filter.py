from django.conf import settings
from django.db import models

LONGEST_NAME = 60
LONGEST_QUERY = 1000


class SavedFilter(models.Model):
    """A narrowed list of the desk that somebody comes back to. Their own affair: the ledger knows nothing of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    noun = models.CharField(max_length=40, help_text="Name of the model that the list is of.")
    name = models.CharField(max_length=LONGEST_NAME)
    query = models.CharField(max_length=LONGEST_QUERY, help_text="What follows the question mark in the address.")

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("user", "noun", "name"), name="saved_filter_once"),)

    def __str__(self) -> str:
        return self.name
