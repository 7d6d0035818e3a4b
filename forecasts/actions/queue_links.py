"""An article behind an item becomes due in the transaction that stores the item's finding."""

import datetime as dt
from collections.abc import Sequence

from forecasts.models import EvidenceSource, Finding, FoundBy, HostGate, LinkedArticle, SourceKind

FOLLOWED = (FoundBy.WATCH, FoundBy.RANKING)


def queue_links(source: EvidenceSource, found: Sequence[Finding], at: dt.datetime) -> None:
    """Queue what the new findings link to, where the source says so. An item of a page is the page itself."""
    if not source.follow_links or source.kind == SourceKind.PAGE:
        return
    linked = [row for row in found if row.found_by in FOLLOWED and row.url.startswith(("http://", "https://"))]
    LinkedArticle.objects.bulk_create(
        LinkedArticle(finding=row, host=HostGate.of(row.url), next_try_at=at) for row in linked
    )
