"""What every action has in common."""

import datetime as dt

import pytest
from django.db import IntegrityError

from forecasts.actions import Seen, action, add_finding, record_article
from forecasts.errors import Conflict
from forecasts.models import Article, Check, Topic
from tests.refusals import refused
from tests.story import START, Story


@action
def save_blindly(*, slug: str) -> Topic:
    return Topic.objects.create(slug=slug, name=slug)


@action
def break_a_constraint(*, at: dt.datetime) -> Check:
    return Check.objects.create(source_id=0, due_at=at, started_at=at, ended_at=at, status="nonsense")


def test_a_twin_saved_at_the_same_moment_is_a_conflict_in_words(db: None) -> None:
    save_blindly(slug="ai")
    with pytest.raises(Conflict, match="somebody saved the same meanwhile; look and try again"):
        save_blindly(slug="ai")
    assert Topic.objects.count() == 1


def test_any_other_constraint_that_breaks_is_our_mistake_and_stays_an_error(db: None) -> None:
    with pytest.raises(IntegrityError):
        break_a_constraint(at=START)


def test_addresses_that_are_no_links_are_refused(story: Story) -> None:
    bad = "javascript:alert(1)"
    row = story.opened()
    with refused("url", bad, "give an http or https address"):
        record_article(article=Article(title="A", publisher="B", text="C", url=bad), at=START, by=story.editor)
    seen = Seen(title="A", url=bad, text="It happened.", quote="It happened.", stance="related")
    with refused("url", bad, "give an http or https address"):
        add_finding(prediction=row, seen=seen, at=START, by=story.editor)
