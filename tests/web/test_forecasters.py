from typing import Any

import pytest
from django.test import Client

from tests.story import Story
from tests.web.reading import in_order, read

pytestmark = pytest.mark.django_db


def test_it_works(client: Client, story: Story) -> None:
    story.settled(0.7, "yes")
    story.says(story.opened(), 0.4, forecaster=story.forecaster("model-one"))
    story.scores()
    page = read(client, "/forecasters/")
    assert in_order(page.text, "Policy desk", "1 settled", "Desk", "Model One", "0 settled", "AI model")


def test_whoever_has_said_nothing_is_not_listed(client: Client, story: Story) -> None:
    assert "Nobody has issued a forecast yet." in read(client, "/forecasters/").text


def test_the_number_of_queries_does_not_grow(client: Client, story: Story, django_assert_max_num_queries: Any) -> None:
    prediction = story.opened()
    for n in range(12):
        story.says(prediction, 0.5, forecaster=story.forecaster(f"model-{n}"))
    with django_assert_max_num_queries(14):
        client.get("/forecasters/")


def test_it_answers_304(client: Client, db: None) -> None:
    tag = client.get("/forecasters/")["ETag"]
    assert client.get("/forecasters/", headers={"If-None-Match": tag}).status_code == 304
