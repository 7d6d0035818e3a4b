"""/api/v1/forecasts"""

import datetime as dt
from collections.abc import Callable

from forecasts.actions import withdraw_forecast
from tests.api.conftest import Get
from tests.story import DAY, START, Story


def test_it_works(get: Get, story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.7)
    [row] = get("forecasts")["results"]
    assert (row["prediction"], row["forecaster"]["slug"]) == (prediction.slug, "policy-desk")
    assert (row["tick"], row["probability"], row["withdrawn"]) == (7000, 0.7, False)
    assert row["issued_at"] == "2026-01-01T12:00:00Z"
    assert (row["basis"], row["provenance"]) == ("stated", "live")


def test_every_tick_is_given_at_full_precision(get: Get, story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, "0.1234")
    [row] = get("forecasts")["results"]
    assert row["probability"] == 1234 / 10_000


def test_a_withdrawal_has_no_value(get: Get, story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.7)
    withdraw_forecast(prediction=prediction, forecaster=story.desk, at=START + DAY, by=story.editor)
    latest, first = get("forecasts")["results"]
    assert (latest["tick"], latest["probability"], latest["withdrawn"]) == (None, None, True)
    assert first["tick"] == 7000


def test_it_filters_by_prediction_and_forecaster(get: Get, story: Story) -> None:
    one, other = story.opened(), story.opened()
    model = story.forecaster("model")
    story.says(one, 0.1)
    story.says(one, 0.2, forecaster=model)
    story.says(other, 0.3)
    assert [row["tick"] for row in get("forecasts", prediction=one.slug)["results"]] == [2000, 1000]
    assert [row["tick"] for row in get("forecasts", forecaster="policy-desk")["results"]] == [3000, 1000]
    assert [row["tick"] for row in get("forecasts", prediction=one.slug, forecaster="model")["results"]] == [2000]


def test_a_draft_and_an_unknown_slug_list_alike(get: Get, story: Story) -> None:
    draft = story.draft(suggested_forecaster=story.desk, suggested_tick=7000, suggested_basis="stated")
    nothing = {"results": [], "next": None}
    assert get("forecasts", prediction=draft.slug) == get("forecasts", prediction="never-given") == nothing
    assert get("forecasts") == nothing


def test_a_filter_of_another_route_is_refused(get: Get) -> None:
    assert get("forecasts", status=400, topic="rivers")["problems"][0]["field"] == "topic"


def test_pages_hold_each_forecast_once(get: Get, story: Story, ask: Callable[..., object]) -> None:
    prediction = story.opened()
    for day in range(5):
        story.says(prediction, f"0.{day + 1}", at=START + dt.timedelta(days=day))
    first = get("forecasts", limit=3)
    cursor = first["next"].partition("cursor=")[2]
    rest = get("forecasts", limit=3, cursor=cursor)
    assert [row["tick"] for row in first["results"] + rest["results"]] == [5000, 4000, 3000, 2000, 1000]
    assert rest["next"] is None


def test_the_number_of_queries_does_not_grow_with_the_rows(
    get: Get, story: Story, count_queries: Callable[..., int]
) -> None:
    story.says(story.opened(), 0.4)
    few = count_queries("forecasts")
    for _ in range(5):
        story.says(story.opened(), 0.4)
    assert count_queries("forecasts") == few
    assert few <= 3
