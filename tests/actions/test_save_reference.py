"""Saving forecasters, topics and groups."""

import pytest

from forecasts.actions import save_reference
from forecasts.models import EntryKind, Forecaster, ForecasterKind, LedgerEntry, PredictionGroup, Topic
from tests.refusals import refused
from tests.story import DAY, START, Story


def test_it_works(story: Story) -> None:
    rows = [
        (Forecaster(slug="ann", name="Ann", kind=ForecasterKind.PERSON), EntryKind.FORECASTER_SAVED, "forecaster"),
        (Topic(slug="chips", name="Chips"), EntryKind.TOPIC_SAVED, "topic"),
        (PredictionGroup(slug="rules", title="Rules"), EntryKind.GROUP_SAVED, "predictiongroup"),
    ]
    for row, kind, subject in rows:
        saved = save_reference(row=row, at=START, by=story.editor)
        entry = LedgerEntry.objects.latest("seq")
        assert (entry.kind, entry.subject) == (kind, f"{subject}:{saved.pk}")


def test_saving_again_changes_the_row(story: Story) -> None:
    topic = story.topic("chips")
    topic.description = "Semiconductors"
    save_reference(row=topic, at=START + DAY, by=story.editor)
    assert Topic.objects.get().description == "Semiconductors"


def test_a_reply_is_dated_when_it_first_comes_and_undated_when_it_goes(story: Story) -> None:
    story.desk.reply = "We stand by it."
    assert save_reference(row=story.desk, at=START + DAY, by=story.editor).reply_at == START + DAY
    assert save_reference(row=story.desk, at=START + 2 * DAY, by=story.editor).reply_at == START + DAY
    story.desk.reply = "We stand by most of it."
    assert save_reference(row=story.desk, at=START + 3 * DAY, by=story.editor).reply_at == START + 3 * DAY
    story.desk.reply = ""
    assert save_reference(row=story.desk, at=START + 2 * DAY, by=story.editor).reply_at is None


@pytest.mark.parametrize(
    ("row", "field", "value", "accepted"),
    [
        (Topic(slug="chips", name=" "), "name", "' '", "give it a name"),
        (PredictionGroup(slug="rules", title=""), "title", "''", "give it a name"),
        (Topic(slug="a slug", name="Chips"), "slug", "a slug", "letters, numbers, underscores or hyphens"),
        (Topic(slug="", name="Chips"), "slug", "''", "cannot be blank"),
        (Topic(slug="taken", name="Chips"), "slug", "taken", "already exists"),
        (Topic(slug="x" * 81, name="Chips"), "slug", "x" * 70, "at most 80 characters"),
        (Forecaster(slug="ann", name="Ann", kind="oracle"), "kind", "oracle", "give one of person, desk, publication"),
        (Forecaster(slug="ann", name="Ann", kind="crowd"), "kind", "crowd", "crowds and baselines are computed"),
        (Forecaster(slug="ann", name="Ann", kind="desk", url="ann"), "url", "ann", "valid URL"),
        (PredictionGroup(slug="g", title="G", kind="pile"), "kind", "pile", "give one of family, ladder"),
    ],
)
def test_what_the_database_would_refuse_is_refused_in_words(
    story: Story, row: Topic | Forecaster | PredictionGroup, field: str, value: str, accepted: str
) -> None:
    story.topic("taken")
    with refused(field, value, accepted):
        save_reference(row=row, at=START, by=story.editor)  # type: ignore[type-var]


def test_none_of_our_own_becomes_somebody_and_nobody_becomes_one(story: Story) -> None:
    even = Forecaster.objects.get(slug="always-50")
    even.kind = ForecasterKind.PERSON
    with refused("kind", "person", "crowds and baselines are computed"):
        save_reference(row=even, at=START, by=story.editor)
    story.desk.kind = ForecasterKind.BASELINE
    with refused("kind", "baseline", "crowds and baselines are computed"):
        save_reference(row=story.desk, at=START, by=story.editor)
