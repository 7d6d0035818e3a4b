"""The kept counts of predictions that a scope has said anything about: what scorecards would else count anew."""

from django.db.models import Q, QuerySet

from forecasts.models import MadeCount, MadeState, Said, Scope, Track

from .scope import CalibrationQuery, Named

WAITING = Q(state=MadeState.WAITING)
SAID = {Track.ALL.value: Said.ANY, Track.IMPORTED.value: Said.IMPORTED}


def person_of(query: CalibrationQuery) -> Named | None:
    """Whose forecasts are meant; crowds and baselines are about whatever others have said something about."""
    return query.forecaster if query.forecaster and not query.forecaster.is_derived else None


def is_counted(query: CalibrationQuery) -> bool:
    """Whether the predictions of `query` are kept counted; of an article, and of a forecaster on a topic, not."""
    return not (query.article or (person_of(query) and query.topic))


def counts_of(query: CalibrationQuery) -> QuerySet[MadeCount]:
    """The counts of its scope and track, of every kind. Only where it `is_counted`."""
    scope, scope_id = scope_of(query)
    return MadeCount.objects.filter(scope=scope, scope_id=scope_id, said=SAID.get(query.track, Said.OWN)).order_by()


def scope_of(query: CalibrationQuery) -> tuple[Scope, int]:
    if person := person_of(query):
        return Scope.FORECASTER, person.pk
    return (Scope.TOPIC, query.topic.pk) if query.topic else (Scope.ALL, 0)
