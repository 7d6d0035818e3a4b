"""Small charts that several tests draw."""

from forecasts.charts import denominators, gains, groups, histogram, murphy, reliability, scatter, timeline, trend

DAY = 86_400 * 10**6

# 10 % said ten times, 30 % ten times, 70 % forty times: one, three and twenty-six of them happened.
TICKS = [(1_000, 10, 1), (3_000, 10, 3), (7_000, 40, 26)]
BLOCKS = [(1_000, 1_000, 0.1), (3_000, 3_000, 0.3), (7_000, 7_000, 0.65)]
BAND = [(1_000, 0.0, 0.3), (3_000, 0.1, 0.6), (7_000, 0.575, 0.825)]


def calibration(base_rate: float | None = 0.5) -> reliability.ReliabilityChart:
    return reliability.diagram(BLOCKS, BAND, TICKS, base_rate=None if base_rate is None else (base_rate, "base rate"))


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
    return groups.dots(
        [(1_000, 1, 10, 0.02, 0.4), (7_012, 26, 40, 0.495, 0.779)],
        ["Said about 10 %", "Said about 70 %"],
        ["happened 1 of 10 times", "happened 26 of 40 times"],
    )


def score_over_time() -> trend.TrendChart:
    """Three months in a row and one by itself, two years later."""
    months = [(0, 0.3, 0.2, 0.4), (30 * DAY, 0.25, 0.2, 0.3), (61 * DAY, 0.2, 0.15, 0.25), (800 * DAY, 0.1, 0.05, 0.2)]
    return trend.trend(months, [(0.0, "0"), (0.25, "0.25"), (0.5, "0.5")], (0.25, "always saying 50 %"))


def what_was_gained() -> gains.GainsChart:
    return gains.gains([("Even guess", 0.1, 0.05, 0.15), ("Base rate & more", -0.02, -0.06, 0.02)])


def every_score() -> murphy.MurphyChart:
    ours, theirs = [0.0, 0.1, 0.2, 0.1, 0.0], [0.0, 0.2, 0.4, 0.2, 0.0]
    band = [(0.0, 0.0), (-0.2, 0.0), (-0.4, 0.0), (-0.2, 0.0), (0.0, 0.0)]
    return murphy.murphy([0, 0.25, 0.5, 0.75, 1], ("these forecasts", ours), ("Even guess", theirs), band)


def many_forecasters() -> scatter.ScatterChart:
    return scatter.scatter([("Policy desk", 0.01, 0.1), ("R & D <desk>", 0.02, 0.1), ("Lab", 0.03, 0.12)], 0.25)
