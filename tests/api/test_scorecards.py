"""/api/v1/scorecards/KIND/SLUG"""

import datetime as dt
from collections.abc import Callable

from forecasts.models import Forecaster
from forecasts.queries.scorecard import scorecard
from tests.api.conftest import Get
from tests.api.world import article_of, draft_with_article, settle
from tests.story import DAY, DEADLINE, Story

PATH = "scorecards/forecaster/policy-desk"


def test_it_works(get: Get, story: Story) -> None:
    settle(story, 10)
    body = get(PATH)
    assert body["forecaster"] == {"slug": "policy-desk", "name": "Policy desk"}
    assert body["heading"] == ""
    assert body["headline"] == get("calibration", forecaster="policy-desk")
    assert body["url"] == "/forecasters/policy-desk/"


def test_its_lists_are_those_of_the_page(get: Get, story: Story) -> None:
    settle(story, 11)
    story.says(story.opened(), 0.4)
    body = get(PATH)
    found = scorecard(Forecaster.objects.get(slug="policy-desk"), dt.datetime.now(dt.UTC))
    assert [(row["slug"], row["brier"]) for row in body["surprises"]] == [
        (row.slug, row.brier) for row in found.surprises
    ]
    assert len(body["surprises"]) == 3
    for name in ("early", "due", "overdue", "predictions", "corrections"):
        assert [row["slug"] for row in body[name]] == [row.slug for row in getattr(found, name)]


def test_other_tables_are_named_and_linked(get: Get, story: Story) -> None:
    settle(story, 2)
    story.settled(0.8, "yes")
    wording = story.opened()
    story.says(wording, 0.8, basis="implied", wording="is likely to", wording_table="1")
    story.passes(wording)
    story.resolves(wording, "yes", known_at=wording.resolves_by + dt.timedelta(days=1))
    story.scores()
    body = get(PATH)
    [other] = body["others"]
    assert (other["heading"], other["n_predictions"]) == ("probabilities implied by the wording", 1)
    chosen = get(PATH, basis="implied")
    assert chosen["headline"]["n_predictions"] == 1
    assert chosen["headline"]["url"] == other["url"]


def test_an_unknown_slug_is_not_found(get: Get) -> None:
    assert get("scorecards/forecaster/never-given", status=404)["code"] == "not_found"


def test_last_is_refused_as_for_calibration(get: Get, story: Story) -> None:
    settle(story, 1)
    assert get(PATH, status=400, counting="last")["code"] == "counting_not_valid"


def test_the_forecaster_is_given_by_the_path_only(get: Get, story: Story) -> None:
    settle(story, 1)
    assert get(PATH, status=400, forecaster="somebody")["problems"][0]["field"] == "forecaster"


def test_the_number_of_queries_does_not_grow_with_the_predictions(
    get: Get, story: Story, count_queries: Callable[..., int]
) -> None:
    settle(story, 10)
    few = count_queries(PATH)
    settle(story, 4)
    assert count_queries(PATH) == few <= 20


def test_a_topic_has_one(get: Get, story: Story) -> None:
    topic = story.topic("gazette")
    settle(story, 10, topics=[topic])
    story.settled(0.2, "yes")
    story.scores()
    body = get("scorecards/topic/gazette")
    assert body["topic"] == {"slug": "gazette", "name": "Gazette"}
    assert body["headline"] == get("calibration", topic="gazette")
    assert body["headline"]["n_predictions"] == 10
    assert body["history"] == get("calibration/history", topic="gazette")
    assert [row["forecaster"] for row in body["surprises"]] == ["Policy desk"] * 2
    assert body["url"] == "/topics/gazette/"
    assert get("scorecards/topic/never-given", status=404)["code"] == "not_found"


def test_an_article_has_one(get: Get, story: Story) -> None:
    article = article_of(story, "Watermarks", "A rule will come by June.")
    waiting = story.opened(article=article)  # nobody has forecast it
    said = story.settled(0.8, "no", article=article)
    story.settled(0.2, "yes")
    story.scores()
    body = get(f"scorecards/article/{article.slug}")
    assert body["article"]["title"] == "Watermarks"
    assert body["headline"] == get("calibration", article=article.slug)
    assert body["headline"]["denominators"]["made"] == 1
    assert {row["slug"] for row in body["predictions"]} == {said.slug, waiting.slug}
    assert [row["slug"] for row in body["surprises"]] == [said.slug]
    assert body["history"] is None
    assert body["url"] == f"/articles/{article.slug}/"


def test_a_draft_makes_no_article_public(get: Get, story: Story) -> None:
    article = draft_with_article(story, "Zubrowka").article
    assert article is not None
    get(f"scorecards/article/{article.slug}", status=404)


def test_of_one_prediction_that_many_missed_the_worst_is_told(get: Get, story: Story) -> None:
    topic = story.topic("gazette")
    missed = story.opened(topics=[topic])
    story.says(missed, 0.8)
    story.says(missed, 0.95, forecaster=story.forecaster("bold"))
    story.passes(missed)
    story.resolves(missed, "no", known_at=DEADLINE + DAY)
    story.scores()
    for cohort in ("due", "all"):  # as it was stored, and looked for
        surprises = get("scorecards/topic/gazette", cohort=cohort)["surprises"]
        assert [(row["forecaster"], row["tick"]) for row in surprises] == [("Bold", 9500)]
