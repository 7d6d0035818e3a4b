"""Random lives of predictions, followers running at any time: what is stored is always what follows."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress

import pytest
from django.db.models import Sum
from sklearn.metrics import brier_score_loss

from forecasts.errors import Refused
from forecasts.jobs.recompute import compare, rebuild
from forecasts.ledger.verify import verify
from forecasts.models import CalibrationCell, Prediction, Scope, ScopeCount, Score
from forecasts.queries.calibration import tick_table_of
from forecasts.queries.scope import CalibrationQuery
from forecasts.scoring.reliability import brier_total, mean_brier
from tests.story import DAY, START, Story

STEPS = 90


class Walk:
    """One editor, one approver and chance. Time only moves forward; what the rules forbid changes nothing."""

    def __init__(self, story: Story, seed: int) -> None:
        self.story, self.chance, self.now = story, random.Random(seed), START  # noqa: S311 -- repeatable
        self.forecasters = [story.desk, story.forecaster("model-a"), story.forecaster("model-b")]
        self.topics = [story.topic("chips"), story.topic("votes")]
        self.predictions = [self.logs() for _ in range(6)]
        self.done: dict[str, int] = defaultdict(int)

    def logs(self) -> Prediction:
        close = START + self.chance.randint(5, 80) * DAY
        return self.story.opened(
            closes_at=close,
            resolves_by=close + self.chance.randint(0, 20) * DAY,
            cannot_resolve_early=self.chance.random() < 0.3,
            topics=self.chance.sample(self.topics, self.chance.randint(0, 2)),
        )

    @property
    def verbs(self) -> Mapping[str, tuple[int, Callable[[Prediction], object]]]:
        """What may happen, and how often."""
        return {
            "issue": (8, self.issues),
            "withdraw": (2, self.withdraws),
            "resolve": (3, self.resolves),
            "correct": (3, self.corrects),
            "void": (1, lambda row: self.story.resolves(row, "duplicate", known_at=self.some_time(), at=self.now)),
            "pass": (3, lambda row: self.story.passes(row, self.now)),
            "retopic": (1, lambda row: self.story.amends(row, {}, topics=self.topics[:1], at=self.now)),
            "follow": (2, lambda row: self.story.scores()),
        }

    def issues(self, row: Prediction) -> object:
        issued = self.now - self.chance.choice([0, 0, 0, 3, 12]) * DAY
        tick = self.chance.choice([0, 500, 2500, 5000, 7300, 9999, 10_000])
        basis = self.chance.choice(["stated", "stated", "market", "implied"])
        words = {"wording": "likely", "wording_table": "1"} if basis == "implied" else {}
        tick = min(max(tick, 100), 9900) if basis == "implied" else tick
        forecaster = self.chance.choice(self.forecasters)
        given = {"forecaster": forecaster, "basis": basis, **words}
        return self.story.says(row, tick / 10_000, at=self.now, issued_at=issued, **given)

    def withdraws(self, row: Prediction) -> object:
        return self.story.withdraws(row, at=self.now, forecaster=self.chance.choice(self.forecasters))

    def resolves(self, row: Prediction) -> object:
        return self.story.resolves(row, self.chance.choice(["yes", "no"]), known_at=self.some_time(), at=self.now)

    def corrects(self, row: Prediction) -> object:
        outcome = self.chance.choice(["yes", "no", "yes", "no", "unresolvable"])
        return self.story.corrects(row, outcome, known_at=self.some_time(), at=self.now)

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
        self.now += dt.timedelta(hours=self.chance.randint(1, 48))
        names = list(self.verbs)
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
    walk.finish()
    story.scores()
    found = compare()
    assert (found.differences, found.pending) == ([], 0)
    # The walk went somewhere.
    assert found.scores > 0
    assert {"issue", "resolve", "correct", "pass", "follow"} <= walk.done.keys()
    cells_are_the_sum_of_scores()
    every_mean_is_the_mean_of_its_picks()
    assert verify().rows > len(walk.predictions)
    before = cells()
    rebuild()
    assert cells() == before


def cells() -> list[tuple[object, ...]]:
    fields = [field.name for field in CalibrationCell._meta.concrete_fields if field.name != "id"]
    return sorted(CalibrationCell.objects.values_list(*fields), key=repr)


def cells_are_the_sum_of_scores() -> None:
    """For every key: weights and distinct counts over cells are those over scored forecasts, in integers."""
    keys = ("counting", "cohort", "track", "basis")
    for scope, narrow in ((Scope.ALL, None), (Scope.FORECASTER, "forecaster"), (Scope.TOPIC, "prediction__topics")):
        by = (*keys, narrow) if narrow else keys
        scores = Score.objects.filter(**({f"{narrow}__isnull": False} if narrow else {}))
        expected = {
            tuple(row): weight for *row, weight in scores.values_list(*by).annotate(Sum("weight")).order_by(*by)
        }
        by_cell = (*keys, "scope_id") if narrow else keys
        stored = CalibrationCell.objects.filter(scope=scope).values_list(*by_cell).annotate(Sum("weight"))
        assert {tuple(row): weight for *row, weight in stored.order_by(*by_cell)} == expected
        counted = ScopeCount.objects.filter(scope=scope).exclude(basis="explicit").values_list(*by_cell)
        pairs = {tuple(row): n for *row, n in counted.annotate(Sum("pairs")).order_by(*by_cell)}
        picked = defaultdict(set)
        for *row, pair in scores.values_list(*by, "prediction_id"):
            picked[tuple(row)].add(pair)
        assert pairs.keys() == picked.keys()


def every_mean_is_the_mean_of_its_picks() -> None:
    """Brier from cells = mean over Score rows = scikit-learn's, on the same picks."""
    checked = 0
    for counting in ("first", "lead:1", "lead:7", "lead:30", "last"):
        for track in ("live", "backfilled", "all"):
            query = CalibrationQuery(counting=counting, track=track)
            scores = list(Score.objects.filter(counting=counting, track=track, cohort="due", basis__in=query.bases))
            table = tick_table_of(query).table
            assert brier_total(table) == sum(score.brier_sum for score in scores)
            if not scores:
                continue
            truth, ticks = [int(score.happened) for score in scores], [(score.tick or 0) / 10_000 for score in scores]
            assert mean_brier(table) == pytest.approx(
                sum(score.brier or 0 for score in scores) / len(scores), abs=1e-12
            )
            assert mean_brier(table) == pytest.approx(brier_score_loss(truth, ticks, labels=[0, 1]), abs=1e-12)
            checked += 1
    assert checked > 0
