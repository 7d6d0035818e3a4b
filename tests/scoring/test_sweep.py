import math
import operator
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from forecasts.scoring.rules import baseline
from forecasts.scoring.sweep import LONGEST, baseline_over_time, peer, peer_scores, shares, spot_peer, standing
from forecasts.scoring.timeline import Issued, Window, pieces


class Stand(NamedTuple):
    prediction: int
    start: int
    end: int
    p: float
    in_pool: bool = True


LENGTH = 100
stands = st.lists(
    st.builds(
        lambda prediction, ends, p, in_pool: Stand(prediction, min(ends), max(ends) + 1, p, in_pool),
        st.integers(0, 2),
        st.tuples(st.integers(0, 20), st.integers(0, 20)),
        st.floats(0.01, 0.99),
        st.booleans(),
    ),
    min_size=1,
    max_size=10,
)


def earnings(rows: Sequence[Stand]) -> NDArray[np.float64]:
    prediction, start, end, p, in_pool = (np.array(column) for column in zip(*rows, strict=True))
    return peer(prediction, start, end, np.full(len(rows), LENGTH), np.log(p), in_pool)


def by_definition(rows: Sequence[Stand], moment: int, row: Stand) -> float:
    here = [r for r in rows if r.prediction == row.prediction and r.start <= moment < r.end and r.in_pool]
    others = list(here)
    if row.in_pool:
        others.remove(row)
    if not others:
        return 0
    return 100 / len(others) * sum(math.log(row.p / other.p) for other in others)


def test_it_works() -> None:
    earned = earnings([Stand(0, 0, LENGTH, p) for p in (0.2, 0.5, 0.8)])

    by_hand = [100 / 2 * (math.log(p / q) + math.log(p / r)) for p, q, r in ((2, 5, 8), (5, 2, 8), (8, 2, 5))]
    assert earned.tolist() == pytest.approx(by_hand)
    assert np.round(earned, 4).tolist() == [-115.1293, 22.3144, 92.8149]


def test_half_the_time_earns_half() -> None:
    whole, half = [Stand(0, 0, 100, 0.2), Stand(0, 0, 100, 0.4)], [Stand(0, 0, 50, 0.2), Stand(0, 0, 50, 0.4)]

    assert earnings(half).tolist() == pytest.approx((earnings(whole) / 2).tolist())


def test_alone_there_is_nothing_to_earn() -> None:
    assert earnings([Stand(0, 0, 50, 0.9), Stand(0, 50, 100, 0.1), Stand(1, 0, 100, 0.7)]).tolist() == [0, 0, 0]


def test_an_outsider_is_measured_against_the_pool_and_moves_nobody() -> None:
    pool = [Stand(0, 0, 100, 0.2), Stand(0, 0, 100, 0.8)]
    outsider = Stand(0, 0, 100, 0.5, in_pool=False)

    earned = earnings([*pool, outsider])

    assert earned[:2].tolist() == pytest.approx(earnings(pool).tolist())
    assert earned[2] == pytest.approx(100 * (math.log(0.5) - (math.log(0.2) + math.log(0.8)) / 2))
    assert earnings([outsider]).tolist() == [0]


@given(stands)
def test_the_sweep_is_the_sum_over_every_moment_and_pair(rows: list[Stand]) -> None:
    expected = [sum(by_definition(rows, moment, row) for moment in range(row.start, row.end)) / LENGTH for row in rows]

    assert earnings(rows).tolist() == pytest.approx(expected, abs=1e-9)


@given(stands)
def test_a_pool_earns_nothing_in_sum(rows: list[Stand]) -> None:
    pool = [row._replace(in_pool=True) for row in rows]

    assert earnings(pool).sum() == pytest.approx(0, abs=1e-9)


@given(stands, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[Stand], random: object) -> None:
    order = sorted(range(len(rows)), key=lambda _: random.random())  # type: ignore[attr-defined]

    assert earnings([rows[i] for i in order]).tolist() == pytest.approx(earnings(rows)[order].tolist(), abs=1e-9)


def test_at_one_moment_the_spot_score_is_the_rate_of_earning() -> None:
    log_p, pool = np.log([0.2, 0.5, 0.8]), np.array([True, True, True])
    spot = spot_peer(np.zeros(3, dtype=int), log_p, pool)

    assert np.round(spot, 4).tolist() == [-115.1293, 22.3144, 92.8149]
    assert spot_peer(np.zeros(3, dtype=int), log_p, pool, scale=50).tolist() == pytest.approx((spot / 2).tolist())


def test_one_prediction_from_the_pieces_of_its_forecasters() -> None:
    window = Window(0, 100, 100)
    timelines = {
        name: pieces([Issued(at, at, 1, tick, "stated")], window)
        for name, at, tick in (("ada", 0, 2_000), ("bob", 50, 8_000), ("crowd", 0, 5_000), ("late", 100, 5_000))
    }

    scores = peer_scores(timelines, {"crowd"}, window, y=1)

    gap = 100 * math.log(0.8 / 0.2) / 2
    outside = 100 * (math.log(0.5 / 0.2) / 2 + (math.log(0.5) - (math.log(0.2) + math.log(0.8)) / 2) / 2)
    assert scores == pytest.approx({"ada": -gap, "bob": gap, "crowd": outside, "late": 0})


def test_a_prediction_on_which_nobody_stands_earns_nobody_anything() -> None:
    assert peer_scores({"ada": ()}, set(), Window(0, 100, 100), y=0) == {"ada": 0}


def test_a_baseline_is_earned_while_standing_only() -> None:
    p, options = np.array([0.9, 0.25]), np.array([2, 4])

    earned = baseline_over_time(np.array([0, 0]), np.array([30, 70]), np.array([100, 100]), np.log(p), options)

    assert earned.tolist() == pytest.approx([float(baseline(0.9, 2)) * 0.3, 0.0])


@given(st.integers(1, LONGEST), st.data())
def test_shares_by_columns_are_the_shares_of_a_window(length: int, data: st.DataObject) -> None:
    moment = data.draw(st.integers(0, length))

    assert shares(np.array([moment]), np.array([0]), np.array([length])) == Window(0, length, length).share(moment)


@pytest.mark.parametrize("length", [0, -1, LONGEST + 1])
def test_a_length_that_cannot_be_divided_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match=r"^length must"):
        shares(np.array([0]), np.array([0]), np.array([length]))


rows_of_a_pair = st.builds(
    Issued,
    st.integers(-9, 40),
    st.integers(-9, 40),
    st.integers(0, 9**9),
    st.none() | st.integers(0, 10_000),
    st.just(""),
)


@given(st.lists(st.tuples(st.integers(0, 3), rows_of_a_pair), max_size=25, unique_by=lambda row: row[1].id))
def test_standing_by_columns_agrees_with_the_timeline_of_each_pair(rows: list[tuple[int, Issued]]) -> None:
    windows = [Window(0, 30, 30), Window(5, 25, 12), Window(0, 10, 50), Window(3, 9, 2)]
    columns = [(r.issued_at, r.recorded_at, r.id, r.tick is None, windows[i].opens_at, windows[i].end) for i, r in rows]
    issued_at, recorded_at, ids, withdrawn, opens_at, ends_at = np.array(columns, dtype=np.int64).reshape(-1, 6).T
    pair = np.array([i for i, _ in rows], dtype=np.int64)

    spans = standing(pair, issued_at, recorded_at, ids, withdrawn.astype(bool), opens_at, ends_at)

    ours = [(pair[r], ids[r], a, b) for r, a, b in zip(spans.row, spans.start, spans.end, strict=True)]
    theirs = [
        (i, piece.forecast_id, piece.start, piece.end)
        for i, window in enumerate(windows)
        for piece in pieces([row for j, row in rows if j == i], window)
    ]
    assert sorted(ours, key=operator.itemgetter(0, 2)) == theirs
