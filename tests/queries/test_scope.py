"""What may be asked, in one spelling."""

import pytest

from forecasts.errors import Refused
from forecasts.queries.scope import CalibrationQuery, parse_query, query_of_key
from tests.story import Story


def test_it_works(story: Story) -> None:
    story.says(story.opened(), 0.4)
    query = parse_query({"forecaster": "policy-desk", "track": "imported", "counting": "lead:7", "basis": "implied"})
    assert (query.scope, query.scope_id, query.slug) == ("forecaster", story.desk.pk, "policy-desk")
    assert query.parameters == {
        "forecaster": "policy-desk",
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
        ("forecaster", "nobody", "give the slug of a forecaster"),
        ("topic", "nothing", "give the slug of a topic"),
        ("track", "dead", "give one of live, backfilled, imported, all"),
        ("cohort", "early", "give one of due, all"),
        ("counting", "lead:2", "give one of first, lead:1, lead:7"),
        ("counting", "", "give one of first"),
        ("basis", "all", "give one of explicit, stated, implied"),
        ("limit", "5", "the parameters are forecaster, topic, track, cohort, counting, basis"),
    ],
)
def test_anything_else_is_refused(story: Story, name: str, value: str, accepted: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_query({name: value})
    (problem,) = caught.value.problems
    assert (problem.field, problem.value) == (name, value)
    assert accepted in problem.accepted


def test_a_forecaster_and_a_topic_at_once_are_refused(story: Story) -> None:
    story.topic("chips")
    with pytest.raises(Refused, match=r"topic: 'chips' .* not for both"):
        parse_query({"forecaster": "policy-desk", "topic": "chips"})
