"""What is unsettled, from kept sums and from forecasts: each prediction once, whatever a worker does meanwhile."""

from typing import Any

from django.db import connection

from forecasts.jobs.follow import sum_waiting
from forecasts.models import UnsettledSum
from forecasts.queries.denominators import asked_about
from forecasts.queries.scope import CalibrationQuery
from forecasts.queries.unsettled import added, from_forecasts, unsettled
from tests.story import DAY, DEADLINE, Story

NOW = DEADLINE + 30 * DAY
SUMS = UnsettledSum._meta.db_table


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
