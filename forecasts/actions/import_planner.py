"""Holding everything in a file against what is here."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from forecasts.errors import Conflict, Problem, Refused
from forecasts.models import Forecast, Forecaster, ForecasterKind, Prediction

from .import_block import Progress, admit
from .import_lookup import Lookup
from .import_plan import Plan, PlannedPrediction, PlannedRow, RowKind, RowState
from .import_rows import (
    MEANING,
    check_forecast,
    differences,
    new_forecast,
    new_forecaster,
    new_prediction,
    refuse_other_forecast,
    refuse_other_result,
    result_of,
)
from .imported import Import, ImportedForecast, ImportedPrediction
from .settling import Result, checked_result


def plan_import(*, bulk: Import, at: dt.datetime, settles: bool, progress: Progress = iter) -> Plan:
    """Hold everything that `bulk` says against what is here. `settles`: whoever imports may also bring outcomes.

    `progress` wraps the predictions and the block, for a bar.
    """
    planner = _Planner(bulk, at, settles)
    planner.hold(progress)
    return planner.plan


class _Planner:
    def __init__(self, bulk: Import, at: dt.datetime, settles: bool) -> None:
        self.bulk, self.at, self.settles = bulk, at, settles
        self.plan = Plan(bulk, Lookup(bulk))
        self.lookup = self.plan.lookup
        self.people: dict[str, Forecaster] = dict(self.lookup.forecasters)
        self.strangers: dict[str, Refused] = {}
        self.credited: set[str] = set()
        self.seen: dict[tuple[str, str], int] = {}

    def hold(self, progress: Progress) -> None:
        for row in self.bulk.refused:
            self._tell(row.row, RowKind.ROW, "", RowState.REFUSED, Problem(row.field, row.value, row.accepted))
        self._meet_forecasters()
        for new in progress(self.bulk.predictions):
            self._prediction(new)
        for key, rows in (*self.bulk.added.items(), *self._beside_the_block(progress)):
            self._added(key, rows)
        self._tell_forecasters()

    def _beside_the_block(self, progress: Progress) -> Iterator[tuple[str, list[ImportedForecast]]]:
        """What of the block has to be looked at one by one, by prediction."""
        block = self.bulk.block
        self.plan.block = admit(block, self.lookup, self.at, progress)
        others: dict[str, list[ImportedForecast]] = defaultdict(list)
        for place in self.plan.block.others:
            others[block.predictions[place]].append(block.forecast(place))
        names = {row.pk: slug for slug, row in self.people.items()}
        if others:
            self.seen |= {(names[who], key): row for row, _, who, *_, key in self.plan.block.lines}
            self.lookup.meet(row for rows in others.values() for row in rows)
        yield from others.items()

    def _tell(self, row: int, kind: RowKind, key: str, state: RowState, problem: Problem | None = None) -> None:
        self.plan.rows.append(PlannedRow(row, kind, key, state, problem))

    def _refuse(self, row: int, kind: RowKind, key: str, refused: Refused) -> None:
        state = RowState.CONFLICTING if isinstance(refused, Conflict) else RowState.REFUSED
        self._tell(row, kind, key, state, refused.problems[0])

    def _only_once(self, forecaster: str, key: str, row: int) -> None:
        if not key.strip():
            raise Refused("external_id", key, "give each row an id of its own")
        if (forecaster, key) in self.seen:
            raise Refused("external_id", key, f"row {self.seen[forecaster, key]} has it already")
        self.seen[forecaster, key] = row

    def _meet_forecasters(self) -> None:
        for given in self.bulk.forecasters:
            if given.slug not in self.people:
                try:
                    self.people[given.slug] = new_forecaster(given, self.bulk.credit)
                except Refused as refused:
                    self.strangers[given.slug] = refused

    def _tell_forecasters(self) -> None:
        """Only those to whom something new is credited are made."""
        for given in self.bulk.forecasters:
            if refused := self.strangers.get(given.slug):
                self._refuse(0, RowKind.FORECASTER, given.slug, refused)
                continue
            row = self.people[given.slug]
            if row.pk and row.kind != given.kind:
                problem = Problem("kind", str(given.kind), f"here it is “{row.kind}”, and stays so")
                self._tell(0, RowKind.FORECASTER, given.slug, RowState.CONFLICTING, problem)
            elif row.pk:
                self._tell(0, RowKind.FORECASTER, given.slug, RowState.UNCHANGED)
            elif given.slug in self.credited:
                self._tell(0, RowKind.FORECASTER, given.slug, RowState.NEW)
                self.plan.forecasters.append(row)

    def _forecaster(self, slug: str) -> Forecaster:
        if refused := self.strangers.get(slug):
            raise Refused("forecaster", slug, f"it was refused itself: {refused.problems[0].accepted}")
        if slug not in self.people:
            raise Refused("forecaster", slug, "give one that the file describes or that is here")
        if ForecasterKind(self.people[slug].kind).is_derived:
            raise Refused("forecaster", slug, "crowds and baselines are computed, not recorded")
        return self.people[slug]

    def _prediction(self, new: ImportedPrediction) -> None:
        stored = self.lookup.predictions.get(new.external_id)
        try:
            self._only_once("", new.external_id, new.row)
            row = stored or self._new(new)
            different = differences(stored, new) if stored else {}
        except Refused as refused:
            self._refuse(new.row, RowKind.PREDICTION, new.external_id, refused)
            self._without_prediction(new.external_id, new.forecasts, f"it was refused itself, row {new.row}")
            return
        for problem in list(different.values())[:1]:
            self._tell(new.row, RowKind.PREDICTION, new.external_id, RowState.CONFLICTING, problem)
        if different.keys() & MEANING:
            self._without_prediction(new.external_id, new.forecasts, "under this id something else is here")
            return
        if not different:
            state = RowState.UNCHANGED if stored else RowState.NEW
            self._tell(new.row, RowKind.PREDICTION, new.external_id, state)
        result = self._outcome(row, new)
        forecasts = tuple(self._forecasts(row, new.forecasts, _known_at(row, new)))
        self._keep(row, None if stored else new, forecasts, result)

    def _added(self, key: str, rows: Sequence[ImportedForecast]) -> None:
        """Forecasts on a prediction that the file only names."""
        if row := self.lookup.predictions.get(key):
            self._keep(row, None, tuple(self._forecasts(row, rows, _known_at(row, None))), None)
        else:
            self._without_prediction(key, rows, "give one that is here, or describe it")

    def _keep(
        self, row: Prediction, new: ImportedPrediction | None, forecasts: tuple[Forecast, ...], result: Result | None
    ) -> None:
        if new and new.opens_at is None and forecasts:
            row.opens_at = min(forecast.issued_at for forecast in forecasts)
        if new or forecasts or result:
            self.plan.predictions.append(PlannedPrediction(row, new, forecasts, result))

    def _without_prediction(self, key: str, rows: Iterable[ImportedForecast], why: str) -> None:
        for row in rows:
            problem = Problem("prediction", key, why)
            self._tell(row.row, RowKind.FORECAST, row.external_id, RowState.REFUSED, problem)

    def _new(self, new: ImportedPrediction) -> Prediction:
        """One whose outcome cannot be read is refused, and not taken as if it were open."""
        row = new_prediction(new, self.at)
        if new.external_id in self.lookup.drafts:
            raise Conflict("prediction", new.external_id, "here it is a draft; open that first, or log it anew")
        if new.is_settled:
            checked_result(row, result_of(new, self.bulk), self.at)
        return row

    def _outcome(self, row: Prediction, new: ImportedPrediction) -> Result | None:
        if not new.is_settled:
            return None
        try:
            result = checked_result(row, result_of(new, self.bulk), self.at)
            if row.current_resolution:
                refuse_other_result(row.current_resolution, result)
                self._tell(new.row, RowKind.OUTCOME, new.external_id, RowState.UNCHANGED)
                return None
            self._refuse_to_settle(row, new)
        except Refused as refused:
            self._refuse(new.row, RowKind.OUTCOME, new.external_id, refused)
            return None
        self._tell(new.row, RowKind.OUTCOME, new.external_id, RowState.NEW)
        return result

    def _refuse_to_settle(self, row: Prediction, new: ImportedPrediction) -> None:
        """What this desk or another format brought is for the desk to resolve."""
        said = new.outcome or new.void_reason
        if row.pk and (row.import_run is None or row.import_run.format != self.bulk.format):
            raise Refused("outcome", said, f"it did not come from {self.bulk.format}; propose a resolution at the desk")
        if row.pk in self.lookup.forecast_here:
            raise Refused("outcome", said, "somebody forecast on it at this desk; propose a resolution there")
        if not self.settles:
            raise Refused("outcome", said, "an approver who imports the same file brings the outcomes")

    def _forecasts(
        self, row: Prediction, given: Iterable[ImportedForecast], known_at: dt.datetime | None
    ) -> Iterator[Forecast]:
        for each in given:
            try:
                found = self._forecast(row, each, known_at)
            except Refused as refused:
                self._refuse(each.row, RowKind.FORECAST, each.external_id, refused)
                continue
            self._tell(each.row, RowKind.FORECAST, each.external_id, RowState.NEW if found else RowState.UNCHANGED)
            if found:
                self.credited.add(each.forecaster)
                yield found

    def _forecast(self, row: Prediction, given: ImportedForecast, known_at: dt.datetime | None) -> Forecast | None:
        """The forecast to insert, None when it is here already."""
        self._only_once(given.forecaster, given.external_id, given.row)
        new = new_forecast(row, self._forecaster(given.forecaster), given, self.at)
        if stored := self.lookup.forecast(row, new.forecaster, given):
            refuse_other_forecast(stored, new)
            return None
        check_forecast(new, known_at, self.at)
        return new


def _known_at(row: Prediction, new: ImportedPrediction | None) -> dt.datetime | None:
    """When the world knew, by what stands here, else by the file."""
    if row.current_resolution:
        return row.current_resolution.known_at
    return new.known_at if new and new.is_settled else None
