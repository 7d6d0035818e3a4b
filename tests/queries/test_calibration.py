"""Calibration as it is published, against the same numbers worked out from the forecasts another way."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from sklearn.metrics import brier_score_loss, log_loss

from forecasts.actions import apply_import
from forecasts.models import Prediction, StoredStatistic
from forecasts.queries.calibration import NO_TEST, PENDING, Calibration, calibration
from forecasts.queries.scope import CalibrationQuery, Named, of_forecaster, parse_query
from forecasts.scoring.uncertainty import Verdict
from tests.imported import bulk, said, settled
from tests.story import DAY, DEADLINE, START, Story

NOW = DEADLINE + 30 * DAY
PAIRS = [(0.9, 1), (0.8, 1), (0.8, 0), (0.7, 1), (0.6, 0), (0.5, 1), (0.4, 0), (0.3, 0), (0.2, 1), (0.1, 0), (0.05, 0)]


def settle(story: Story, pairs: list[tuple[float, int]]) -> None:
    for probability, happened in pairs:
        story.settled(probability, "yes" if happened else "no")
    story.scores()


def import_many(story: Story, n: int) -> CalibrationQuery:
    """n settled predictions at 70 %, of which seven in ten came true, in one go."""
    rows = [
        settled(
            number,
            statement=f"Candidate {number} will be elected.",
            group="",
            outcome="yes" if number % 10 < 7 else "no",
            forecasts=(said(number, Decimal("0.7")),),
        )
        for number in range(n)
    ]
    apply_import(bulk=bulk(*rows), at=DEADLINE, by=story.approver)
    story.scores()
    return CalibrationQuery(track="imported")


def asked(**given: str) -> Calibration:
    return calibration(CalibrationQuery(**given), NOW)  # type: ignore[arg-type]


def test_it_works(story: Story) -> None:
    settle(story, PAIRS)
    answer = asked()
    p, y = np.array([p for p, _ in PAIRS]), np.array([y for _, y in PAIRS])
    assert (answer.predictions, answer.forecasts, answer.pairs, answer.weight) == (11, 11, 11, 11)
    assert answer.brier is not None
    assert answer.log is not None
    assert answer.base_rate is not None
    assert answer.brier.value == pytest.approx(brier_score_loss(y, p), abs=1e-12)
    assert answer.brier.value == pytest.approx(np.mean((p - y) ** 2), abs=1e-12)
    assert answer.log.value == pytest.approx(log_loss(y, p), abs=1e-8)
    assert answer.base_rate.value == pytest.approx(y.mean())
    assert answer.skill_of_even == pytest.approx(1 - np.mean((p - y) ** 2) / 0.25)
    assert sum(group.n for group in answer.groups) == 11
    assert sum(group.yes for group in answer.groups) == y.sum()
    assert sum(each.weight for each in answer.bins) == 11
    assert answer.as_of == DEADLINE + DAY


def test_groups_close_on_the_left(story: Story) -> None:
    settle(story, PAIRS)
    counted = {(group.low, group.high): (group.n, group.yes) for group in asked().groups}
    # 0.05 0.1 | 0.2 0.3 | 0.4 0.5 | 0.6 0.7 | 0.8 0.8 0.9
    assert counted == {
        (0, 2000): (2, 0),
        (2000, 4000): (2, 1),
        (4000, 6000): (2, 1),
        (6000, 8000): (2, 1),
        (8000, 10_000): (3, 2),
    }


@pytest.mark.parametrize(
    ("n", "display", "scores", "curve"),
    [
        (9, "list", False, False),
        (10, "scores", True, False),
        (29, "scores", True, False),
        (30, "curve", True, True),
        (99, "curve", True, True),
        (100, "all", True, True),
    ],
)
def test_what_is_shown_follows_from_how_many_there_are(
    story: Story, n: int, display: str, scores: bool, curve: bool
) -> None:
    answer = calibration(import_many(story, n), NOW)
    assert (answer.predictions, answer.display) == (n, display)
    assert (answer.brier is not None, answer.skill_of_even is not None) == (scores, scores)
    assert (answer.corp is not None, answer.thinned is not None) == (curve, curve)
    assert (answer.verdict == Verdict.TOO_EARLY) == (not curve)
    if not curve:
        assert "a verdict needs 30" in answer.verdict_reason


def test_what_waits_to_be_computed_says_so(story: Story) -> None:
    query = import_many(story, 30)
    before = calibration(query, NOW)
    story.stales()
    waiting = calibration(query, NOW)
    assert waiting.brier is not None
    assert (waiting.brier.low, waiting.brier.method) == (None, PENDING)
    assert (waiting.verdict, waiting.verdict_reason) == (Verdict.TOO_EARLY, NO_TEST)
    assert waiting.digest != before.digest


def test_bounds_and_denominators(story: Story) -> None:
    settle(story, PAIRS)
    overdue, void, early, still = (
        story.opened(),
        story.opened(),
        story.opened(),
        story.opened(resolves_by=NOW + 9 * DAY),
    )
    for row in (overdue, void, early, still):
        story.says(row, 0.8)
    story.passes(overdue)
    story.resolves(void, "ambiguous_criteria", known_at=DEADLINE + DAY)
    early_deadline = story.opened(resolves_by=NOW + 5 * DAY)
    story.says(early_deadline, 0.8)
    story.resolves(early_deadline, "yes", known_at=START + 9 * DAY)
    story.scores()
    answer = asked()
    counted = answer.denominators
    # `early` was never settled and its deadline has passed too: it is the second overdue one.
    assert (counted.open, counted.overdue, counted.early, counted.due, counted.void) == (1, 2, 1, 11, 1)
    assert counted.made == counted.open + counted.overdue + counted.early + counted.due + counted.void == 16
    assert (counted.counted, counted.not_counted) == (11, 0)
    assert counted.overdue_share == 2 / 13
    sum_of_settled = sum((p - y) ** 2 for p, y in PAIRS)
    assert answer.bounds.overdue_no == pytest.approx((sum_of_settled + 2 * 0.8**2) / 13)
    assert answer.bounds.overdue_yes == pytest.approx((sum_of_settled + 2 * 0.2**2) / 13)
    assert answer.bounds.void_no == pytest.approx((sum_of_settled + 0.8**2) / 12)
    assert answer.bounds.void_yes == pytest.approx((sum_of_settled + 0.2**2) / 12)


def test_while_scoring_lags_behind_a_void_no_count_is_below_zero(story: Story) -> None:
    settle(story, PAIRS[:1])
    story.corrects(Prediction.objects.get(), "retracted", known_at=DEADLINE + DAY, at=DEADLINE + 2 * DAY)
    lags = asked().denominators
    assert (lags.due, lags.counted, lags.not_counted, lags.void) == (0, 1, 0, 1)
    story.scores()
    assert (asked().denominators.counted, asked().denominators.not_counted) == (0, 0)


def test_all_cohorts_together_are_the_sum_and_carry_a_warning(story: Story) -> None:
    settle(story, PAIRS[:2])
    early = story.opened(resolves_by=NOW + 5 * DAY)
    story.says(early, 0.8)
    story.resolves(early, "yes", known_at=START + 9 * DAY)
    story.scores()
    due, together = asked(), asked(cohort="all")
    assert (due.predictions, together.predictions) == (2, 3)
    assert due.warning == ""
    assert "biased" in together.warning
    assert (together.denominators.counted, together.denominators.not_counted) == (2, 0)


def test_no_verdict_while_too_much_is_overdue(story: Story) -> None:
    settle(story, [(0.7, number % 10 < 7) for number in range(30)])
    assert asked().verdict == Verdict.WELL_CALIBRATED
    for _ in range(2):
        story.says(story.opened(), 0.8)
    answer = asked()
    assert answer.verdict == Verdict.TOO_EARLY
    assert answer.verdict_reason == "2 of 32 past their deadline wait for us"


def test_all_tracks_are_picked_from_all_rows_and_are_not_the_sum_of_tracks(story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.2, at=START + 40 * DAY)
    story.says(prediction, 0.9, at=START + 50 * DAY, issued_at=START + 9 * DAY)
    story.passes(prediction)
    story.resolves(prediction, "yes", known_at=DEADLINE + DAY)
    story.scores()
    live, late, every = (asked(track=track).table for track in ("live", "backfilled", "all"))
    assert (live.ticks.tolist(), late.ticks.tolist()) == ([2000], [9000])
    # The first of all rows by issue is the backfilled one: one pick, not two.
    assert (every.ticks.tolist(), every.total) == ([9000], 1)


def test_stated_and_implied_are_never_summed(story: Story) -> None:
    settle(story, [(0.7, 1)])
    prediction = story.opened()
    story.says(prediction, 0.6, basis="implied", wording="likely", wording_table="1")
    market = story.opened()
    story.says(market, 0.5, basis="market")
    for row in (prediction, market):
        story.passes(row)
        story.resolves(row, "no", known_at=DEADLINE + DAY)
    story.scores()
    tables = {basis: asked(basis=basis).table.ticks.tolist() for basis in ("explicit", "stated", "implied", "market")}
    assert tables == {"explicit": [5000, 7000], "stated": [7000], "implied": [6000], "market": [5000]}


def test_a_scope_counts_its_own(story: Story) -> None:
    other, topic = story.forecaster("other"), story.topic("chips")
    settle(story, [(0.7, 1)])
    prediction = story.opened(topics=[topic])
    story.says(prediction, 0.6)
    story.says(prediction, 0.3, forecaster=other)
    story.passes(prediction)
    story.resolves(prediction, "no", known_at=DEADLINE + DAY)
    story.scores()
    answers = {
        "all": asked(),
        "other": calibration(of_forecaster(other), NOW),
        "topic": calibration(CalibrationQuery(topic=Named(topic.pk, "chips")), NOW),
    }
    counts = {name: (each.predictions, each.pairs, each.table.ticks.tolist()) for name, each in answers.items()}
    assert counts == {
        "all": (2, 3, [3000, 6000, 7000]),
        "other": (1, 1, [3000]),
        "topic": (1, 2, [3000, 6000]),
    }


def test_the_digest_changes_when_and_only_when_an_input_does(story: Story) -> None:
    settle(story, PAIRS)
    digests = [asked().digest]
    assert asked().digest == digests[0]
    story.draft()  # no reader sees it
    story.topic("chips")
    story.scores()
    assert asked().digest == digests[0]
    assert calibration(CalibrationQuery(), NOW + dt.timedelta(hours=1)).digest == digests[0]

    row = story.opened()
    story.says(row, 0.8)
    digests.append(asked().digest)  # one more that is overdue
    story.says(row, 0.6, forecaster=story.forecaster("other"))
    digests.append(asked().digest)  # the bounds moved
    story.passes(row)
    story.resolves(row, "yes", known_at=DEADLINE + DAY)
    story.scores()
    digests.append(asked().digest)
    story.corrects(row, "no", known_at=DEADLINE + DAY, at=DEADLINE + 5 * DAY)
    story.scores()
    digests.append(asked().digest)
    assert len(set(digests)) == len(digests)
    story.corrects(row, "yes", known_at=DEADLINE + DAY, at=DEADLINE + 6 * DAY)
    story.scores()
    assert asked().digest == digests[3]
    assert asked(cohort="all").digest != asked().digest


def test_the_queries_do_not_grow_with_the_rows(story: Story) -> None:
    counts = []
    for _ in range(2):
        settle(story, PAIRS)
        story.says(story.opened(), 0.8)
        with CaptureQueriesContext(connection) as captured:
            asked()
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12
    assert not StoredStatistic.objects.filter(stale=True).exists()


@pytest.mark.parametrize(
    ("filters", "why"),
    [
        ({"basis": "stated"}, "the interval of a rare filter is computed once it is asked for"),
        ({"cohort": "all"}, "the interval of a rare filter is computed once it is asked for"),
        ({"lead": "90_365d"}, "no interval is computed for a lead band"),
        ({}, "not computed yet"),
    ],
)
def test_a_missing_interval_says_why(story: Story, filters: dict[str, str], why: str) -> None:
    for _ in range(10):
        story.settled(0.7, "yes")
    story.scores()
    story.stales()
    found = calibration(parse_query(filters), DEADLINE + 2 * DAY)
    assert found.brier is not None
    assert (found.brier.low, found.brier.high) == (None, None)
    assert found.brier.method.startswith(why)
