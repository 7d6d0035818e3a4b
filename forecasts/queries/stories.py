"""One story, told by several outlets."""

from django.db.models import Q, QuerySet

from forecasts.models import Finding


def story_of(finding: Finding) -> QuerySet[Finding]:
    """All findings of a prediction that tell the same story, the first one first."""
    first = finding.same_story_as_id or finding.pk
    return Finding.objects.filter(Q(pk=first) | Q(same_story_as=first)).order_by("pk")
