"""Windows of ten days opening at 0, so that a day weighs 100,000 millionths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.scoring.reliability import TickTable, brier_total
from forecasts.scoring.rules import brier_numerator
from forecasts.scoring.timeline import (
    BAND_EDGES,
    DAY,
    LEAD_BANDS,
    Issued,
    Pick,
    Piece,
    Window,
    lead_band,
    pick_first,
    pick_last,
    pick_lead,
    pieces,
    standing_weight,
)

TEN_DAYS = Window(opens_at=0, closes_at=10 * DAY, known_at=10 * DAY)


def issued(day: float, tick: int | None, identifier: int = 1, *, recorded: float | None = None) -> Issued:
    at = round(day * DAY)
    return Issued(at, at if recorded is None else round(recorded * DAY), identifier, tick, "stated")


def spans(rows: list[Issued], window: Window = TEN_DAYS) -> list[tuple[float, float, int]]:
    return [(piece.start / DAY, piece.end / DAY, piece.tick) for piece in pieces(rows, window)]


def test_it_works() -> None:
    rows = [issued(2, 6_000, 1), issued(5, 8_000, 2)]

    assert pieces(rows, TEN_DAYS) == (
        Piece(2 * DAY, 3 * DAY, 100_000, 6_000, "stated", "7_30d", 1),
        Piece(3 * DAY, 5 * DAY, 200_000, 6_000, "stated", "1_7d", 1),
        Piece(5 * DAY, 9 * DAY, 400_000, 8_000, "stated", "1_7d", 2),
        Piece(9 * DAY, 10 * DAY, 100_000, 8_000, "stated", "under_1d", 2),
    )
    assert standing_weight(pieces(rows, TEN_DAYS)) == 800_000


def test_a_window_must_close_after_it_opens() -> None:
    with pytest.raises(ValueError, match="closes_at"):
        Window(opens_at=5, closes_at=5, known_at=9)


def test_a_share_is_rounded_half_up_to_millionths() -> None:
    window = Window(opens_at=0, closes_at=4_000_000, known_at=4_000_000)

    assert [window.share(moment) for moment in (0, 1, 2, 6, 4_000_000)] == [0, 0, 1, 2, 1_000_000]


def test_a_forecast_from_before_the_opening_stands_from_the_opening() -> None:
    assert spans([issued(-5, 1_000, 1), issued(-1, 4_000, 2)])[0] == (0, 3, 4_000)


def test_of_equal_times_only_the_last_recorded_exists() -> None:
    rows = [issued(1, 3_000, 7, recorded=2), issued(1, 9_000, 8, recorded=1.5), issued(1, 4_000, 9, recorded=2)]

    assert {tick for _, _, tick in spans(rows)} == {4_000}


def test_a_withdrawal_ends_the_standing_until_the_next_forecast() -> None:
    rows = [issued(0, 3_000, 1), issued(1, None, 2), issued(9.5, 4_000, 3)]

    assert spans(rows) == [(0, 1, 3_000), (9.5, 10, 4_000)]


def test_a_withdrawal_takes_effect_when_it_was_recorded_and_never_earlier() -> None:
    rows = [issued(0, 3_000, 1), issued(1, None, 2, recorded=2)]

    assert spans(rows) == [(0, 2, 3_000)]


def test_a_forecast_issued_when_the_outcome_was_known_does_not_count() -> None:
    known_early = Window(opens_at=0, closes_at=10 * DAY, known_at=2 * DAY)

    assert spans([issued(1, 3_000, 1), issued(2, 9_999, 2)], known_early) == [(1, 2, 3_000)]


def test_a_forecast_issued_at_the_close_does_not_count() -> None:
    assert spans([issued(10, 3_000)]) == []


@pytest.mark.parametrize("known_at", [0, -DAY])
def test_nothing_counts_when_the_outcome_was_known_by_the_opening(known_at: int) -> None:
    assert pieces([issued(-1, 3_000)], Window(0, 10 * DAY, known_at)) == ()


def test_a_lead_band_begins_at_its_longest_time_to_the_close() -> None:
    days = {0.5: "under_1d", 1: "under_1d", 7: "1_7d", 7.1: "7_30d", 90: "30_90d", 365: "90_365d", 366: "over_365d"}

    assert {day: lead_band(0, round(-day * DAY)) for day in days} == days
    with pytest.raises(ValueError, match="moment"):
        lead_band(0, 0)


rows_of_one_forecaster = st.lists(
    st.builds(
        Issued,
        issued_at=st.integers(-50, 150),
        recorded_at=st.integers(-50, 150),
        id=st.integers(0, 5),
        tick=st.none() | st.integers(0, 10_000),
        basis=st.just("stated"),
    ),
    unique_by=lambda row: (row.issued_at, row.recorded_at, row.id),
)
short_windows = st.builds(
    Window, opens_at=st.integers(0, 20), closes_at=st.integers(21, 120), known_at=st.integers(-5, 130)
)


def standing_at(rows: list[Issued], moment: int) -> Issued | None:
    """The definition, by brute force."""
    effect = {row: row.issued_at if row.tick is not None else max(row.issued_at, row.recorded_at) for row in rows}
    past = [row for row in rows if effect[row] <= moment]
    last = max(past, key=lambda row: (effect[row], row.recorded_at, row.id), default=None)
    return last if last is not None and last.tick is not None else None


@given(rows_of_one_forecaster, short_windows)
def test_pieces_say_what_stood_at_every_single_moment(rows: list[Issued], window: Window) -> None:
    by_moment = {moment: piece for piece in pieces(rows, window) for moment in range(piece.start, piece.end)}

    for moment in range(window.opens_at, window.end):
        standing = standing_at(rows, moment)
        piece = by_moment.pop(moment, None)
        assert (piece and (piece.forecast_id, piece.tick)) == (standing and (standing.id, standing.tick))
        assert piece is None or piece.lead_band == lead_band(window.closes_at, moment)
    assert by_moment == {}


@given(rows_of_one_forecaster, short_windows)
def test_first_and_last_are_the_ends_of_what_stood(rows: list[Issued], window: Window) -> None:
    stood = [moment for moment in range(window.opens_at, window.end) if standing_at(rows, moment)]
    first = pick_first(rows, window)

    assert (first and first.moment) == (stood[0] if stood else None)
    if window.known_at >= window.closes_at:
        last = pick_last(rows, window, cannot_resolve_early=True)
        assert (last and last.moment) == (stood[-1] if stood else None)


@given(
    st.lists(st.integers(0, 800 * DAY), min_size=1, max_size=8, unique=True),
    st.integers(DAY, 800 * DAY),
    st.integers(1, 900 * DAY),
)
def test_weights_of_a_forecaster_who_never_leaves_sum_to_the_window_exactly(
    moments: list[int], length: int, known_at: int
) -> None:
    window = Window(0, length, known_at)
    rows = [Issued(0, 0, 0, 5_000, "stated"), *(Issued(at, at, at, 6_000, "stated") for at in moments)]

    assert standing_weight(pieces(rows, window)) == window.share(window.end)


@given(
    st.lists(st.tuples(rows_of_one_forecaster, short_windows, st.integers(0, 1)), min_size=1, max_size=5),
)
def test_the_pooled_time_average_is_the_score_of_the_tick_table_of_all_pieces(
    predictions: list[tuple[list[Issued], Window, int]],
) -> None:
    stood = [(piece, y) for rows, window, y in predictions for piece in pieces(rows, window)]
    numerator = sum(piece.weight * brier_numerator(piece.tick, y) for piece, y in stood)
    weight = sum(piece.weight for piece, _ in stood)
    table = TickTable.from_rows((piece.tick, piece.weight, piece.weight * y) for piece, y in stood)

    assert (brier_total(table), table.total) == (numerator, weight)


@given(st.integers(-800 * DAY, -1))
def test_every_moment_has_exactly_one_band(moment: int) -> None:
    assert LEAD_BANDS.index(lead_band(0, moment)) == len([edge for edge in BAND_EDGES if -moment > edge])


def test_first_is_the_forecast_standing_at_the_opening() -> None:
    rows = [issued(-3, 1_000, 1), issued(-1, 2_000, 2), issued(1, 9_000, 3)]

    assert pick_first(rows, TEN_DAYS) == Pick(0, 2_000, "stated", "7_30d", 2)


def test_first_skips_what_was_withdrawn_before_the_opening() -> None:
    rows = [issued(-3, 1_000, 1), issued(-1, None, 2), issued(4, 9_000, 3)]

    assert pick_first(rows, TEN_DAYS) == Pick(4 * DAY, 9_000, "stated", "1_7d", 3)


def test_nobody_standing_is_no_pick() -> None:
    assert pick_first([issued(11, 1_000)], TEN_DAYS) is None
    assert pick_lead([], TEN_DAYS, 7) is None
    assert pick_last([], TEN_DAYS, cannot_resolve_early=True) is None


def test_a_lead_is_counted_back_from_the_close_and_includes_its_own_moment() -> None:
    rows = [issued(1, 1_000, 1), issued(3, 2_000, 2), issued(3.5, 3_000, 3)]

    assert pick_lead(rows, TEN_DAYS, 7) == Pick(3 * DAY, 2_000, "stated", "1_7d", 2)


@pytest.mark.parametrize(
    ("known_day", "days", "why"), [(10, 30, "before the opening"), (3, 7, "known at it"), (2, 7, "known before it")]
)
def test_a_lead_outside_the_window_is_excluded_and_never_replaced(known_day: int, days: int, why: str) -> None:
    window = Window(0, 10 * DAY, known_day * DAY)

    assert pick_lead([issued(0, 5_000)], window, days) is None, why


def test_a_lead_must_be_positive() -> None:
    with pytest.raises(ValueError, match="days"):
        pick_lead([], TEN_DAYS, 0)


def test_last_is_the_forecast_standing_as_the_window_ends() -> None:
    rows = [issued(1, 1_000, 1), issued(9.5, 2_000, 2)]

    assert pick_last(rows, TEN_DAYS, cannot_resolve_early=True) == Pick(10 * DAY - 1, 2_000, "stated", "under_1d", 2)


def test_last_is_refused_where_yes_can_come_early() -> None:
    with pytest.raises(ValueError, match="cannot_resolve_early"):
        pick_last([issued(1, 1_000)], TEN_DAYS, cannot_resolve_early=False)
    with pytest.raises(ValueError, match="window"):
        pick_last([issued(1, 1_000)], Window(0, 10 * DAY, 9 * DAY), cannot_resolve_early=True)
