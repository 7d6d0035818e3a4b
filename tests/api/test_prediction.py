"""/api/v1/predictions/SLUG"""

import datetime as dt
from collections.abc import Callable

from django.http import HttpResponse

from forecasts.models import Score
from tests.api.conftest import Get
from tests.api.world import checked, draft_with_article, watched
from tests.story import DAY, DEADLINE, START, Story


def test_it_works(get: Get, story: Story) -> None:
    prediction = story.settled(0.7, "yes", topics=[story.topic("rivers")])
    story.scores()
    body = get(f"predictions/{prediction.slug}")
    assert body["statement"] == prediction.statement
    assert body["criteria"] == prediction.criteria
    assert body["topics"] == [{"slug": "rivers", "name": "Rivers"}]
    assert [version["number"] for version in body["versions"]] == [1]
    assert [(row["forecaster"]["slug"], row["tick"]) for row in body["latest_forecasts"]] == [("policy-desk", 7000)]
    assert body["evidence"][0]["quote"] in f"The gazette of 01 July 2026 speaks of {prediction.slug}."
    assert body["resolution"]["outcome"] == "yes"
    assert body["resolution"]["clauses"][0]["title"] == "Gazette"
    assert body["entries"][0]["kind"] == "prediction.logged"


def test_its_scores_are_those_of_the_database(get: Get, story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    story.scores()
    first = next(row for row in get(f"predictions/{prediction.slug}")["scores"] if row["counting"] == "first")
    stored = Score.objects.get(prediction=prediction, forecaster=story.desk, counting="first", track="live")
    assert first["brier"] == stored.brier == (0.3 * 10_000) ** 2 / 1e8
    assert first["log"] == stored.log


def test_a_correction_comes_first_and_the_history_stays(get: Get, story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    story.resolves(prediction, "no", known_at=DEADLINE + DAY, at=DEADLINE + 2 * DAY)
    body = get(f"predictions/{prediction.slug}")
    assert [(row["outcome"], row["is_correction"]) for row in body["resolutions"]] == [("no", True), ("yes", False)]
    assert body["resolution"] == body["resolutions"][0]


def test_people_are_not_named(get: Get, story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    body = get(f"predictions/{prediction.slug}")
    assert body["resolution"]["proposed_by"] == "editor"
    assert "approver" not in str(body)


def test_a_draft_answers_like_a_slug_that_was_never_given(get: Get, story: Story) -> None:
    draft = draft_with_article(story, "Zubrowka")
    assert get(f"predictions/{draft.slug}", status=404) == get("predictions/never-given", status=404)


def test_it_takes_no_parameters(get: Get, story: Story) -> None:
    assert get(f"predictions/{story.opened().slug}", status=400, draft=1)["problems"][0]["field"] == "draft"


def test_a_check_that_found_nothing_new_makes_another_etag(ask: Callable[..., HttpResponse], story: Story) -> None:
    """It leaves no entry in the ledger, but readers see when a source was last checked."""
    prediction = story.opened()
    source = watched(story, prediction)
    before = ask(f"predictions/{prediction.slug}")
    assert before.json()["sources"][0]["state"] == "not checked yet"
    checked(source, START + DAY)
    after = ask(f"predictions/{prediction.slug}")
    assert after.json()["sources"][0]["last_good_check_at"] == "2026-01-02T12:00:00Z"
    assert before["ETag"] != after["ETag"]


def test_the_number_of_queries_does_not_grow_with_what_happened(
    get: Get, story: Story, count_queries: Callable[..., int]
) -> None:
    prediction = story.settled(0.7, "yes")
    story.scores()
    few = count_queries(f"predictions/{prediction.slug}")
    other = story.opened()
    for number in range(5):
        story.says(other, 0.5, forecaster=story.forecaster(f"model-{number}"), at=START + dt.timedelta(days=number))
        story.sees(other, at=START + dt.timedelta(days=number))
    story.passes(other)
    story.resolves(other, "yes", known_at=DEADLINE + DAY)
    story.resolves(other, "no", known_at=DEADLINE + DAY, at=DEADLINE + 2 * DAY)
    story.scores()
    assert count_queries(f"predictions/{other.slug}") == few
    assert few <= 16
