"""Settlement by columns, held to the timeline of one forecaster and to the rules of one forecast at a time."""

import itertools
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.scoring.losses import Losses, Range, binary_losses, choice_losses, even_points, spread_losses
from forecasts.scoring.rules import (
    baseline,
    brier,
    brier_multi,
    brier_numerator,
    crps_cdf,
    log_loss_nano,
    log_multi,
    log_score,
    rps,
    spherical,
)
from forecasts.scoring.settlement import (
    ALL,
    BACKFILLED,
    COUNTINGS,
    IMPORTED,
    LIVE,
    TRACKS,
    Entries,
    Lines,
    Windows,
    on_tracks,
    settle,
)
from forecasts.scoring.sweep import peer_scores
from forecasts.scoring.timeline import (
    DAY,
    LEAD_BANDS,
    LEADS,
    Issued,
    Pick,
    Window,
    pick_first,
    pick_last,
    pick_lead,
    pieces,
    standing_weight,
)

BASES = ("stated", "model")
HOUR = DAY // 24
TICKS_OF = st.one_of(st.sampled_from([0, 1, 5_000, 9_999, 10_000]), st.integers(0, 10_000))


@dataclass(frozen=True)
class Row:
    """A forecast as somebody made it, on prediction 0, 1 or 2."""

    prediction: int
    forecaster: int
    issued_at: int
    stands_from: int
    recorded_at: int
    provenance: int
    basis: int
    tick: int | None


@dataclass(frozen=True)
class Asked:
    """A yes-or-no prediction with its outcome."""

    window: Window
    happened: bool
    cannot_resolve_early: bool


hours = st.integers(-300, 30_000).map(lambda hour: hour * HOUR)
asked = st.builds(
    lambda opens, length, known, happened, marked: Asked(
        Window(opens * HOUR, (opens + length) * HOUR, (opens + 1 + known) * HOUR), happened, marked
    ),
    st.integers(-50, 50),
    st.one_of(st.integers(1, 60), st.integers(1, 20_000)),
    st.integers(0, 20_000),
    st.booleans(),
    st.booleans(),
)
row = st.builds(
    lambda prediction, forecaster, issued, seen, late, provenance, basis, tick: Row(
        prediction, forecaster, issued, issued + seen, issued + seen + late, provenance, basis, tick
    ),
    st.integers(0, 2),
    st.integers(0, 3),
    hours,
    st.sampled_from([0, HOUR, 40 * HOUR]),
    st.sampled_from([0, 0, 1, 30 * HOUR, 3_000 * HOUR]),
    st.sampled_from([LIVE, LIVE, BACKFILLED, IMPORTED]),
    st.sampled_from([0, 0, 1]),
    st.one_of(TICKS_OF, TICKS_OF, TICKS_OF, st.none()),
)


def columns_of(rows: Sequence[Row], predictions: Sequence[Asked]) -> tuple[Entries, Windows, Losses]:
    def column(values: Any) -> Any:
        return np.array(list(values), dtype=np.int64)

    known = column(each.window.known_at for each in predictions)
    closes = column(each.window.closes_at for each in predictions)
    windows = Windows(
        column(each.window.opens_at for each in predictions),
        closes,
        known,
        np.array([each.cannot_resolve_early for each in predictions]) & (known >= closes),
    )
    entries = Entries(
        prediction=column(each.prediction for each in rows),
        forecast=np.arange(len(rows)),
        forecaster=column(each.forecaster for each in rows),
        track=column(each.provenance for each in rows),
        issued_at=column(each.issued_at for each in rows),
        recorded_at=column(each.recorded_at for each in rows),
        id=np.arange(len(rows)),
        basis=column(each.basis for each in rows),
        withdrawn=np.array([each.tick is None for each in rows], dtype=bool),
        in_pool=np.array([each.forecaster != 3 for each in rows], dtype=bool),
    )
    y = column(predictions[each.prediction].happened for each in rows)
    losses = binary_losses(column(each.tick or 0 for each in rows), y)
    return on_tracks(entries, column(each.stands_from for each in rows), known), windows, losses


def timelines_of(rows: Sequence[Row], predictions: Sequence[Asked]) -> dict[tuple[int, int, int], list[Issued]]:
    """The same rows as `timeline` takes them, by prediction, track and forecaster."""
    found: dict[tuple[int, int, int], list[Issued]] = {}
    for number, each in enumerate(rows):
        late = each.provenance == LIVE and each.recorded_at >= predictions[each.prediction].window.known_at
        track = BACKFILLED if late else each.provenance
        effective = each.stands_from if track == LIVE else each.issued_at
        issued = Issued(effective, each.recorded_at, number, each.tick, BASES[each.basis])
        for where in (track, ALL):
            found.setdefault((each.prediction, where, each.forecaster), []).append(issued)
    return found


def line_key(lines: Lines, place: int) -> tuple[int, int, int, str, str]:
    whose = (int(column[place]) for column in (lines.prediction, lines.track, lines.forecaster))
    prediction, track, forecaster = whose
    return prediction, track, forecaster, lines.counting, BASES[int(lines.basis[place])]


def facts_by_line(lines: Lines) -> dict[int, Counter[tuple[str, int, str]]]:
    found: dict[int, Counter[tuple[str, int, str]]] = {}
    facts = lines.facts
    shared = (column.tolist() for column in (facts.line, facts.lead_band, facts.tick, facts.n))
    for place, band, tick, n, weight, yes in zip(
        *shared, facts.weight.tolist(), facts.weight_yes.tolist(), strict=True
    ):
        sums = found.setdefault(place, Counter())
        where = (LEAD_BANDS[band], tick)
        sums[*where, "n"] += n
        sums[*where, "weight"] += weight
        sums[*where, "yes"] += yes
    return found


def picks_of(issued: list[Issued], each: Asked) -> dict[str, Pick]:
    window = each.window
    found = {"first": pick_first(issued, window)}
    found |= {f"lead:{days}": pick_lead(issued, window, days) for days in LEADS}
    if each.cannot_resolve_early and window.known_at >= window.closes_at:
        found["last"] = pick_last(issued, window, cannot_resolve_early=True)
    return {counting: pick for counting, pick in found.items() if pick}


def expected_of(rows: Sequence[Row], predictions: Sequence[Asked]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Every line with its weight, Brier and log sums, coverage, and facts, from one timeline at a time."""
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for (prediction, track, forecaster), issued in timelines_of(rows, predictions).items():
        each = predictions[prediction]
        window, y = each.window, int(each.happened)
        standing = pieces(issued, window)
        if not standing:
            continue
        whole = window.share(window.end)
        coverage = standing_weight(standing) * 1_000_000 // whole if whole else 0

        def line(parts: list[tuple[str, int, int]], y: int = y, coverage: int = coverage) -> tuple[Any, ...]:
            facts: Counter[tuple[str, int, str]] = Counter()
            for band, tick, weight in parts:
                facts[band, tick, "n"] += 1
                facts[band, tick, "weight"] += weight
                facts[band, tick, "yes"] += weight * y
            brier_sum = sum(weight * brier_numerator(tick, y) for _, tick, weight in parts)
            log_sum = sum(weight * log_loss_nano(tick, y) for _, tick, weight in parts)
            return sum(weight for *_, weight in parts), brier_sum, log_sum, coverage, facts

        for counting, pick in picks_of(issued, each).items():
            key = (prediction, track, forecaster, counting, pick.basis)
            found[key] = line([(pick.lead_band, pick.tick, 1)])
        for basis in {piece.basis for piece in standing}:
            parts = [(piece.lead_band, piece.tick, piece.weight) for piece in standing if piece.basis == basis]
            found[prediction, track, forecaster, "time", basis] = line(parts)
    return found


@given(st.lists(asked, min_size=3, max_size=3), st.lists(row, max_size=25))
def test_columns_say_the_same_as_one_timeline_at_a_time(predictions: list[Asked], rows: list[Row]) -> None:
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for lines in settle(*columns_of(rows, predictions)):
        facts = facts_by_line(lines)
        for place in range(lines.weight.size):
            key = line_key(lines, place)
            assert key not in found
            sums = (int(lines.sums[rule][place]) for rule in ("brier", "log"))
            found[key] = (int(lines.weight[place]), *sums, int(lines.coverage[place]), facts[place])

    assert found == expected_of(rows, predictions)


@given(st.lists(asked, min_size=3, max_size=3), st.lists(row, max_size=20))
def test_peers_earn_by_columns_what_they_earn_by_pieces(predictions: list[Asked], rows: list[Row]) -> None:
    by_track: dict[tuple[int, int], dict[int, Any]] = {}
    for (prediction, track, forecaster), issued in timelines_of(rows, predictions).items():
        if standing := pieces(issued, predictions[prediction].window):
            by_track.setdefault((prediction, track), {})[forecaster] = standing
    expected = {
        (*where, forecaster): value
        for where, timelines in by_track.items()
        for forecaster, value in peer_scores(
            timelines, {3}, predictions[where[0]].window, int(predictions[where[0]].happened)
        ).items()
    }
    found: Counter[tuple[int, int, int]] = Counter()
    for lines in settle(*columns_of(rows, predictions)):
        if lines.counting == "time":
            for place, value in enumerate(lines.rewards["peer"].tolist()):
                found[line_key(lines, place)[:3]] += value

    assert dict(found) == pytest.approx(expected, abs=1e-7)
    for prediction, track in by_track:
        members = [value for key, value in found.items() if key[:2] == (prediction, track) and key[2] != 3]
        assert sum(members) == pytest.approx(0, abs=1e-6)


@given(st.lists(asked, min_size=3, max_size=3), st.lists(row, max_size=20), st.randoms())
def test_the_order_of_the_rows_changes_nothing(predictions: list[Asked], rows: list[Row], random: Any) -> None:
    def told(entries: Entries, windows: Windows, losses: Losses) -> list[tuple[Any, ...]]:
        return sorted(
            (*line_key(lines, place), lines.sums["brier"][place].item(), lines.weight[place].item())
            for lines in settle(entries, windows, losses)
            for place in range(lines.weight.size)
        )

    entries, windows, losses = columns_of(rows, predictions)
    order = list(range(entries.prediction.size))
    random.shuffle(order)

    assert told(entries.taken(np.array(order, dtype=np.int64)), windows, losses) == told(entries, windows, losses)


def test_nobody_who_never_stood_has_a_line() -> None:
    nobody = Row(0, 0, 5 * DAY, 5 * DAY, 5 * DAY, LIVE, 0, 5_000)
    too_late = Asked(Window(0, 4 * DAY, 4 * DAY), happened=True, cannot_resolve_early=False)

    assert settle(*columns_of([nobody], [too_late])) == ()
    assert settle(*columns_of([], [too_late])) == ()


def test_every_counting_has_its_name_and_every_track_its_number() -> None:
    assert COUNTINGS == ("first", "lead:1", "lead:7", "lead:30", "lead:90", "lead:180", "lead:365", "time", "last")
    assert (TRACKS[LIVE], TRACKS[BACKFILLED], TRACKS[IMPORTED], TRACKS[ALL]) == TRACKS


@given(st.lists(TICKS_OF, min_size=1, max_size=20), st.integers(0, 1))
def test_losses_of_yes_and_no_are_those_of_the_rules(ticks: list[int], y: int) -> None:
    p = np.array(ticks) / 10_000
    losses = binary_losses(np.array(ticks), np.full(len(ticks), y))

    assert losses.sums["brier"] / 1e8 == pytest.approx(brier(p, y), abs=1e-12)
    assert losses.sums["log"] / 1e9 == pytest.approx(log_score(np.clip(p, 1e-4, 1 - 1e-4), y), abs=1e-9)
    assert losses.sums["spherical"] == pytest.approx(spherical(np.stack([1 - p, p], axis=1), y))
    given_to_it = np.clip(p if y else 1 - p, 1e-4, 1 - 1e-4)
    assert losses.gain == pytest.approx(baseline(given_to_it, 2), abs=1e-6)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9)), min_size=1, max_size=9))
def test_losses_of_options_are_those_of_the_rules(shares: list[tuple[int, int, int]]) -> None:
    ticks = np.array([[10_000 * a // (a + b + c), 10_000 * b // (a + b + c), 0] for a, b, c in shares])
    ticks[:, 2] = 10_000 - ticks.sum(axis=1)
    p, n = ticks / 10_000, len(shares)
    for k in range(3):
        losses = choice_losses(ticks, k, ordered=True)
        assert losses.sums["brier"] / 1e8 == pytest.approx(brier_multi(p, np.full(n, k)))
        assert losses.sums["rps"] / 1e8 == pytest.approx(rps(p, np.full(n, k)))
        assert losses.sums["spherical"] == pytest.approx(spherical(p, np.full(n, k)))
        with np.errstate(divide="ignore"):
            unclipped = log_multi(p, np.full(n, k))
        assert losses.sums["log"] / 1e9 == pytest.approx(np.minimum(unclipped, math.log(10_000)), abs=1.1e-4)
        assert losses.facts_of.tolist() == [3] * n
        assert losses.fact_tick.reshape(n, 3).tolist() == ticks.tolist()
        assert losses.fact_yes.reshape(n, 3).sum(axis=0).tolist() == [n * (option == k) for option in range(3)]
        assert "rps" not in choice_losses(ticks, k, ordered=False).sums


def test_a_number_is_scored_by_its_bin_its_cdf_and_where_it_fell() -> None:
    # 80 % even over 0 to 100, 20 % even over 100 to 200; 200 bins of one unit each.
    losses = spread_losses([[(100.0, 8_000)]], Range(0, 200), 30.0)

    assert losses.sums["log"].tolist() == [round(-1e9 * math.log(0.8 / 100))]
    assert losses.sums["crps"][0] == pytest.approx(crps_cdf([0, 100, 200], [0, 0.8, 1], 30.0))
    assert (losses.kept["pit_low"][0], losses.kept["pit_high"][0]) == pytest.approx((0.24, 0.24))
    # The even reference gives 1 / 200 to each bin.
    assert losses.gain[0] == pytest.approx(50 * math.log(0.8 / 100 * 200))
    assert losses.log_p[0] == pytest.approx(math.log(0.8 / 100) / 2)
    assert losses.fact_tick.tolist() == [2_400]


def test_a_number_beyond_an_open_end_lies_in_the_cell_of_that_end() -> None:
    # 10 % is left over beyond 200.
    losses = spread_losses([[(200.0, 9_000)]], Range(0, 200, open_above=True), 250.0)

    assert losses.sums["log"].tolist() == [round(-1e9 * math.log(0.1))]
    assert losses.gain[0] == pytest.approx(50 * math.log(0.1 / 0.05))
    assert (losses.kept["pit_low"][0], losses.kept["pit_high"][0]) == pytest.approx((0.9, 1.0))


@pytest.mark.parametrize(
    ("y", "p_cell", "pit_low", "pit_high"),
    [
        (5.0, 0.07, 0.35, 0.35),  # on the fifth of ten days, of which each has a tenth of 70 %
        (10.0, 0.07, 0.7, 0.7),  # on the last day: it came by the limit
        (math.inf, 0.3, 0.7, 1.0),  # not by the limit
    ],
)
def test_a_date_is_scored_by_its_day_or_as_not_by_the_limit(
    y: float, p_cell: float, pit_low: float, pit_high: float
) -> None:
    losses = spread_losses([[(10.0, 7_000)]], Range(0, 10, open_above=True, is_date=True), y)

    assert losses.sums["log"].tolist() == [round(-1e9 * math.log(p_cell))]
    assert (losses.kept["pit_low"][0], losses.kept["pit_high"][0]) == pytest.approx((pit_low, pit_high))


@pytest.mark.parametrize("log_scale", [False, True])
@pytest.mark.parametrize(("below", "above"), [(False, False), (True, False), (False, True), (True, True)])
def test_cells_of_a_forecast_sum_to_one(log_scale: bool, below: bool, above: bool) -> None:
    within = Range(1, 1_000, below, above, log_scale)
    points = [(3.0, 500), (40.0, 5_000), (700.0, 9_200)]
    middles = [(within.edge(b) + within.edge(b + 1)) / 2 for b in range(within.bins)]
    outcomes = [*middles, *([0.0] * below), *([2_000.0] * above)]

    mass = [math.exp(-spread_losses([points], within, y).sums["log"][0] / 1e9) for y in outcomes]

    # A cell that was given nothing counts as one tick.
    assert sum(m for m in mass if m > 1.5e-4) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(("below", "above"), list(itertools.product([False, True], repeat=2)))
@pytest.mark.parametrize("log_scale", [False, True])
def test_an_even_guess_earns_about_nothing_wherever_the_outcome_lies(below: bool, above: bool, log_scale: bool) -> None:
    within = Range(1, 401, below, above, log_scale)
    for y in (*([0.5] * below), 1.3, 57.0, 399.0, *([500.0] * above)):
        gain = spread_losses([even_points(within)], within, y).gain[0]
        assert gain == pytest.approx(0, abs=1.5), y


@pytest.mark.parametrize(("low", "high"), [(-5, 5), (-2, 8), (0, 3), (0, 10), (0, 1), (100, 300)])
def test_an_outcome_on_an_edge_lies_in_the_bin_that_ends_there(low: int, high: int) -> None:
    within = Range(low, high)
    for number in range(1, within.bins):
        edge = float(Fraction(low) + Fraction(high - low) * number / within.bins)
        assert within.bin_of(edge) == number - 1


def test_what_sits_on_an_open_end_lies_beyond_it() -> None:
    within = Range(0, 100, open_below=True, open_above=True)
    points = [(0.0, 2_000), (100.0, 7_000)]
    places = {y: spread_losses([points], within, y).kept for y in (-1.0, 0.0, 100.0, 101.0)}
    fell = {y: (kept["pit_low"][0], kept["pit_high"][0]) for y, kept in places.items()}
    assert fell == {-1.0: (0, 0.2), 0.0: (0.2, 0.2), 100.0: (0.7, 0.7), 101.0: (0.7, 1.0)}
