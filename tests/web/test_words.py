"""The sentences hold for every n: none, one, too few, enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.language.figures import NBSP
from forecasts.scoring.uncertainty import Verdict
from forecasts.web import pairs, words
from forecasts.web.openings import THEY_SAID


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("group", "sentence"),
    [
        ((7000, 18, 28), "When they said about 70 %, it happened 18 of 28 times (64 %)."),
        ((7000, 0, 28), "When they said about 70 %, it happened 0 of 28 times (0 %)."),
        ((7000, 28, 28), "When they said about 70 %, it happened 28 of 28 times (100 %)."),
        ((9000, 999, 1000), "When they said about 90 %, it happened 999 of 1,000 times (over 99 %)."),
        ((30, 1, 1000), "When they said under 1 %, it happened 1 of 1,000 times (under 1 %)."),
        ((2000, 1, 2), "When they said about 20 %, it happened 1 of 2 times."),
        ((2000, 1, 1), "The one time they said about 20 %, it happened."),
        ((2000, 0, 1), "The one time they said about 20 %, it did not happen."),
        ((0, 0, 12), "When they said about 0 %, it happened 0 of 12 times (0 %)."),
    ],
)
def test_a_frequency_is_told_in_natural_numbers(group: words.Frequency, sentence: str) -> None:
    assert plain(words.frequency_sentence(THEY_SAID, group)) == sentence


def test_the_headline_speaks_of_the_largest_group_in_the_middle() -> None:
    assert words.spoken_group([(400, 1, 245), (3000, 10, 34), (7000, 26, 36), (9500, 167, 168)]) == (7000, 26, 36)


def test_without_ten_in_the_middle_the_headline_speaks_of_the_largest_group() -> None:
    assert words.spoken_group([(400, 1, 245), (3000, 4, 9), (9500, 167, 168)]) == (400, 1, 245)


def test_of_two_groups_as_large_the_headline_speaks_of_the_higher() -> None:
    assert words.spoken_group([(3000, 9, 20), (7000, 1, 20)]) == (7000, 1, 20)


def test_without_groups_there_is_nothing_to_speak_of() -> None:
    assert words.spoken_group([]) is None


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 500)), min_size=1, max_size=5), st.data())
def test_what_the_headline_speaks_of_does_not_depend_on_what_happened(
    sizes: list[tuple[int, int]], data: st.DataObject
) -> None:
    outcomes = [data.draw(st.integers(0, n)) for _, n in sizes]
    none, some = (
        words.spoken_group([(tick, k, n) for (tick, n), k in zip(sizes, happened, strict=True)])
        for happened in ([0] * len(sizes), outcomes)
    )
    assert none is not None
    assert some is not None
    assert (none[0], none[2]) == (some[0], some[2])


@pytest.mark.parametrize(
    ("made", "counts", "sentence"),
    [
        (0, (0, 0, 0), "Nothing has been forecast yet, so there is nothing to judge."),
        (1, (1, 0, 0), "The only prediction does not count yet: it is still open."),
        (1, (0, 0, 0), "The only prediction does not count yet."),
        (3, (0, 0, 3), "None of the 3 predictions counts yet: they are void."),
        (4, (2, 1, 1), "None of the 4 predictions counts yet: 2 are still open, 1 is not yet rated by us, 1 is void."),
        (4, (2, 0, 0), "None of the 4 predictions counts yet: 2 are still open."),
        (4, (0, 0, 0), "None of the 4 predictions counts yet."),
    ],
)
def test_where_nothing_counts_the_sentence_says_why(made: int, counts: tuple[int, ...], sentence: str) -> None:
    becoming = dict(zip(("open", "overdue", "void"), counts, strict=True))
    assert words.none_sentence(made, becoming) == sentence


@pytest.mark.parametrize(
    ("made", "settled", "begins"), [(1, 1, "1 of 1 prediction is"), (12, 9, "9 of 12 predictions are")]
)
def test_a_few_are_said_to_be_too_few(made: int, settled: int, begins: str) -> None:
    sentence = words.few_sentence(made, settled)
    assert sentence.startswith(begins)
    assert sentence.endswith("too few to say how well calibrated the forecasts are: scores need 10, a verdict 30.")


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.data())
def test_no_share_is_called_none_or_all_unless_it_is(tick: int, of: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, of))
    shown = plain(words.whole_percent(k / of))
    assert (shown == "0 %") == (k == 0)
    assert (shown == "100 %") == (k == of)


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [(0.484, 0.811, "48 to 81 %"), (-0.0008, 1.001, "0 to 100 %"), (None, None, ""), (0.5, 0.5, "")],
)
def test_an_interval_stays_between_nothing_and_everything(low: float | None, high: float | None, shown: str) -> None:
    assert plain(words.interval_percent(low, high)) == shown


@pytest.mark.parametrize(
    ("value", "low", "high", "told"),
    [
        (0.1, 0.05, 0.15, "60 % better than always saying 50 %"),
        (0.5, 0.3, 0.7, "100 % worse than always saying 50 %"),
        (0.2, 0.1, 0.3, "not to be told apart from always saying 50 %"),
        (0.25, 0.25, 0.25, "not to be told apart from always saying 50 %"),
    ],
)
def test_better_or_worse_is_said_only_where_the_interval_allows(
    value: float, low: float, high: float, told: str
) -> None:
    assert plain(words.against_even(value, low, high)) == told


def test_without_its_interval_a_score_is_not_compared() -> None:
    assert words.against_even(0.1, None, None) == ""


def test_bounds_are_told_only_where_something_is_unsettled() -> None:
    assert words.void_bounds(None, None) == ""
    assert words.overdue_bounds(0.21, 0.354) == (
        "Had every overdue prediction turned out no, it would be 0.210; had every one turned out yes, 0.354."
    )


@pytest.mark.parametrize("word", list(Verdict))
def test_every_verdict_is_explained(word: Verdict) -> None:
    assert words.VERDICTS[word] or word == Verdict.TOO_EARLY


@pytest.mark.parametrize(
    ("rule", "proposer", "approver", "told"),
    [
        ("", 1, 2, "Proposed by an editor, approved by a second editor."),
        ("", 1, 1, "Proposed and approved by one editor."),
        ("rule:silence_after_deadline", None, 2, "Proposed by a rule (silence after deadline), approved by an editor."),
        ("rule:data", None, None, "Accepted by a rule (data)."),
        ("import", None, None, "It came with an imported track record."),
    ],
)
def test_who_decided_is_told_by_role(rule: str, proposer: int | None, approver: int | None, told: str) -> None:
    assert words.settled_by(rule, proposer, approver) == told


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (-0.02, 0.01, "they cannot be told apart."),
        (-0.03, -0.01, "Sharp was closer."),
        (0.01, 0.03, "Dull was closer."),
        (0.0, 0.03, "they cannot be told apart."),
        (None, None, "there are too few independent predictions for an interval to tell them apart by."),
    ],
)
def test_who_was_closer_is_said_only_where_the_interval_allows(low: float, high: float, told: str) -> None:
    sentence = pairs.compared_sentence("Sharp", "Dull", 30, (0.1, 0.12), low, high, 30)
    assert sentence.startswith("On 30 predictions that both made, Sharp scored 0.100 and Dull 0.120")
    assert sentence.endswith(told)


def test_of_few_separate_predictions_nobody_is_called_closer() -> None:
    sentence = pairs.compared_sentence("Sharp", "Dull", 40, (0.1, 0.12), -0.03, -0.01, 29)
    assert sentence.endswith("too early to say who is closer, which takes 30 separate ones; these are 29.")


@pytest.mark.parametrize(
    ("overdue", "told"),
    [
        (2, "Sharp was closer."),  # of 40, 5 %
        (3, "too early to say who is closer; 3 of 40 past their deadline wait for us."),
    ],
)
def test_while_many_wait_for_us_nobody_is_called_closer(overdue: int, told: str) -> None:
    sentence = pairs.compared_sentence("Sharp", "Dull", 37, (0.1, 0.12), -0.03, -0.01, 37, (overdue, 40))
    assert sentence.endswith(told)


@pytest.mark.parametrize(
    ("n", "told"),
    [
        (0, "Sharp and Dull have no settled prediction in common here."),
        (1, "Sharp and Dull have 1 settled prediction in common here, too few to compare: it takes 10."),
        (9, "Sharp and Dull have 9 settled predictions in common here, too few to compare: it takes 10."),
    ],
)
def test_too_few_in_common_are_counted(n: int, told: str) -> None:
    assert pairs.few_in_common("Sharp", "Dull", n) == told


@pytest.mark.parametrize(
    ("a", "b", "told"),
    [
        (
            [0.0, 0.1, 0.0],
            [0.0, 0.2, 0.1],
            "On these predictions, sharp did better than dull",
        ),
        (
            [0.0, 0.2, 0.1],
            [0.0, 0.1, 0.1],
            "On these predictions, dull did better than sharp",
        ),
        ([0.1, 0.2], [0.2, 0.1], "Whether sharp or dull did better on these predictions depends on the score."),
        ([0.1, 0.2], [0.1, 0.2], "Sharp and dull cost the same at every threshold."),
    ],
)
def test_a_murphy_diagram_in_words(a: list[float], b: list[float], told: str) -> None:
    assert pairs.murphy_sentence("sharp", "dull", a, b, [(0.0, 0.0), (-0.3, -0.1), (-0.1, 0.1)]).startswith(told)


def test_a_murphy_diagram_claims_nothing_that_its_band_does_not() -> None:
    curves = ([0.0, 0.1], [0.0, 0.2])
    unsure = pairs.murphy_sentence("sharp", "dull", *curves, [(0.0, 0.0), (-0.3, 0.1)])
    sure = pairs.murphy_sentence("sharp", "dull", *curves, [(0.0, 0.0), (-0.3, -0.1)])
    assert unsure.endswith("under every proper score, by no more than chance would bring.")
    assert sure.endswith("under every proper score.")


SO_FAR = "fter {} the evidence against calibration is {}."


@pytest.mark.parametrize(
    ("alarm", "log10", "n", "told"),
    [
        (None, 0.0, 1, "It never reached 20: a" + SO_FAR.format("1 separate prediction", "1")),
        (None, -1.0, 9, "It never reached 20: a" + SO_FAR.format("9 separate predictions", "1/10")),
        (None, 0.5, 40, "It never reached 20: a" + SO_FAR.format("40 separate predictions", "3.2")),
        (
            "2026-03",
            9.0,
            40,
            "It reached 20 in 2026-03: of 20 records that are calibrated, at most one ever does. A"
            + SO_FAR.format("40 separate predictions", "over 1,000,000"),
        ),
    ],
)
def test_the_monitor_in_words(alarm: str | None, log10: float, n: int, told: str) -> None:
    assert words.monitor_sentence(alarm, log10, 20, n) == told


@given(st.floats(-1, 1))
def test_no_difference_has_no_sign_and_every_other_has_one(value: float) -> None:
    for shown in (words.signed_percent(value), words.signed_score(value)):
        is_nothing = not float(plain(shown).strip("+−% "))
        assert (shown[0] in "+−") != is_nothing
        assert is_nothing or (shown[0] == "+") == (value > 0)
