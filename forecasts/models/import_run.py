from django.conf import settings
from django.db import models


class ImportRun(models.Model):
    """Many rows at once, from a file or a request: where they came from, how many, and the root of their entry."""

    format = models.CharField(max_length=40, blank=True, help_text="Name of the parser.")
    source = models.CharField(max_length=200, help_text="What was imported, with its version.")
    credit = models.TextField(blank=True, help_text="Whose data it is and under which licence.")
    sha256 = models.CharField(max_length=64, db_index=True, help_text="Digest of the file.")
    rows = models.PositiveIntegerField("forecasts", help_text="Forecasts that it brought.")
    new = models.PositiveIntegerField(default=0, help_text="Forecasters, predictions, forecasts, outcomes.")
    unchanged = models.PositiveIntegerField(default=0, help_text="Of the file, what was here already.")
    conflicting = models.PositiveIntegerField(default=0, help_text="Of the file, what is here with other content.")
    refused = models.PositiveIntegerField(default=0, help_text="Of the file, what cannot be taken.")
    skipped = models.JSONField(default=dict, help_text="What would be accepted, to number of rows left out.")
    root = models.CharField(max_length=64, help_text="RFC 9162 root over its rows.")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.source


class ImportFile(models.Model):
    """A file between its dry run and its import. Let go some days after it was uploaded."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField(help_text="Bytes.")
    packed = models.BinaryField(help_text="The bytes, compressed by zlib.")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name
