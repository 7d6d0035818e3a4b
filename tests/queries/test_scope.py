"""What may be asked, in one spelling."""

import pytest

from forecasts.errors import Refused
from forecasts.queries.scope import CalibrationQuery, parse_query, query_of_key
from tests.story import Story


def test_it_works(story: Story) -> None:
    story.says(story.opened(), 0.4)
    query = parse_query({"forecaster": "policy-desk", "track": "imported", "counting": "lead:7", "basis": "implied"})
    assert query.scope == ("forecaster", story.desk.pk)
    assert query.parameters == {
        "forecaster": "policy-desk",
        "kind": "binary",
        "track": "imported",
        "cohort": "due",
        "counting": "lead:7",
        "basis": "implied",
    }
    assert parse_query({}) == parse_query({"forecaster": "", "topic": ""}) == CalibrationQuery()
    assert query_of_key(query.key).key == query.key


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("forecaster", "nobody", "give a slug, as /api/v1/forecasters lists them"),
        ("topic", "nothing", "give a slug, as /api/v1/topics lists them"),
        ("track", "dead", "give one of live, backfilled, imported, all"),
        ("cohort", "early", "give one of due, all"),
        ("counting", "lead:2", "give one of first, lead:1, lead:7"),
        ("counting", "", "give one of first"),
        ("basis", "all", "give one of explicit, stated, implied"),
        ("article", "nothing", "give a slug, as predictions name it"),
        ("kind", "trinary", "give one of binary, multiple_choice"),
        ("lead", "30", "give one of under_1d, 1_7d"),
        ("from", "2026-13", "give a month such as 2026-03"),
        ("from", "0000-01", "give a month such as 2026-03"),
        ("to", "2026-1", "give a month such as 2026-03"),
        ("limit", "5", "the parameters are forecaster, topic, article, kind, track"),
    ],
)
def test_anything_else_is_refused(story: Story, name: str, value: str, accepted: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_query({name: value})
    (problem,) = caught.value.problems
    assert (problem.field, problem.value) == (name, value)
    assert accepted in problem.accepted


def test_filters_cross_and_months_are_spelled_as_they_are_asked(story: Story) -> None:
    story.topic("chips")
    story.says(story.opened(), 0.4)
    asked = {"forecaster": "policy-desk", "topic": "chips", "lead": "7_30d", "from": "2026-01", "to": "2026-06"}
    query = parse_query(asked)
    assert {name: query.parameters[name] for name in asked} == asked
    assert not query.is_rolled_up
    assert not query.is_kept


def test_a_period_that_ends_before_it_begins_is_refused(story: Story) -> None:
    with pytest.raises(Refused, match="to: '2026-01' is not accepted; give a month not before 2026-02"):
        parse_query({"from": "2026-02", "to": "2026-01"})
