"""/api/v1/resolutions, proposals, findings and scores"""

from collections.abc import Callable

import pytest

from forecasts.actions import review_finding
from tests.api.conftest import Get
from tests.records import proposes
from tests.story import DAY, DEADLINE, START, Story

LATER = DEADLINE + 2 * DAY


def test_it_works(get: Get, story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    story.scores()
    [resolution] = get("resolutions")["results"]
    assert (resolution["prediction"], resolution["outcome"]) == (prediction.slug, "yes")
    assert resolution["clauses"][0]["title"] == "Gazette"
    [proposal] = get("proposals")["results"]
    assert (proposal["status"], proposal["proposed_by"]) == ("accepted", "editor")
    [finding] = get("findings")["results"]
    assert (finding["prediction"], finding["stance"]) == (prediction.slug, "supports_yes")
    [score] = get("scores", counting="first", forecaster="policy-desk", track="live")["results"]
    assert (score["prediction"], score["brier"]) == (prediction.slug, pytest.approx((1 - 0.7) ** 2))


def test_only_public_predictions_are_listed(get: Get, story: Story) -> None:
    draft = story.draft()
    story.sees(draft, at=START + DAY)
    proposes(draft, "duplicate")
    for path in ("resolutions", "proposals", "findings", "scores"):
        assert get(path)["results"] == []
        assert get(path, prediction=draft.slug) == get(path, prediction="never-given")


def test_evidence_that_was_dismissed_is_nowhere(get: Get, story: Story) -> None:
    prediction = story.opened()
    finding = story.sees(prediction, at=START + DAY)
    story.proposes_from(prediction, "yes", [finding], known_at=START + DAY)
    assert len(get("proposals")["results"][0]["clauses"]) == 1
    review_finding(finding=finding, review="dismissed", at=LATER, by=story.editor)
    assert get("findings")["results"] == []
    assert get("proposals")["results"][0]["clauses"] == []


def test_current_leaves_out_what_was_superseded(get: Get, story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    story.corrects(prediction, "no", known_at=DEADLINE + DAY, at=LATER)
    assert [row["outcome"] for row in get("resolutions")["results"]] == ["no", "yes"]
    assert [row["outcome"] for row in get("resolutions", current="true")["results"]] == ["no"]


def test_filters_narrow(get: Get, story: Story) -> None:
    topic = story.topic("rules")
    one, other = story.settled(0.7, "yes", topics=[topic]), story.settled(0.6, "no")
    story.scores()
    for path in ("resolutions", "proposals", "findings", "scores"):
        assert {row["prediction"] for row in get(path)["results"]} == {one.slug, other.slug}
        assert {row["prediction"] for row in get(path, topic="rules")["results"]} == {one.slug}
        assert {row["prediction"] for row in get(path, prediction=other.slug)["results"]} == {other.slug}
    assert get("proposals?status=waiting")["results"] == []
    assert get("findings", stance="supports_no")["results"] == []
    assert get("scores", kind="numeric")["results"] == []


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("resolutions", "current"),
        ("proposals", "status"),
        ("findings", "stance"),
        ("scores", "track"),
        ("scores", "kind"),
        ("scores", "basis"),
        ("scores", "cohort"),
        ("scores", "state"),
    ],
)
def test_a_value_that_is_none_is_refused(get: Get, path: str, parameter: str) -> None:
    assert get(f"{path}?{parameter}=odd", status=400)["problems"][0]["field"] == parameter


@pytest.mark.parametrize("path", ["resolutions", "proposals", "findings", "scores"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    get: Get, story: Story, count_queries: Callable[..., int], path: str
) -> None:
    story.settled(0.7, "yes")
    story.scores()
    few = count_queries(path)
    for _ in range(3):
        story.settled(0.7, "yes")
    story.scores()
    assert count_queries(path) == few
    assert few <= 5


@pytest.mark.parametrize("path", ["resolutions", "proposals", "findings", "scores"])
def test_pages_hold_each_row_once(get: Get, story: Story, path: str) -> None:
    for _ in range(3):
        story.settled(0.7, "yes")
    story.scores()
    ids = [row["id"] for row in get(path, limit=200)["results"]]
    seen, cursor = [], ""
    while True:
        page = get(path, limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [row["id"] for row in page["results"]]
        if not page["next"]:
            break
        cursor = page["next"].rpartition("cursor=")[2]
    assert seen == ids
    assert len(set(ids)) == len(ids)
