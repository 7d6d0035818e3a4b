"""Amending: free before the first forecast, with a public reason after it, and some things never."""

import datetime as dt
from typing import Any

import pytest

from forecasts.actions import record_article
from forecasts.errors import NotReady
from forecasts.jobs.recompute import compare
from forecasts.models import Article, CalibrationCell, CriteriaVersion, EntryKind, LedgerEntry, Scope
from tests.refusals import refused
from tests.story import DAY, DEADLINE, START, Story


def test_it_works(story: Story) -> None:
    prediction = story.opened()
    row = story.amends(prediction, {"criteria": "Yes if the gazette says so."}, at=START + DAY)
    assert row.criteria == "Yes if the gazette says so."
    version = CriteriaVersion.objects.get(number=2)
    assert version.old == {"criteria": prediction.criteria}
    assert version.new == {"criteria": "Yes if the gazette says so."}
    assert (version.after_first_forecast, version.at, version.by) == (False, START + DAY, story.editor)
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject) == (EntryKind.PREDICTION_AMENDED, f"prediction:{row.pk}")


def test_versions_are_numbered_without_gaps(story: Story) -> None:
    prediction = story.opened()
    for text in ("one", "two", "three"):
        story.amends(prediction, {"fine_print": text})
    assert list(prediction.versions.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_what_does_not_change_makes_no_version(story: Story) -> None:
    prediction = story.opened()
    story.amends(prediction, {"criteria": prediction.criteria, "group": None})
    assert CriteriaVersion.objects.count() == 1


def test_after_the_first_forecast_a_reason_is_needed(story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.7)
    with refused("reason", "''", "say why it changes"):
        story.amends(prediction, {"criteria": "Yes."})
    story.amends(prediction, {"criteria": "Yes."}, reason=" the gazette was renamed ")
    version = CriteriaVersion.objects.get(number=2)
    assert (version.after_first_forecast, version.reason) == (True, "the gazette was renamed")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("resolves_by", DEADLINE + DAY),
        ("resolves_by", DEADLINE - DAY),
        ("opens_at", START - DAY),
        ("kind", "numeric"),
        ("options", ["a", "b"]),
        ("cannot_resolve_early", True),
    ],
)
def test_after_the_first_forecast_some_things_never_change(story: Story, field: str, value: object) -> None:
    prediction = story.opened()
    story.says(prediction, 0.7)
    with refused(field, repr(value), "void it as superseded and open a successor"):
        story.amends(prediction, {field: value}, reason="we think so")


def test_before_the_first_forecast_the_deadline_moves_and_the_latest_is_kept(story: Story) -> None:
    prediction = story.opened()
    later = story.amends(prediction, {"resolves_by": DEADLINE + 9 * DAY})
    sooner = story.amends(prediction, {"resolves_by": DEADLINE + DAY})
    assert (later.latest_deadline, sooner.latest_deadline) == (DEADLINE + 9 * DAY, DEADLINE + 9 * DAY)
    assert sooner.original_resolves_by == DEADLINE


def test_a_deadline_that_has_passed_stays_where_it_is(story: Story) -> None:
    prediction = story.opened()
    story.passes(prediction)
    with refused("resolves_by", "2026", "the deadline has passed", NotReady):
        story.amends(prediction, {"resolves_by": DEADLINE + 99 * DAY}, at=DEADLINE + 2 * DAY)


@pytest.mark.parametrize("field", ["opens_at", "closes_at", "resolves_by"])
def test_an_open_prediction_keeps_its_dates(story: Story, field: str) -> None:
    prediction = story.opened()
    with refused(field, None, "keeps its dates"):
        story.amends(prediction, {field: None})


@pytest.mark.parametrize(
    ("changes", "field", "accepted"),
    [
        ({"closes_at": DEADLINE + DAY}, "closes_at", "at the deadline"),
        ({"closes_at": START}, "closes_at", "after the opening"),
        ({"resolves_by": START}, "resolves_by", "after the opening"),
        ({"statement": " "}, "statement", "say what will happen"),
        ({"kind": "oracle"}, "kind", "give one of binary"),
    ],
)
def test_what_cannot_be_is_refused(story: Story, changes: dict[str, Any], field: str, accepted: str) -> None:
    value = changes[field]
    prediction = story.opened()
    with refused(field, value.isoformat() if isinstance(value, dt.datetime) else repr(value), accepted):
        story.amends(prediction, changes)


@pytest.mark.parametrize("field", ["status", "slug", "due_at", "current_resolution", "clock_opens_at", "quote_start"])
def test_only_some_fields_can_be_amended(story: Story, field: str) -> None:
    prediction = story.opened()
    with refused(field, "open", "only these fields can be amended: statement, kind"):
        story.amends(prediction, {field: "open"})


@pytest.mark.parametrize("field", ["quote", "rationale"])
def test_what_was_said_is_fixed_at_opening(story: Story, field: str) -> None:
    prediction = story.opened()
    with refused(field, "another", "it was fixed when the prediction opened"):
        story.amends(prediction, {field: "another"})


def test_a_draft_gets_a_new_quote_only_from_its_article(story: Story) -> None:
    text = "It will rain. It will snow."
    article = record_article(article=Article(publisher="Wire", title="Weather", text=text), at=START, by=story.editor)
    draft = story.draft(article=article, quote="It will rain.")
    with refused("quote", "It will hail.", "word for word"):
        story.amends(draft, {"quote": "It will hail."})
    row = story.amends(draft, {"quote": "It will snow."})
    assert text[row.quote_start : row.quote_end] == "It will snow."


def test_a_settled_prediction_keeps_its_criteria_but_not_its_topics(story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    with refused("status", "resolved", "keeps its criteria", NotReady):
        story.amends(prediction, {"criteria": "No."}, reason="hindsight", at=DEADLINE + 9 * DAY)
    row = story.amends(prediction, {}, topics=[story.topic("ai-policy")], at=DEADLINE + 9 * DAY)
    assert [topic.slug for topic in row.topics.all()] == ["ai-policy"]


def test_a_change_of_topic_moves_the_cells_of_the_topics(story: Story) -> None:
    old, new = story.topic("old"), story.topic("new")
    prediction = story.settled(0.7, "yes", topics=[old])
    story.scores()
    before = cells(old.pk)
    assert before
    assert not cells(new.pk)
    story.amends(prediction, {}, topics=[new], at=DEADLINE + 9 * DAY)
    story.scores()
    assert cells(new.pk) == before
    assert not cells(old.pk)
    assert compare().differences == []


def cells(topic: int) -> list[tuple[object, ...]]:
    rows = CalibrationCell.objects.filter(scope=Scope.TOPIC, scope_id=topic)
    fields = ("counting", "cohort", "track", "basis", "month", "tick", "n", "weight", "weight_yes")
    return list(rows.order_by(*fields).values_list(*fields))
