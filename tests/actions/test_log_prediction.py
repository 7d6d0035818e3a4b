"""Logging a draft: what it keeps, and what no later amendment could make sense of."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from forecasts.actions import record_article
from forecasts.ledger.verify import verify
from forecasts.models import Article, CriteriaVersion, EntryKind, LedgerEntry, Prediction
from forecasts.queries.prediction_list import prediction_list
from tests.refusals import refused
from tests.story import DAY, DEADLINE, START, Story

RANGE = {"kind": "numeric", "range_min": 0, "range_max": 10}
DAYS = {"kind": "date", "range_min": 20_000, "range_max": 21_000}


def test_it_works(story: Story) -> None:
    topic = story.topic("ai-policy")
    draft = story.draft(topics=[topic])
    assert (draft.status, draft.closes_at, draft.logged_by) == ("draft", DEADLINE, story.editor)
    assert list(draft.topics.all()) == [topic]
    version = CriteriaVersion.objects.get()
    assert (version.number, version.old, version.new["statement"]) == (1, {}, draft.statement)
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject) == (EntryKind.PREDICTION_LOGGED, f"prediction:{draft.pk}")
    assert verify().rows == 1 + 1


def test_a_draft_is_not_public(story: Story) -> None:
    draft = story.draft()
    assert draft.published_at is None
    assert not Prediction.objects.public().exists()
    assert not prediction_list({}, START).exists()
    assert Client().get(f"/predictions/{draft.slug}/").status_code == 404
    assert Client().get(f"/api/v1/predictions/{draft.slug}").status_code == 404


def test_the_same_statement_twice_gets_two_slugs(story: Story) -> None:
    first, second = story.draft(statement="It will rain."), story.draft(statement="It will rain.")
    assert (first.slug, second.slug) == ("it-will-rain", "it-will-rain-2")


def test_a_statement_without_latin_letters_gets_a_slug_all_the_same(story: Story) -> None:
    assert len(story.draft(statement="明日は雨が降る。").slug) == 12


def test_a_draft_may_be_unfinished(story: Story) -> None:
    draft = story.draft(criteria="", resolution_source="", opens_at=None, resolves_by=None)
    assert (draft.opens_at, draft.closes_at, draft.resolves_by) == (None, None, None)


def test_a_quote_is_found_in_its_article(story: Story) -> None:
    draft = story.draft(article=article(story), quote="It will rain.")
    assert (draft.quote_start, draft.quote_end) == (6, 19)


def test_a_quote_that_is_not_in_its_article_is_refused(story: Story) -> None:
    kept = article(story)
    with refused("quote", "It may rain.", "word for word"):
        story.draft(article=kept, quote="It may rain.")


def article(story: Story) -> Article:
    row = Article(publisher="Wire", title="Weather", text="News: It will rain. Or not.")
    return record_article(article=row, at=START, by=story.editor)


@pytest.mark.parametrize(
    ("given", "field", "accepted"),
    [
        ({"statement": ""}, "statement", "say what will happen"),
        ({"statement": " \n"}, "statement", "say what will happen"),
        ({"kind": "oracle"}, "kind", "give one of binary, multiple_choice, numeric, date"),
        ({"resolves_by": START}, "resolves_by", f"after the opening {START.isoformat()}"),
        ({"resolves_by": START - DAY}, "resolves_by", f"after the opening {START.isoformat()}"),
        ({"closes_at": DEADLINE + DAY}, "closes_at", f"at the deadline {DEADLINE.isoformat()} or before"),
        ({"closes_at": START}, "closes_at", f"after the opening {START.isoformat()}"),
        ({"closes_at": dt.datetime(2026, 6, 30)}, "closes_at", "give a time with its zone"),  # noqa: DTZ001
        ({"opens_at": dt.datetime(2026, 1, 1)}, "opens_at", "give a time with its zone"),  # noqa: DTZ001
        ({"options": ["a", "b"]}, "options", "only a multiple-choice prediction has options"),
        ({"kind": "multiple_choice"}, "options", "list 2 to 100 options"),
        ({"kind": "multiple_choice", "options": ["a"]}, "options", "list 2 to 100 options"),
        ({"kind": "multiple_choice", "options": "ab"}, "options", "list 2 to 100 options"),
        ({"kind": "multiple_choice", "options": [1.5, 2.5]}, "options", "list 2 to 100 options as text"),
        ({"kind": "multiple_choice", "options": ["a", " a "]}, "options", "every option must be named once"),
        ({"kind": "multiple_choice", "options": ["a", " "]}, "options", "every option must be named once"),
        ({"kind": "multiple_choice", "options": [str(n) for n in range(101)]}, "options", "list 2 to 100 options"),
        ({"range_min": 1}, "range_min", "only numeric and date predictions have a range"),
        ({"kind": "numeric"}, "range_max", "a range whose end lies above its start"),
        ({**RANGE, "range_max": 0}, "range_max", "a range whose end lies above its start, 0"),
        ({**RANGE, "log_scale": True}, "range_min", "a logarithmic scale needs a range above 0"),
        ({"log_scale": True}, "log_scale", "only a numeric prediction has a logarithmic scale"),
        ({"kind": "multiple_choice", "options": ["a", "b\nc"]}, "options", "in one line"),
        ({**DAYS, "range_min": Decimal("1.5")}, "range_min", "give a day such as 2027-06-30"),
        ({**DAYS, "range_max": 10**9}, "range_max", "give a day such as 2027-06-30"),
        ({**DAYS, "open_below": True}, "open_below", "a date has no open start"),
        ({**DAYS, "log_scale": True}, "log_scale", "only a numeric prediction has a logarithmic scale"),
        ({**RANGE, "suggested_tick": 7000}, "suggested_tick", "only a prediction of yes or no"),
    ],
)
def test_what_cannot_be_is_refused(story: Story, given: dict[str, Any], field: str, accepted: str) -> None:
    value = given.get(field, [] if field == "options" else None)
    shown = value.isoformat() if isinstance(value, dt.datetime) and value.tzinfo else repr(value)[:70]
    with refused(field, shown, accepted):
        story.draft(**given)


def test_every_problem_is_named_at_once(story: Story) -> None:
    with pytest.raises(Exception, match=r"statement: .*; resolves_by: .*; options: "):
        story.draft(statement="", resolves_by=START, options=["a"])


def test_the_end_of_a_range_of_dates_is_open_without_saying_so(story: Story) -> None:
    draft = story.draft(**DAYS)
    assert (draft.open_below, draft.open_above) == (False, True)
    assert draft.versions.get().new["open_above"] is True


def test_a_draft_that_becomes_one_of_a_date_gets_its_open_end(story: Story) -> None:
    amended = story.amends(story.draft(), DAYS)
    amended.refresh_from_db()
    assert (amended.kind, amended.open_above) == ("date", True)
