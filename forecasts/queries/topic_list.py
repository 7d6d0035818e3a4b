"""Topics, and how many of their predictions are settled past the deadline."""

from django.db.models import QuerySet

from forecasts.models import Scope, Topic

from .settled import settled


def topic_list() -> QuerySet[Topic]:
    """The most settled predictions (on all tracks) first, as `.settled`."""
    return Topic.objects.annotate(settled=settled(Scope.TOPIC)).order_by("-settled", "name", "pk")
