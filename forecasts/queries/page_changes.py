"""What changed on a watched page, between the fetch that a finding stands in and the one before."""

from forecasts.evidence.changes import Change, diff
from forecasts.models import Check, CheckStatus, Finding, SourceKind


def page_changes(finding: Finding) -> tuple[Change, ...]:
    """The changes since the last good check, in the order of the page; () at first, and for other sources."""
    if finding.source is None or finding.source.kind != SourceKind.PAGE:
        return ()
    good = Check.objects.filter(source=finding.source, status=CheckStatus.OK).select_related("snapshot")
    seen = good.filter(snapshot=finding.snapshot).order_by("due_at").first()
    before = good.filter(due_at__lt=seen.due_at).order_by("-due_at").first() if seen else None
    return diff(before.snapshot.text, finding.snapshot.text) if before and before.snapshot else ()
