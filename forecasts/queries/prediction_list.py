"""The list of predictions with filters that work by URL; the page and the API read the same."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from django.db.models import Q, QuerySet

from forecasts.errors import Refused
from forecasts.models import Forecaster, Prediction, PredictionStatus, Track

from .denominators import is_said
from .made import kept_groups
from .scope import about

STATES = ("open", "closed", "due", "overdue", "resolved", "early", "corrected", "void")
PARAMETERS = ("q", "state", "topic", "forecaster", "article")
LONGEST_SEARCH = 200


def prediction_list(parameters: Mapping[str, str], now: dt.datetime) -> QuerySet[Prediction]:
    """Public predictions, newest first. Raises Refused for an unknown parameter or state."""
    rows: QuerySet[Prediction] = (
        Prediction.objects.public().select_related("current_resolution", "article").order_by("-published_at", "-pk")
    )
    for name, value in parameters.items():
        if name not in PARAMETERS:
            raise Refused(name, value, f"the filters are {', '.join(PARAMETERS)}")
        if value:
            rows = _narrowed(rows, name, value, now)
    return rows


def _narrowed(rows: QuerySet[Prediction], name: str, value: str, now: dt.datetime) -> QuerySet[Prediction]:
    if name == "q":
        words = value[:LONGEST_SEARCH].split()
        return rows.filter(*(Q(statement__icontains=word) | Q(criteria__icontains=word) for word in words))
    if name == "state":
        return rows.filter(_in_state(value, now))
    if name == "forecaster":
        return _said_by(rows, value, now)
    return rows.filter(**{{"topic": "topics__slug", "article": "article__slug"}[name]: value})


def _said_by(rows: QuerySet[Prediction], slug: str, now: dt.datetime) -> QuerySet[Prediction]:
    """By any of their names; crowds and baselines are about whatever others have said something about.
    Whoever has said little has it read through.
    """
    who = Forecaster.objects.select_related("merged_into").filter(slug=slug).first()
    if who is None:
        return rows.none()
    query = replace(about(who.merged_into or who), track=Track.ALL)
    _, place = kept_groups(query, now)
    return rows.filter(is_said(query, is_little=place.is_little))


def _in_state(value: str, now: dt.datetime) -> Q:
    unsettled = Q(status__in=(PredictionStatus.OPEN, PredictionStatus.CLOSED))
    states = {
        "open": unsettled & Q(closes_at__gt=now),
        "closed": unsettled & Q(closes_at__lte=now, resolves_by__gte=now),
        "due": unsettled & Q(resolves_by__gte=now),
        "overdue": unsettled & Q(resolves_by__lt=now),
        "resolved": Q(status=PredictionStatus.RESOLVED),
        "early": Q(status=PredictionStatus.RESOLVED, due_at__isnull=True),
        "corrected": Q(corrected_at__isnull=False),
        "void": Q(status=PredictionStatus.VOID),
    }
    if value not in states:
        raise Refused("state", value, f"give one of {', '.join(STATES)}")
    return states[value]
