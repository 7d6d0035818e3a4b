"""What says nearly the same is found, ladders are told apart from it, and their rungs are held against each other."""

import datetime as dt
from typing import Any

import pytest

from forecasts.actions import amend_prediction, save_reference
from forecasts.models import PredictionGroup
from forecasts.queries.alike import core, incoherent, ladder_warnings, like_prediction, like_statements
from tests.story import START, Story

BY_2026, BY_2027 = (dt.datetime(year, 12, 31, 23, 59, 59, tzinfo=dt.UTC) for year in (2026, 2027))
MANDATE = "China will mandate watermarks on public generative content by 2027."


def kinds(statement: str, resolves_by: dt.datetime | None = BY_2027) -> list[str]:
    return [like.kind for like in like_statements([(statement, resolves_by)])[0]]


def test_it_works(story: Story) -> None:
    row = story.draft(statement=MANDATE, resolves_by=BY_2027)
    ((like,),) = like_statements([("By 2027 China will mandate watermarks on public generative content.", BY_2027)])
    assert (like.prediction, like.kind, like.likeness) == (row, "same", 1.0)
    assert like_prediction(row) == ()


@pytest.mark.parametrize(
    ("statement", "deadline", "kind"),
    [
        ("China will mandate watermarks on public generative content by the end of 2026.", BY_2026, "rung"),
        ("China will mandate watermarks on public generative content before 2027.", BY_2026, "rung"),
        ("China will mandate watermarks on public generative content.", None, "alike"),
        ("China will mandate watermarks on public generative content in 2026.", BY_2026, "alike"),
        ("China will not mandate watermarks on public generative content by 2026.", BY_2026, "alike"),
        ("China will mandate watermarks on generative content and on adverts by 2027.", BY_2027, "alike"),
        ("India will mandate watermarks on public generative content by 2027.", BY_2027, None),
        ("China will sell watermarks abroad by 2027.", BY_2027, None),
    ],
)
def test_the_same_a_rung_alike_or_something_else(
    story: Story, statement: str, deadline: dt.datetime | None, kind: str | None
) -> None:
    story.draft(statement=MANDATE, resolves_by=BY_2027)
    assert kinds(statement, deadline) == ([kind] if kind else [])


def test_void_ones_and_other_kinds_are_not_compared(story: Story) -> None:
    story.number("0", "10", statement=MANDATE, resolves_by=BY_2027)
    assert kinds(MANDATE) == []


def test_the_earlier_deadline_must_not_be_more_probable(story: Story) -> None:
    early = story.opened(statement=MANDATE.replace("2027", "2026"), resolves_by=BY_2026)
    late = story.opened(statement=MANDATE, resolves_by=BY_2027)
    story.says(early, 0.7)
    story.says(late, 0.4)
    story.says(late, 0.9, forecaster=story.forecaster("other"))  # somebody else may think so
    (found,) = ladder_warnings(late, like_prediction(late))
    assert str(found) == (
        "Policy desk gives 70\xa0% by 2026-12-31 and 40\xa0% by 2027-12-31; "
        "the earlier deadline cannot be more probable."
    )
    story.says(late, 0.7, at=START + dt.timedelta(days=1))  # the newest counts; equal is coherent
    assert ladder_warnings(late, like_prediction(late)) == ()


def test_of_what_will_not_happen_it_is_the_other_way_round(story: Story) -> None:
    denied = "China will not mandate watermarks by {}."
    early = story.opened(statement=denied.format(2026), resolves_by=BY_2026)
    late = story.opened(statement=denied.format(2027), resolves_by=BY_2027)
    story.says(early, 0.7)
    story.says(late, 0.4)
    assert core(early.statement).denies
    assert ladder_warnings(early, like_prediction(early)) == ()
    story.says(late, 0.8, at=START + dt.timedelta(days=1))
    (found,) = ladder_warnings(early, like_prediction(early))
    assert "the later deadline cannot be more probable" in str(found)


def test_a_draft_speaks_by_what_it_suggests(story: Story) -> None:
    early = story.draft(
        statement=MANDATE.replace("2027", "2026"),
        resolves_by=BY_2026,
        suggested_forecaster=story.desk,
        suggested_tick=9000,
        suggested_basis="stated",
    )
    late = story.opened(statement=MANDATE, resolves_by=BY_2027)
    story.says(late, 0.4)
    assert len(ladder_warnings(early, like_prediction(early))) == 1


def test_a_ladder_that_an_editor_made_counts_whatever_its_words(story: Story) -> None:
    group = PredictionGroup(slug="ladder", title="Ladder", kind="ladder")
    save_reference(row=group, at=START, by=story.editor)
    early = story.opened(statement="Beijing will order labels by 2026.", resolves_by=BY_2026, group=group)
    late = story.opened(statement=MANDATE, resolves_by=BY_2027, group=group)
    assert [(like.prediction, like.kind) for like in like_prediction(late)] == [(early, "rung")]


def test_any_number_of_predictions_takes_three_queries(story: Story, django_assert_num_queries: Any) -> None:
    for _ in range(5):
        story.draft(statement=MANDATE)
    for count in (4, 3):  # their words are read once
        with django_assert_num_queries(count):
            assert len(like_statements([(MANDATE, BY_2027), ("Rivers will rise.", None)])[0]) == 5
    assert incoherent(()) == ()


def test_what_is_logged_amended_or_void_meanwhile_is_noticed(story: Story) -> None:
    assert kinds(MANDATE) == []
    row = story.draft(statement=MANDATE, resolves_by=BY_2027)
    assert kinds(MANDATE) == ["same"]
    changes = {"statement": "China will sell watermarks abroad by 2027."}
    amend_prediction(prediction=row, changes=changes, topics=row.topics.all(), reason="", at=START, by=story.editor)
    assert kinds(MANDATE) == []
    assert kinds(changes["statement"]) == ["same"]
