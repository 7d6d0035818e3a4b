"""What is unsettled, from kept sums and from forecasts: each prediction once, whatever a worker does meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from forecasts.actions import merge_forecasters, save_reference
from forecasts.actions.unsettled import hold_predictions, in_base_rates
from forecasts.jobs.follow import sum_waiting
from forecasts.models import Forecaster, Prediction, PredictionGroup, Topic, UnsettledSum
from forecasts.queries.denominators import asked_about
from forecasts.queries.scope import CalibrationQuery, about, of_forecaster
from forecasts.queries.unsettled import Added, added, from_forecasts, unsettled
from tests.imported import applies, bulk, settled
from tests.ledger.behind import execute
from tests.story import DAY, DEADLINE, START, Story

NOW = DEADLINE + 30 * DAY
SUMS = UnsettledSum._meta.db_table
PEOPLE = ("model-a", "model-b", "model-c")


def of(slug: str) -> CalibrationQuery:
    return of_forecaster(Forecaster.objects.get(slug=slug))


def anew(query: CalibrationQuery) -> Any:
    """What `added` must say."""
    return from_forecasts(query, unsettled(asked_about(query), NOW))


@pytest.fixture
def overdue(story: Story) -> Prediction:
    """It opened twenty days after the start, on a topic; four have spoken, of whom three make a crowd."""
    row = story.opened(topics=[story.topic("media")], opens_at=START + 20 * DAY)
    for value, who in zip((0.1, 0.2, 0.9), PEOPLE, strict=True):
        story.says(row, value, forecaster=story.forecaster(who), at=START + 20 * DAY)
    story.says(row, 0.4, at=START + 20 * DAY)
    return row


def test_sums_that_come_while_they_are_read_count_once(story: Story) -> None:
    for value in (0.3, 0.6):
        story.says(story.opened(), value)
    asked: list[str] = []

    def worker(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """It sums everything before the second question about sums."""
        if SUMS in sql:
            asked.append(sql)
            if len(asked) == 2:
                sum_waiting()
        return execute(sql, params, many, context)

    query = CalibrationQuery()
    expected = from_forecasts(query, unsettled(asked_about(query), NOW))
    with connection.execute_wrapper(worker):
        assert added(query, NOW) == expected
    assert UnsettledSum.objects.values("prediction").distinct().count() == 2
    assert added(query, NOW) == expected


@pytest.mark.parametrize("slug", ["policy-desk", "model-a", "crowd-median", "always-50", "topic-base-rate"])
def test_sums_are_kept_of_whoever_counts(overdue: Prediction, slug: str) -> None:
    expected = anew(of(slug))
    assert expected[0].weight == 1
    sum_waiting()
    with connection.execute_wrapper(nothing_but_sums):
        assert added(of(slug), NOW) == expected


def test_sums_are_kept_of_topics(overdue: Prediction) -> None:
    query = about(overdue.topics.get())
    expected = anew(query)
    assert expected[0].weight == 4
    sum_waiting()
    with connection.execute_wrapper(nothing_but_sums):
        assert added(query, NOW) == expected


def nothing_but_sums(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    assert "forecasts_forecast" not in sql.replace("forecasts_forecaster", "")
    return execute(sql, params, many, context)


def becomes_a_bot(story: Story, overdue: Prediction) -> None:
    row = Forecaster.objects.get(slug="model-a")
    row.is_bot = True
    save_reference(row=row, at=NOW, by=story.editor)


def is_merged(story: Story, overdue: Prediction) -> None:
    first, second = (Forecaster.objects.get(slug=slug) for slug in PEOPLE[:2])
    merge_forecasters(forecaster=first, into=second, at=NOW, by=story.editor)


@pytest.mark.parametrize("change", [becomes_a_bot, is_merged])
def test_a_crowd_of_others_is_summed_anew(
    story: Story, overdue: Prediction, change: Callable[[Story, Prediction], None]
) -> None:
    sum_waiting()
    before = added(of("crowd-median"), NOW)
    change(story, overdue)
    after = added(of("crowd-median"), NOW)
    assert after == anew(of("crowd-median")) != before
    sum_waiting()
    assert added(of("crowd-median"), NOW) == after


def earlier_one_resolves(story: Story, earlier: Prediction) -> None:
    story.resolves_directly(earlier, "yes", known_at=START + 5 * DAY)


def earlier_one_joins_the_topic(story: Story, earlier: Prediction) -> None:
    earlier_one_resolves(story, earlier)
    sum_waiting()
    earlier.refresh_from_db()
    story.amends(earlier, {}, topics=list(Topic.objects.all()))


@pytest.mark.parametrize(
    ("change", "is_on_topic"), [(earlier_one_resolves, True), (earlier_one_joins_the_topic, False)]
)
def test_base_rates_are_summed_anew_when_an_earlier_prediction_counts_for_them(
    story: Story, overdue: Prediction, change: Callable[[Story, Prediction], None], is_on_topic: bool
) -> None:
    earlier = story.opened(topics=overdue.topics.all() if is_on_topic else [])
    sum_waiting()
    before = added(of("topic-base-rate"), NOW)
    change(story, earlier)
    after = added(of("topic-base-rate"), NOW)
    assert after == anew(of("topic-base-rate")) != before


def test_what_becomes_known_later_leaves_sums_alone(story: Story, overdue: Prediction) -> None:
    later = story.opened(topics=overdue.topics.all())
    sum_waiting()
    story.resolves_directly(later, "yes", known_at=START + 30 * DAY)
    assert UnsettledSum.objects.filter(prediction=overdue).exists()


def test_another_engine_sums_anew(story: Story, overdue: Prediction) -> None:
    story.scores()
    kept = set(UnsettledSum.objects.values_list("pk", flat=True))
    story.scores()
    assert set(UnsettledSum.objects.values_list("pk", flat=True)) == kept
    execute(sql="UPDATE forecasts_cursor SET engine = 'older'", given=[])
    story.scores()
    assert UnsettledSum.objects.exists()
    assert not kept & set(UnsettledSum.objects.values_list("pk", flat=True))


def test_an_import_of_what_is_settled_moves_base_rates(story: Story, overdue: Prediction) -> None:
    sum_waiting()
    before = added(of("topic-base-rate"), NOW)
    applies(story, bulk(settled(1, topics=("Media",))), at=NOW)
    assert Topic.objects.get().predictions.count() == 2
    assert added(of("topic-base-rate"), NOW) == anew(of("topic-base-rate")) != before


def its_deadline_passes(story: Story, earlier: Prediction) -> None:
    story.passes(earlier)


def it_joins_a_group(story: Story, earlier: Prediction) -> None:
    earlier.refresh_from_db()
    group = save_reference(row=PredictionGroup(slug="g", title="G"), at=START, by=story.editor)
    story.amends(earlier, {"group": group})


@pytest.mark.parametrize("change", [its_deadline_passes, it_joins_a_group])
def test_what_tells_base_rates_nothing_leaves_sums_alone(
    story: Story, overdue: Prediction, change: Callable[[Story, Prediction], None]
) -> None:
    earlier = story.opened(topics=overdue.topics.all())
    story.resolves_directly(earlier, "yes", known_at=START + 5 * DAY)
    sum_waiting()
    change(story, earlier)
    assert UnsettledSum.objects.filter(prediction=overdue).exists()


def test_sums_that_go_while_they_are_read_count_once(story: Story) -> None:
    first, second = story.opened(), story.opened()
    story.says(first, 0.3)
    sum_waiting()
    story.says(second, 0.6)
    asked: list[str] = []

    def decides(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if SUMS in sql:
            asked.append(sql)
            if len(asked) == 2:
                story.passes(first)
        return execute(sql, params, many, context)

    expected = anew(CalibrationQuery())
    with connection.execute_wrapper(decides):
        assert added(CalibrationQuery(), NOW) == expected


def test_totals_reach_beyond_64_bits(story: Story) -> None:
    """As if 100,000 had said the same with certainty for the whole window."""
    row = story.opened()
    story.says(row, 1.0)
    sum_waiting()
    many = 100_000
    columns = ("weight", "ticks", "squares_high", "squares_low", "predictions")
    moved = ", ".join(f"{name} = {name} * {many}" for name in columns)
    execute(sql=f"UPDATE forecasts_unsettledtotal SET {moved} WHERE counting = 'time'", given=[])  # noqa: S608 -- our own columns
    story.says(story.opened(), 1.0)
    sum_waiting()
    query = CalibrationQuery(counting="time", track="all")
    [whole] = {sums.weight for sums in [from_forecasts(query, unsettled(Prediction.objects.filter(pk=row.pk), NOW))[0]]}
    execute(sql="UPDATE forecasts_madecount SET predictions = 2", given=[])
    late, _ = added(query, NOW)
    assert late == Added(whole * (many + 1), whole * (many + 1) * 10**4, whole * (many + 1) * 10**8)
    assert late.squares > 2**63


def test_a_decision_about_many_asks_in_parts(story: Story) -> None:
    story.opened()
    assert in_base_rates(range(300_000)) == set()
    hold_predictions(range(300_000))
