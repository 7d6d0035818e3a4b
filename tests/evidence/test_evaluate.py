"""The figures of matching, beside scikit-learn and by hand."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, label_ranking_average_precision_score

from forecasts.evidence.evaluate import Placed, average_precision, evaluate
from forecasts.evidence.labelled import LabelledItem, read_labelled
from forecasts.evidence.ranking import Features, Ranked
from forecasts.evidence.subjects import Report
from tests.evidence.test_labelled import ITEM, ROW

NOTHING = Features(0, 0, 0, other_place=False, other_time=False, lead_missing=False, shared_words=0)


@given(st.lists(st.tuples(st.integers(0, 20).map(float), st.booleans()), min_size=1, max_size=60))
def test_average_precision_is_scikit_learns(pairs: list[tuple[float, bool]]) -> None:
    if any(relevant for _, relevant in pairs):
        theirs = average_precision_score([relevant for _, relevant in pairs], [score for score, _ in pairs])
        assert average_precision(pairs) == pytest.approx(theirs)
    else:
        assert average_precision(pairs) == 0


@given(st.permutations(range(8)), st.integers(0, 7))
def test_reciprocal_ranks_are_scikit_learns(scores: list[int], own: int) -> None:
    """With one relevant label the ranking's average precision is the reciprocal rank."""
    ranked = sorted(
        (Ranked(str(who), score / 10, NOTHING, (), date.max, 1) for who, score in enumerate(scores)), key=_falling
    )
    item = LabelledItem("i", Report("", "", date(2027, 1, 1)), "resolves_yes")
    truth = np.eye(8)[own : own + 1]
    theirs = label_ranking_average_precision_score(truth, [scores])
    assert Placed(str(own), item, tuple(ranked)).reciprocal_rank == pytest.approx(theirs)


def _falling(one: Ranked) -> float:
    return -one.score


def test_relevant_pairs_that_were_never_ranked_count_nothing() -> None:
    assert average_precision([(0.9, True), (0.5, False), (0.4, True)], missed=1) == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert average_precision([], missed=2) == 0


def test_an_item_that_was_not_ranked_counts_nothing() -> None:
    item = LabelledItem("i", Report("", ""), "resolves_yes")
    placed = Placed("a", item, ())
    assert (placed.reciprocal_rank, placed.own_score, placed.alerts) == (0.0, 0.0, ())


def test_every_figure_has_its_n_and_an_interval_around_it() -> None:
    items = [
        ITEM | {"title": "It rains in Oslo"},
        ITEM | {"id": "2", "title": "Snow", "text": "", "label": "unrelated"},
    ]
    figures = {one.name: one for one in evaluate(read_labelled([json.dumps(ROW | {"items": items})]))}
    assert figures["MRR"].n == 1
    assert figures["alerts per 1,000 background items at 80 % recall"].value is None
    for one in figures.values():
        if one.value is not None:
            assert one.low is not None
            assert one.high is not None
            assert one.low <= one.value <= one.high


def test_the_command_prints_a_table(tmp_path: Path) -> None:
    file, out = tmp_path / "set.ndjson", StringIO()
    file.write_text(json.dumps(ROW))
    call_command("evaluate_matching", file, stdout=out)
    assert "| MRR | " in out.getvalue()
    assert out.getvalue().startswith("set.ndjson, all; ranker ")


def test_the_command_says_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "set.ndjson"
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("evaluate_matching", file)
    file.write_text(json.dumps(ROW | {"items": 3}))
    with pytest.raises(CommandError, match=r"^line 1: items: 3 is not accepted; give a list"):
        call_command("evaluate_matching", file)
