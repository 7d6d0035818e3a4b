"""The guard that the other tests rely on: what is written outside an action fails the test."""

import pytest
from django.db import transaction

from forecasts.models import Topic
from tests.story import Story


def test_it_works(story: Story) -> None:
    with pytest.raises(AssertionError, match="forecasts_topic was written outside an action: INSERT"):
        Topic.objects.create(slug="x", name="X")


def test_updates_and_deletes_are_seen_too(story: Story) -> None:
    topic = story.topic("chips")
    with pytest.raises(AssertionError, match="UPDATE"), transaction.atomic():
        Topic.objects.update(name="x")
    with pytest.raises(AssertionError, match="DELETE"), transaction.atomic():
        Topic.objects.filter(pk=topic.pk)._raw_delete("default")
    assert Topic.objects.get().name == "Chips"


def test_reading_is_free(story: Story) -> None:
    assert Topic.objects.count() == 0
