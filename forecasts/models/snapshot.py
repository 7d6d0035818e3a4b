from django.db import models


class Snapshot(models.Model):
    """What was fetched or read, addressed by its content. Quotes point into `text`.

    One file of bytes has a row for each text that was read from it: a page by two selectors, a feed by two versions.
    """

    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="Bytes before compression.")
    url = models.URLField(max_length=2048, blank=True)
    final_url = models.URLField(max_length=2048, blank=True)
    fetched_at = models.DateTimeField()
    text = models.TextField(blank=True)
    text_sha256 = models.CharField(max_length=64)
    record = models.JSONField(default=dict, help_text="Capture record: hops, headers, lengths, extractor.")
    verified_at = models.DateTimeField(
        null=True, editable=False, help_text="When the bytes were last read again and hashed."
    )
    fault = models.CharField(
        max_length=200, blank=True, editable=False, help_text="What was wrong with them then; empty when nothing was."
    )

    class Meta:
        ordering = ("-fetched_at",)
        constraints = (models.UniqueConstraint(fields=("sha256", "text_sha256"), name="snapshot_once"),)

    def __str__(self) -> str:
        return f"{self.sha256[:12]} of {self.url}"

    @property
    def storage_name(self) -> str:
        """Where the compressed bytes lie in the `snapshots` storage."""
        return f"{self.sha256[:2]}/{self.sha256}.gz"
