"""Random lives of predictions, followers running at any time: what is stored is always what follows."""

import datetime as dt
import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from sklearn.metrics import brier_score_loss

from forecasts.actions import merge_forecasters, save_reference
from forecasts.errors import Refused
from forecasts.jobs.recompute import compare, rebuild
from forecasts.ledger.verify import verify
from forecasts.models import CalibrationCell, Forecaster, Prediction, Scope, ScopeCount, Score, Topic, UnsettledSum
from forecasts.queries.denominators import asked_about, count, denominators, predictions_of
from forecasts.queries.scope import CalibrationQuery, Named, of_forecaster
from forecasts.queries.sums import counted, from_cells, from_facts, summed
from forecasts.queries.unsettled import added, from_forecasts, unsettled
from forecasts.scoring.days import day_number
from forecasts.scoring.reliability import brier_total, mean_brier
from tests.story import DAY, START, Story

STEPS = 200
SETTLING = START + 25 * DAY  # first people only talk, so that there is something to settle
_OTHERS: dict[str, dict[str, Any]] = {
    "options": {"kind": "multiple_choice", "options": ["a", "b", "c"], "options_ordered": True},
    "number": {"kind": "numeric", "range_min": Decimal(0), "range_max": Decimal(100), "open_above": True},
    "date": {"kind": "date", "range_min": day_number("2026-01-01"), "range_max": day_number("2026-06-30")},
}
LOGGED: list[dict[str, Any]] = [{}] * 6 + list(_OTHERS.values()) * 2
PLACES = {"numeric": ["0", "10.5", "40", "100"], "date": ["2026-01-09", "2026-02-28", "2026-05-01", "2026-06-30"]}
OUTCOMES = {
    "binary": ["yes", "no"],
    "multiple_choice": ["a", "b", "c"],
    "numeric": ["0", "33", "250"],
    "date": ["2026-01-03", "2026-01-20", "2026-02-01"],
}


class Walk:
    """One editor, one approver and chance. Time only moves forward; what the rules forbid changes nothing."""

    def __init__(self, story: Story, seed: int) -> None:
        self.story, self.chance, self.now = story, random.Random(seed), START  # noqa: S311 -- repeatable
        self.forecasters = [story.desk, *(story.forecaster(f"model-{name}") for name in "abcdef")]
        self.topics = [story.topic("chips"), story.topic("votes")]
        self.predictions = [self.logs(fields) for fields in LOGGED]
        self.done: dict[str, int] = defaultdict(int)

    def logs(self, fields: dict[str, Any]) -> Prediction:
        close = START + self.chance.randint(30, 80) * DAY
        return self.story.opened(
            closes_at=close,
            resolves_by=close + self.chance.randint(0, 20) * DAY,
            cannot_resolve_early=self.chance.random() < 0.3,
            topics=self.chance.sample(self.topics, self.chance.randint(1, 2)),
            **fields,
        )

    @property
    def verbs(self) -> Mapping[str, tuple[int, Callable[[Prediction], object]]]:
        """What may happen, and how often."""
        return {
            "issue": (16, self.issues),
            "withdraw": (2, self.withdraws),
            "resolve": (3, self.resolves),
            "correct": (3, self.corrects),
            "void": (1, lambda row: self.story.resolves(row, "duplicate", known_at=self.some_time(), at=self.now)),
            "pass": (3, lambda row: self.story.passes(row, self.now)),
            "retopic": (3, lambda row: self.story.amends(row, {}, topics=self.some_topics(), at=self.now)),
            "merge": (1, self.merges),
            "bot": (1, self.saves),
            "follow": (2, lambda row: self.story.scores()),
        }

    def issues(self, row: Prediction) -> object:
        issued = self.now - self.chance.choice([0, 0, 0, 3, 12]) * DAY
        given: dict[str, Any] = {"forecaster": self.chance.choice(self.forecasters)}
        if row.kind == "binary":
            given["basis"] = self.chance.choice(["stated", "stated", "market", "implied"])
        if given.get("basis") == "implied":
            given |= {"wording": "likely", "wording_table": "1"}
        return self.story.says(row, self.value(row, given.get("basis")), at=self.now, issued_at=issued, **given)

    def value(self, row: Prediction, basis: str | None) -> object:
        tick = self.chance.choice([0, 500, 2500, 5000, 7300, 9999, 10_000])
        if row.kind == "binary":
            return (min(max(tick, 100), 9900) if basis == "implied" else tick) / 10_000
        if row.kind == "multiple_choice":
            return [tick / 10_000, *([(10_000 - tick) / 20_000] * 2)]
        places = sorted(self.chance.sample(PLACES[row.kind], 2))
        return list(zip(places, sorted([tick / 10_000, self.chance.choice([0, 0.3, 1])]), strict=True))

    def withdraws(self, row: Prediction) -> object:
        return self.story.withdraws(row, at=self.now, forecaster=self.chance.choice(self.forecasters))

    def resolves(self, row: Prediction) -> object:
        return self.story.resolves(row, self.outcome(row), known_at=self.some_time(), at=self.now)

    def corrects(self, row: Prediction) -> object:
        outcome = self.chance.choice([*[self.outcome(row)] * 4, "unresolvable"])
        return self.story.corrects(row, outcome, known_at=self.some_time(), at=self.now)

    def outcome(self, row: Prediction) -> str:
        return self.chance.choice(OUTCOMES[row.kind])

    def merges(self, _row: Prediction) -> object:
        gone, into = self.chance.sample(self.forecasters, 2)
        if len(self.forecasters) <= 5:
            return None
        self.forecasters.remove(gone)
        return merge_forecasters(forecaster=gone, into=into, at=self.now, by=self.story.editor)

    def saves(self, _row: Prediction) -> object:
        """Another biography, and perhaps in or out of the peer pool."""
        chosen = Forecaster.objects.get(pk=self.chance.choice(self.forecasters).pk)
        chosen.bio, chosen.is_bot = str(self.now), self.chance.random() < 0.2
        return save_reference(row=chosen, at=self.now, by=self.story.editor)

    def some_topics(self) -> list[Topic]:
        return self.chance.sample(self.topics, self.chance.randint(0, 2))

    def some_time(self) -> dt.datetime:
        return self.now - self.chance.randint(0, 30) * DAY

    def finish(self) -> None:
        """Every deadline passes, and whatever is unsettled is settled."""
        self.now = max(self.now, START + 101 * DAY)
        for row in self.predictions:
            for verb in (lambda row: self.story.passes(row, self.now), self.resolves):
                with suppress(Refused):
                    verb(Prediction.objects.get(pk=row.pk))

    def step(self) -> None:
        self.now += dt.timedelta(hours=self.chance.randint(1, 24))
        names = [name for name in self.verbs if self.now > SETTLING or name not in ("resolve", "void", "pass")]
        name = self.chance.choices(names, [self.verbs[each][0] for each in names])[0]
        row = Prediction.objects.get(pk=self.chance.choice(self.predictions).pk)
        try:
            self.verbs[name][1](row)
        except Refused:
            return
        self.done[name] += 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_works(story: Story, seed: int) -> None:
    walk = Walk(story, seed)
    for step in range(STEPS):
        walk.step()
        if step % 15 == 0:
            assert compare().differences == []
    both_paths_agree(walk.chance)
    assert UnsettledSum.objects.exists()
    walk.finish()
    story.scores()
    found = compare()
    assert (found.differences, found.pending) == ([], 0)
    # The walk went somewhere.
    assert found.scores > 0
    assert {"issue", "resolve", "correct", "pass", "follow", "merge", "bot", "retopic"} <= walk.done.keys()
    kinds = Score.objects.values_list("prediction__kind", flat=True)
    assert set(kinds) == set(OUTCOMES)
    assert Score.objects.filter(forecaster__slug="crowd-median").exists()
    assert Score.objects.filter(forecaster__slug="topic-base-rate").exists()
    cells_are_the_sum_of_scores()
    every_mean_is_the_mean_of_its_picks()
    both_paths_agree(walk.chance)
    assert verify().rows > len(walk.predictions)
    before = cells()
    rebuild()
    assert cells() == before


def cells() -> list[tuple[object, ...]]:
    fields = [field.name for field in CalibrationCell._meta.concrete_fields if field.name != "id"]
    return sorted(CalibrationCell.objects.values_list(*fields), key=repr)


def cells_are_the_sum_of_scores() -> None:
    """For every key: weights and distinct counts over cells are those over scored forecasts, in integers.

    Each of three options has a row of its own; what we derive ourselves is summed under its own name alone.
    """
    keys = ("kind", "counting", "cohort", "track", "basis")
    by_score = ("prediction__kind", *keys[1:])
    for scope, narrow in ((Scope.ALL, None), (Scope.FORECASTER, "forecaster"), (Scope.TOPIC, "prediction__topics")):
        by = (*by_score, narrow) if narrow else by_score
        scores = Score.objects.filter(**({f"{narrow}__isnull": False} if narrow else {}))
        if scope != Scope.FORECASTER:
            scores = scores.exclude(forecaster__in=Forecaster.objects.derived())
        weights = {tuple(row): weight for *row, weight in scores.values_list(*by).annotate(Sum("weight")).order_by(*by)}
        expected = {key: weight * (3 if key[0] == "multiple_choice" else 1) for key, weight in weights.items()}
        by_cell = (*keys, "scope_id") if narrow else keys
        stored = CalibrationCell.objects.filter(scope=scope, lead_band="").values_list(*by_cell).annotate(Sum("weight"))
        assert {tuple(row): weight for *row, weight in stored.order_by(*by_cell)} == expected
        counts = ScopeCount.objects.filter(scope=scope, lead_band="").exclude(basis="explicit").values_list(*by_cell)
        pairs = {tuple(row): n for *row, n in counts.annotate(Sum("pairs")).order_by(*by_cell)}
        picked = defaultdict(set)
        for *row, prediction, forecaster in scores.values_list(*by, "prediction_id", "forecaster_id"):
            picked[tuple(row)].add((prediction, forecaster))
        assert pairs == {key: len(each) for key, each in picked.items()}


def every_mean_is_the_mean_of_its_picks() -> None:
    """Brier from cells = mean over Score rows = scikit-learn's, on the same picks."""
    checked = 0
    for counting in ("first", "lead:1", "lead:7", "lead:30", "last"):
        for track in ("live", "backfilled", "all"):
            query = CalibrationQuery(counting=counting, track=track)
            scores = list(counted(Score.objects.filter(prediction__kind="binary"), query))
            table = summed(query).table
            assert brier_total(table) == sum(score.brier_sum or 0 for score in scores)
            if not scores:
                continue
            truth, ticks = [int(bool(score.happened)) for score in scores], [(s.tick or 0) / 10_000 for s in scores]
            assert mean_brier(table) == pytest.approx(
                sum(score.brier or 0 for score in scores) / len(scores), abs=1e-12
            )
            assert mean_brier(table) == pytest.approx(brier_score_loss(truth, ticks, labels=[0, 1]), abs=1e-12)
            checked += 1
    assert checked > 0


def both_paths_agree(chance: random.Random) -> None:
    """Whatever cells hold, fact rows say the same, counts included."""
    people = [None, *(of_forecaster(row).forecaster for row in Forecaster.objects.filter(merged_into=None))]
    topics = [None, *(Named(row.pk, row.slug) for row in Topic.objects.all())]
    months = [None, dt.date(2026, 2, 1)]
    rolled = 0
    for kind, track, cohort, counting, basis, lead, who, what, since, until in itertools.product(
        OUTCOMES, ("live", "all"), ("due", "all"), ("first", "time"), ("explicit", "implied", "stated"),
        ("", "7_30d"), people, topics, months, months,
    ):  # fmt: skip
        query = CalibrationQuery(who, what, None, kind, track, cohort, counting, basis, lead, since, until)
        if query.is_rolled_up and chance.random() < 0.04:
            found = from_cells(query)
            assert found == from_facts(query), query
            rolled += found.predictions > 0
            counted_anew = count(predictions_of(query), found.due, START + 60 * DAY)
            assert denominators(query, found.due, START + 60 * DAY) == counted_anew
            waiting = unsettled(asked_about(query), START + 200 * DAY)
            assert kind != "binary" or added(query, START + 200 * DAY) == from_forecasts(query, waiting), query
    assert rolled > 0
