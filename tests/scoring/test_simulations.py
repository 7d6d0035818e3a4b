"""What the countings, bands, tests and intervals do in worlds whose truth is known. Tolerances are 4 standard errors.

In the world of the first half something happens at a constant rate: by t of the window with probability
1 - exp(-RATE t), whether or not anybody forecasts it. The perfect forecaster knows that and nothing more, and says
every day what is left: p = 1 - exp(-RATE (1 - t)). Yes can come early and no cannot.
"""

import math
from collections.abc import Callable, Iterable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from forecasts.scoring import (
    Interval,
    Issued,
    Pick,
    TickTable,
    Window,
    calibration_in_the_large,
    cluster_bootstrap,
    consistency_band,
    corp,
    e_process,
    jeffreys,
    miscalibration_test,
    pick_first,
    pick_lead,
    pieces,
    standing_weight,
    tick_table,
    to_ticks,
    wilson,
)
from forecasts.scoring.timeline import DAY

RATE, DAYS, N = 1.0, 100, 1_500
STAYS = math.exp(-RATE)  # the probability of no
Sums = tuple[float, float]  # weight x (p - y), and weight


def left(day: float) -> int:
    """What the perfect forecaster says on a day, in ticks."""
    return to_ticks(-math.expm1(-RATE * (1 - day / DAYS)))


def predictions(seed: int) -> list[tuple[Window, int]]:
    """Windows of 100 days with their outcomes; the outcome is known when it happens, or at the close."""
    arrivals = np.random.default_rng(seed).exponential(1 / RATE, N)
    return [(Window(0, DAYS * DAY, int(min(t, 1) * DAYS * DAY)), int(t < 1)) for t in arrivals]


def daily(joins: int = 0, looks_ahead: float = 0) -> list[Issued]:
    """A forecast every morning from day `joins`, of what is left `looks_ahead` days later."""
    return [Issued(at * DAY, at * DAY, at, left(at + looks_ahead), "stated") for at in range(joins, DAYS)]


EVERY_DAY = daily()


def bias(sums: Iterable[Sums]) -> tuple[float, float]:
    """Mean forecast minus mean outcome over pooled weights, and its standard error."""
    top, weight = np.array(list(sums)).T
    value = top.sum() / weight.sum()
    return value, math.sqrt(np.sum((top - value * weight) ** 2)) / weight.sum()


def of_picks(picks: Iterable[tuple[Pick | None, int]]) -> tuple[float, float]:
    return bias((pick.tick / 10_000 - y, 1) for pick, y in picks if pick)


def assert_is(measured: tuple[float, float], truth: float) -> None:
    value, error = measured
    assert error < 0.02  # or nothing would be shown
    assert abs(value - truth) < 4 * error


def test_the_first_forecast_is_calibrated_whenever_one_joins() -> None:
    joins = np.random.default_rng(1).integers(0, 80, N)

    assert_is(of_picks((pick_first(daily(j), w), y) for j, (w, y) in zip(joins, predictions(2), strict=True)), 0)


@pytest.mark.parametrize("days", [7, 30, 90])
def test_forecasts_at_a_lead_before_the_close_are_calibrated(days: int) -> None:
    assert_is(of_picks((pick_lead(EVERY_DAY, window, days), y) for window, y in predictions(3)), 0)


def test_forecasts_weighed_by_time_are_calibrated() -> None:
    rows = daily(looks_ahead=0.5)  # what stands all day is right at noon
    sums = (
        (sum(piece.weight * (piece.tick / 10_000 - y) for piece in stood), standing_weight(stood))
        for stood, y in ((pieces(rows, window), y) for window, y in predictions(4))
    )

    assert_is(bias(sums), 0)


def test_what_is_resolved_so_far_makes_a_perfect_forecaster_look_too_low() -> None:
    """Opened evenly over the last 200 days: of those still open only the early yes are in."""
    age = np.random.default_rng(5).uniform(0, 2 * DAYS * DAY, N)
    world = list(zip(predictions(6), age, strict=True))
    so_far = [(pick_first(EVERY_DAY, w), y) for (w, y), a in world if w.known_at <= a]
    due = [(pick_first(EVERY_DAY, w), y) for (w, y), a in world if w.closes_at <= a]

    early = 1 - (1 - STAYS) / RATE  # the mean over the ages under 1 of 1 - exp(-RATE age)
    truth = -STAYS * early / (early + 1)  # each of them was forecast STAYS too low
    assert_is(of_picks(so_far), truth)
    assert truth < -0.09
    assert_is(of_picks(due), 0)


def last(window: Window, rows: list[Issued]) -> int:
    """The tick that `pick_last` refuses to give: that of the last standing piece before an early outcome."""
    return pieces(rows, window)[-1].tick


def test_the_last_forecast_before_an_early_outcome_is_biased() -> None:
    world = [(w, y) for w, y in predictions(7) if w.known_at > 0]
    value, error = bias((last(w, EVERY_DAY) / 10_000 - y, 1) for w, y in world)

    # Yes at t was last forecast 1 - exp(-RATE (1 - t)); over all t the shortfall is RATE exp(-RATE) = 0.37. The last
    # morning is at most a day before the end, which is worth under 0.01.
    assert abs(value + RATE * STAYS) < 4 * error + 0.01
    assert value < -20 * error


def test_counting_the_last_forecast_pays_for_crying_wolf_until_the_last_day() -> None:
    wolf = [Issued(0, 0, 0, 9_999, "stated"), Issued((DAYS - 1) * DAY, 0, 1, left(DAYS - 1), "stated")]
    world = predictions(8)
    gain = [(last(w, EVERY_DAY) / 1e4 - y) ** 2 - (last(w, wolf) / 1e4 - y) ** 2 for w, y in world]

    assert np.mean(gain) > 20 * np.std(gain) / math.sqrt(N)


def test_a_lead_counted_back_from_the_outcome_is_biased() -> None:
    lead = 0.3
    picks = [(pick_lead(EVERY_DAY, Window(0, w.known_at, w.known_at), 30), y) for w, y in predictions(9) if w.known_at]
    value, error = of_picks(picks)

    # In are no, forecast at 1 - lead, and yes at t >= lead, forecast at t - lead: as many as nothing has befallen by
    # `lead`. A morning's forecast may be a day old, worth under 0.01.
    on_no = STAYS * -math.expm1(-RATE * lead)
    on_yes = -RATE * (1 - lead) * math.exp(-RATE * (1 + lead))
    assert abs(value - (on_no + on_yes) / math.exp(-RATE * lead)) < 4 * error + 0.01
    assert value < -10 * error


def test_a_forecast_that_is_never_updated_gains_by_shading_to_no() -> None:
    """As the page on method admits: what resolves yes stands for less time, and so weighs less."""
    stands = [Issued(0, 0, 0, left(0), "stated")]
    weight, y = np.array([(standing_weight(pieces(stands, w)), y) for w, y in predictions(10)]).T
    stated = np.linspace(0.2, 0.8, 601)
    pooled = [(weight @ (p - y) ** 2) / weight.sum() for p in stated]

    yes = (1 - STAYS * (1 + RATE)) / RATE  # the mean of t over the yes that come at t
    _, error = bias(zip(weight * y, weight.astype(float), strict=True))
    assert abs(stated[np.argmin(pooled)] - yes / (yes + STAYS)) < 4 * error + 0.001
    assert stated[np.argmin(pooled)] < 1 - STAYS - 0.15


def calibrated(n: int, generator: np.random.Generator) -> TickTable:
    """Forecasts on the hundredths, the low ones more frequent, and outcomes drawn with these probabilities."""
    p = np.round(generator.beta(0.7, 1.5, n), 2)
    return tick_table(p, (generator.random(n) < p).astype(int))


def curve(table: TickTable) -> NDArray[np.float64]:
    blocks = corp(table).blocks
    return np.repeat(
        [b.rate for b in blocks], np.diff(np.searchsorted(table.ticks, [*(b.low_tick for b in blocks), 10_001]))
    )


def test_the_band_holds_the_curve_of_a_perfect_forecaster_nine_times_in_ten_at_every_forecast() -> None:
    generator = np.random.default_rng(11)
    table, trials, replicates = calibrated(2_000, generator), 600, 1_000
    band = consistency_band(table, replicates=replicates)
    again = (
        TickTable(table.ticks, table.weight, generator.binomial(table.weight, table.p), independent=True)
        for _ in range(trials)
    )
    held = np.mean([(band.low <= one) & (one <= band.high) for one in map(curve, again)], axis=0)

    # The limits are themselves estimated, from `replicates` curves. Near 0 and 1 the curve is often exactly 0 or 1, and
    # a band cannot hold a share of one value: there it holds more.
    error = math.sqrt(0.9 * 0.1 * (1 / trials + 1 / replicates))
    inner = (table.p >= 0.05) & (table.p <= 0.9)
    assert np.all(held > 0.9 - 4 * error)
    assert np.all(held[inner] < 0.9 + 4 * error)


@pytest.mark.parametrize("n", [30, 400])
def test_perfect_forecasters_are_rejected_no_more_often_than_the_test_says(n: int) -> None:
    generator, trials = np.random.default_rng(12), 400
    p_values = np.array([miscalibration_test(calibrated(n, generator), replicates=199).p_value for _ in range(trials)])

    for level in (0.05, 0.2, 0.5):
        assert np.mean(p_values <= level) < level + 4 * math.sqrt(level * (1 - level) / trials)
    # Not so timid either that it would find out nobody.
    assert np.mean(p_values <= 0.5) > 0.5 - 4 * math.sqrt(0.25 / trials)


def test_shared_outcomes_break_a_test_that_takes_them_for_separate() -> None:
    """Fifty perfect forecasters of the same forty predictions; that is why such tables are refused."""
    generator, trials = np.random.default_rng(13), 100
    separate, together = [], []
    for _ in range(trials):
        p = np.round(generator.random(40), 1)
        y = (generator.random(40) < p).astype(int)
        separate.append(miscalibration_test(tick_table(p, y), replicates=99).p_value)
        together.append(miscalibration_test(tick_table(np.tile(p, 50), np.tile(y, 50)), replicates=99).p_value)

    assert np.mean(np.array(separate) <= 0.05) < 0.05 + 4 * math.sqrt(0.05 * 0.95 / trials)
    assert np.mean(np.array(together) <= 0.05) > 0.9


def test_reading_every_day_breaks_a_test_of_fixed_n_and_not_the_e_process() -> None:
    generator, trials, n = np.random.default_rng(14), 200, 300
    z_alarms = e_alarms = 0
    for _ in range(trials):
        p = generator.uniform(0.02, 0.98, n)
        y = (generator.random(n) < p).astype(int)
        z = np.cumsum(p - y) / np.sqrt(np.cumsum(p * (1 - p)))
        assert z[-1] == pytest.approx(calibration_in_the_large(tick_table(p, y, decimals=None)).z)
        z_alarms += bool(np.any(np.abs(z[10:]) > 1.96))
        e_alarms += e_process(p, y).alarm is not None

    assert e_alarms / trials <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / trials)
    assert z_alarms / trials > 0.25


@pytest.mark.parametrize("n", [10, 30, 100])
@pytest.mark.parametrize("interval", [wilson, jeffreys])
def test_intervals_of_a_rate_hold_it_as_often_as_they_say_on_average(
    n: int, interval: Callable[[int, int], Interval]
) -> None:
    """Not simulated: summed over every count, for 999 rates."""
    rate = np.arange(1, 1_000) / 1_000
    limits = [interval(k, n) for k in range(n + 1)]
    covers = [(limit.low <= rate) & (rate <= limit.high) for limit in limits]
    held = np.sum(stats.binom.pmf(np.arange(n + 1)[:, None], n, rate) * covers, axis=0)

    assert np.mean(held) == pytest.approx(0.95, abs=0.01)
    assert np.mean(held > 0.9) > 0.95


def test_resampling_families_holds_where_resampling_forecasts_does_not() -> None:
    """Forty families whose outcomes are one draw, with fifty forecasts on each."""
    generator, trials, families, members = np.random.default_rng(15), 200, 40, 50
    by_family = by_forecast = 0
    for _ in range(trials):
        p = np.repeat(generator.random(families), members)
        y = np.repeat(generator.random(families), members) < p
        loss, weight = (p - y) ** 2, np.ones(p.size)
        family = np.repeat(np.arange(families), members)
        truth = 1 / 6  # the mean of p (1 - p) over [0, 1]
        right, naive = (
            cluster_bootstrap(loss, weight, clusters, replicates=200).interval
            for clusters in (family, np.arange(p.size))
        )
        by_family += right.low <= truth <= right.high
        by_forecast += naive.low <= truth <= naive.high

    assert abs(by_family / trials - 0.95) < 4 * math.sqrt(0.95 * 0.05 / trials)
    assert by_forecast / trials < 0.5
