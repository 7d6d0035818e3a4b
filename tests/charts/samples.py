"""Small charts that several tests draw."""

from forecasts.charts import denominators, groups, histogram, reliability, timeline

DAY = 86_400 * 10**6

# 10 % said ten times, 30 % ten times, 70 % forty times: one, three and twenty-six of them happened.
TICKS = [(1_000, 10, 1), (3_000, 10, 3), (7_000, 40, 26)]
BLOCKS = [(1_000, 1_000, 0.1), (3_000, 3_000, 0.3), (7_000, 7_000, 0.65)]
BAND = [(1_000, 0.0, 0.3), (3_000, 0.1, 0.6), (7_000, 0.575, 0.825)]


def calibration(base_rate: float | None = 0.5) -> reliability.ReliabilityChart:
    return reliability.diagram(BLOCKS, BAND, TICKS, base_rate=base_rate)


def probability_over_time() -> timeline.TimelineChart:
    return timeline.steps(
        [("Policy desk", [(0, 4_000), (50 * DAY, 7_000)]), ("R & D <desk>", [(10 * DAY, 3_333)])],
        opens_at=0,
        closes_at=100 * DAY,
        marks=[
            (100 * DAY, "deadline", "Deadline"),
            (20 * DAY, "criteria", "Criteria changed"),
            (30 * DAY, "evidence", ""),
        ],
        until=80 * DAY,
    )


def spread_of_outcomes() -> histogram.PitChart:
    return histogram.pit([4, 6, 5, 5], (2, 8))


def what_became_of_them() -> denominators.DenominatorsChart:
    return denominators.bar([("resolved", 1_200), ("still open", 9), ("void", 0)])


def lay_card() -> groups.GroupsChart:
    return groups.dots([(1_000, 1, 10, 0.02, 0.4), (7_012, 26, 40, 0.495, 0.779)])
