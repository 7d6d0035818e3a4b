"""What is here already under the natural keys of a file."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.db.models import Q

from forecasts.models import Forecast, Forecaster, Prediction, Topic
from forecasts.queries.own_rows import OWN, key_of

from .imported import Import, ImportedForecast

Key = TypeVar("Key")

BATCH = 500


class Lookup:
    """Rows by key, read in batches: the queries grow with the file, never with the database."""

    def __init__(self, bulk: Import) -> None:
        forecasts = [row for new in bulk.predictions for row in new.forecasts]
        forecasts += [row for rows in bulk.added.values() for row in rows]
        slugs = (
            {row.forecaster for row in forecasts} | {row.slug for row in bulk.forecasters} | {*bulk.block.forecasters}
        )
        self.forecasters = {row.slug: row for part in _parts(slugs) for row in _forecasters(part)}
        keys = {new.external_id for new in bulk.predictions} | bulk.added.keys() | {*bulk.block.predictions}
        self.predictions = dict(_predictions(keys))
        self.drafts = {OWN + slug for part in _parts(_slugs(keys)) for slug in _drafts(part)}
        self.forecast_here = self._forecast_here({new.external_id for new in bulk.predictions if new.is_settled})
        self.forecasts: dict[tuple[int, str], Forecast] = {}
        self._here: dict[tuple[int, int, dt.datetime], Forecast] = {}
        self.meet(forecasts)
        names = {name for new in bulk.predictions for name in new.topics}
        self.topics = {row.name: row for part in _parts(names) for row in Topic.objects.filter(name__in=part)}

    def meet(self, rows: Iterable[ImportedForecast]) -> None:
        """Look for what is here under the keys of `rows`."""
        given = list(rows)
        self.forecasts |= dict(self._by_external_id(given))
        if not self._here and any(row.external_id.startswith(OWN) for row in given):
            self._here = self._without_id()

    def forecast(self, prediction: Prediction, forecaster: Forecaster, row: ImportedForecast) -> Forecast | None:
        """By its key; or what was issued at this desk without one, by who said it of what and when."""
        found = self.forecasts.get((forecaster.pk, row.external_id))
        if found is None and row.external_id.startswith(OWN):
            found = self._here.get((prediction.pk, forecaster.pk, row.issued_at))
        return found

    def _forecast_here(self, keys: Iterable[str]) -> set[int]:
        """Those of the predictions on which somebody forecast at this desk."""
        named = (self.predictions[key].pk for key in keys if key in self.predictions)
        here = Forecast.objects.filter(import_run__isnull=True)
        parts = (here.filter(prediction__in=part) for part in _parts(named))
        return {pk for rows in parts for pk in rows.values_list("prediction", flat=True).distinct()}

    def _by_external_id(self, rows: Sequence[ImportedForecast]) -> Iterator[tuple[tuple[int, str], Forecast]]:
        people = self.forecasters
        known = {(people[row.forecaster].pk, row.external_id) for row in rows if row.forecaster in people}
        for part in _parts(known):
            whose, ids = {pk for pk, _ in part}, [external for _, external in part]
            for found in Forecast.objects.filter(forecaster__in=whose, external_id__in=ids):
                yield (found.forecaster_id, str(found.external_id)), found

    def _without_id(self) -> dict[tuple[int, int, dt.datetime], Forecast]:
        unnamed = Forecast.objects.filter(external_id__isnull=True)
        parts = _parts(row.pk for row in self.predictions.values())
        rows = (row for part in parts for row in unnamed.filter(prediction__in=part))
        return {(row.prediction_id, row.forecaster_id, row.issued_at): row for row in rows}


def _forecasters(slugs: Sequence[str]) -> Iterable[Forecaster]:
    return Forecaster.objects.filter(slug__in=slugs)


def _predictions(keys: Iterable[str]) -> Iterator[tuple[str, Prediction]]:
    """Those that were imported under the key; else those of this desk that the key names by their slug."""
    for part in _parts(keys):
        rows = Prediction.objects.filter(Q(external_id__in=part) | Q(external_id__isnull=True, slug__in=_slugs(part)))
        for row in rows.exclude(published_at__isnull=True).select_related("current_resolution", "import_run"):
            yield key_of(row), row


def _slugs(keys: Iterable[str]) -> list[str]:
    return [key.removeprefix(OWN) for key in keys if key.startswith(OWN)]


def _drafts(slugs: Sequence[str]) -> Iterable[str]:
    return Prediction.objects.filter(slug__in=slugs, published_at__isnull=True).values_list("slug", flat=True)


def _parts(keys: Iterable[Key]) -> Iterator[list[Key]]:
    """In order, so that keys which stand side by side in an index are asked for together."""
    rest = iter(sorted(keys))  # type: ignore[type-var]  # text, numbers or pairs of them
    while part := list(islice(rest, BATCH)):
        yield part
