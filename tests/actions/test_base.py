"""What makes an action: keyword-only, atomic, never inside another."""

import pytest

from forecasts.actions import action, running_action, save_reference
from forecasts.models import LedgerEntry, Topic
from tests.refusals import everything
from tests.story import START, Story


def test_it_works(story: Story) -> None:
    @action
    def name(*, given: str) -> str:
        return f"{given} in {running_action()}"

    assert name(given="x") == "x in name"
    assert running_action() == ""


def test_an_action_that_fails_half_way_leaves_nothing(story: Story) -> None:
    @action
    def half(*, slug: str) -> None:
        Topic.objects.create(slug=slug, name=slug)
        raise ValueError("half way")

    before = everything()
    with pytest.raises(ValueError, match="half way"):
        half(slug="half")
    assert everything() == before
    assert running_action() == ""


def test_an_action_never_calls_an_action(story: Story) -> None:
    @action
    def outer(*, topic: Topic) -> None:
        save_reference(row=topic, at=START, by=story.editor)

    with pytest.raises(RuntimeError, match="the action outer called the action save_reference"):
        outer(topic=Topic(slug="x", name="X"))
    assert not Topic.objects.exists()
    assert LedgerEntry.objects.count() == 1  # the desk
