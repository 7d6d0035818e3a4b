"""The list of predictions by page: each next page starts below the last prediction of the one before."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from forecasts.errors import Refused
from forecasts.models import Forecaster, Prediction, Topic
from forecasts.queries.forecaster_list import forecaster_list
from forecasts.queries.prediction_list import prediction_list
from forecasts.queries.rows import PredictionRow, prediction_rows

PAGE = 30
COUNTED = 1_000
OFFERED = 100
BELOW = "below"
STATE_WORDS = {
    "open": gettext_lazy("open"),
    "closed": gettext_lazy("closed"),
    "due": gettext_lazy("not yet due"),
    "overdue": gettext_lazy("overdue"),
    "resolved": gettext_lazy("resolved"),
    "early": gettext_lazy("resolved early"),
    "corrected": gettext_lazy("corrected"),
    "void": gettext_lazy("void"),
}


@dataclass(frozen=True)
class PredictionList:
    """One page; `total` stops one above `most`. `older` and `newest` are query strings, empty where there is none."""

    given: Mapping[str, str]
    rows: tuple[PredictionRow, ...]
    total: int
    most: int
    older: str
    newest: str
    states: tuple[tuple[str, str], ...]
    topics: tuple[Topic, ...]
    forecasters: tuple[Forecaster, ...]

    @property
    def topic(self) -> Topic | None:
        """The one that the list is narrowed to."""
        return next((topic for topic in self.topics if topic.slug == self.given.get("topic")), None)


@dataclass(frozen=True)
class Listing:
    """What was asked for, checked."""

    given: Mapping[str, str]
    below: Prediction | None
    found: QuerySet[Prediction]

    def read(self, now: dt.datetime) -> PredictionList:
        rows = prediction_rows(self._page()[: PAGE + 1], now)
        shown, filters = rows[:PAGE], {name: value for name, value in self.given.items() if value}
        return PredictionList(
            given=self.given,
            rows=shown,
            total=self.found.order_by()[: COUNTED + 1].count(),
            most=COUNTED,
            older=urlencode({**filters, BELOW: shown[-1].slug}) if len(rows) > PAGE else "",
            newest=f"?{urlencode(filters)}" if self.below else "",
            states=tuple((state, str(words)) for state, words in STATE_WORDS.items()),
            topics=tuple(Topic.objects.all()[:OFFERED]),
            forecasters=tuple(forecaster_list()[:OFFERED]),
        )

    def _page(self) -> QuerySet[Prediction]:
        if self.below is None:
            return self.found
        at, pk = self.below.published_at, self.below.pk
        return self.found.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=pk))


def listing(parameters: Mapping[str, str], now: dt.datetime) -> Listing:
    """Raises Refused for an unknown parameter, state or `below`, the slug under which the page starts."""
    given = {name: value for name, value in parameters.items() if name != BELOW}
    slug = parameters.get(BELOW, "")
    below = Prediction.objects.public().filter(slug=slug).first() if slug else None
    if slug and below is None:
        raise Refused(BELOW, slug, "give the slug of a prediction, as the link to older ones does")
    return Listing(given, below, prediction_list(given, now))
