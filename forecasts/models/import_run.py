from django.conf import settings
from django.db import models


class ImportRun(models.Model):
    """One bulk import: where the rows came from, how many, and the Merkle root that its ledger entry carries."""

    source = models.CharField(max_length=200, help_text="What was imported, with its version.")
    credit = models.TextField(blank=True, help_text="Whose data it is and under which licence.")
    sha256 = models.CharField(max_length=64, unique=True, help_text="Digest of the file.")
    rows = models.PositiveIntegerField()
    skipped = models.JSONField(default=dict, help_text="Reason to number of rows left out.")
    root = models.CharField(max_length=64, help_text="RFC 9162 root over the forecast rows.")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.source
