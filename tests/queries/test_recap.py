"""The recap of a span: what stood at its end, counted over all, and what came later told as later."""

import datetime as dt
from typing import Any

import pytest

from forecasts.actions import open_prediction
from forecasts.errors import Refused
from forecasts.queries.recap import recap
from forecasts.queries.recap_page import last_week, recap_page, week_named, year_named
from tests.story import DAY, DEADLINE, START, Story

NOW = DEADLINE + 3 * DAY  # `settled` resolves on 1 July, a Wednesday
WEEK = 7 * DAY


def test_it_works(story: Story) -> None:
    story.settled(0.7, "yes")
    story.settled(0.9, "no")
    story.settled(0.7, "premise_failed")
    found = recap(NOW)
    assert (found.resolved_count, found.void_count, found.misses, found.hits) == (3, 1, 1, 1)
    assert found.leanings == "Of the forecasts that leant one way, 1 missed and 1 hit."
    assert [(row.state, row.happened) for row in found.resolved] == [
        ("no", "It did not happen"),
        ("yes", "It happened"),
        ("void", "void: the premise failed"),
    ]
    assert found.surprise
    assert (found.surprise.words, found.surprise.given) == ("90\N{NO-BREAK SPACE}%", 10_000 - 9_000)


def test_the_biggest_surprise_is_the_miss_that_gave_least_whoever_said_it(story: Story) -> None:
    lab = story.forecaster("lab")
    row = story.settled(0.1, "no")
    story.settled(0.6, "no")
    choice = story.choice("Anthropic", "OpenAI")
    story.says(choice, [0.15, 0.85], forecaster=lab)
    story.resolves(choice, "Anthropic", known_at=DEADLINE + DAY)
    found = recap(NOW).surprise
    assert found
    assert (found.path, found.name, found.given, found.happened) == (
        choice.get_absolute_url(),
        "Lab",
        1_500,
        "Anthropic",
    )
    assert row.get_absolute_url() != found.path


def test_without_a_miss_there_is_no_surprise(story: Story) -> None:
    story.settled(0.7, "yes")
    story.settled(0.5, "no")
    assert recap(NOW).surprise is None


def test_a_withdrawn_word_does_not_count_as_said(story: Story) -> None:
    row = story.opened()
    story.says(row, 0.9)
    story.withdraws(row, at=START + DAY)
    story.resolves(row, "no", known_at=DEADLINE)
    found = recap(NOW)
    assert (found.resolved_count, found.misses, found.hits, found.surprise) == (1, 0, 0, None)


def test_hits_and_misses_are_counted_over_all_and_not_over_those_shown(story: Story, monkeypatch: Any) -> None:
    monkeypatch.setattr("forecasts.queries.recap.SETTLED_SHOWN", 1)
    for outcome in ("yes", "no", "no"):
        story.settled(0.7, outcome)
    found = recap(NOW)
    assert (len(found.resolved), found.hits, found.misses) == (1, 1, 2)


def test_a_later_correction_leaves_the_old_recap_as_it_was_and_says_so(story: Story) -> None:
    row = story.settled(0.7, "yes")
    row.refresh_from_db()
    story.corrects(row, "no", known_at=DEADLINE + DAY, at=NOW + 2 * DAY)
    first, second = recap(NOW), recap(NOW + WEEK)
    assert [(one.happened, one.later) for one in first.resolved] == [("It happened", "It did not happen")]
    assert (first.hits, first.misses) == (1, 0)
    assert [(one.before, one.happened, one.later) for one in second.corrected] == [
        ("It happened", "It did not happen", "")
    ]
    assert (second.resolved_count, second.corrected_count, second.hits, second.misses) == (0, 1, 0, 0)


def test_changed_criteria_are_told_once_readers_could_know_them(story: Story) -> None:
    draft = story.draft()
    story.amends(draft, {"criteria": "Otherwise."}, at=START)
    open_prediction(prediction=draft, override_reason="a test", at=START, by=story.editor)
    row = story.opened()
    story.says(row, 0.5)
    story.amends(row, {"fine_print": "In any language."}, at=START + DAY, reason="it was asked")
    (told,) = recap(START + 2 * DAY).changed
    assert (told.path, told.number, told.reason, told.after_first_forecast) == (
        row.get_absolute_url(),
        2,
        "it was asked",
        True,
    )


def test_what_was_due_next_stays_what_was_due_next(story: Story) -> None:
    open_then, settled_before, after = story.opened(), story.opened(), story.opened(resolves_by=DEADLINE + 30 * DAY)
    story.resolves(settled_before, "yes", known_at=DEADLINE - 10 * DAY)
    until = DEADLINE - DAY
    assert [row.path for row in recap(until).due] == [open_then.get_absolute_url()]
    story.resolves(open_then, "yes", known_at=DEADLINE)
    assert [row.path for row in recap(until).due] == [open_then.get_absolute_url()]
    assert after.get_absolute_url() not in {row.path for row in recap(until).due}


@pytest.mark.parametrize(
    ("name", "monday"),
    [("2026-W01", "2025-12-29"), ("2020-W53", "2020-12-28"), ("2026-W27", "2026-06-29"), ("1971-W01", "1971-01-04")],
)
def test_weeks_are_those_of_the_iso_calendar(name: str, monday: str) -> None:
    found = week_named(name, NOW)
    assert (found.since.date().isoformat(), found.until - found.since, found.name) == (monday, WEEK, name)
    assert (found.before.after, found.after.before) == (found, found)


@pytest.mark.parametrize(
    "name", ["", "2026-W00", "2026-W53", "2026-W28", "2026-27", "2026-W7", "1970-W01", "9999-W52", "٢٠٢٦-W01", "x"]
)
def test_what_is_no_week_that_has_begun_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="week"):
        week_named(name, NOW)


@pytest.mark.parametrize("name", ["", "2027", "1969", "0000", "9999", "26", "20260", "٢٠٢٦"])
def test_what_is_no_year_that_has_begun_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="year"):
        year_named(name, NOW)


def test_a_year_is_over_when_the_next_one_begins() -> None:
    found = year_named("2025", NOW)
    assert (found.url, found.until, found.after.name) == ("/year/2025/", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "2026")


def test_there_is_no_page_before_the_first_prediction_and_none_after_today(story: Story) -> None:
    story.opened()  # on 1 January 2026, a Thursday
    first = recap_page(week_named("2026-W01", NOW), NOW)
    assert (first.previous, first.is_over) == (None, True)
    running = recap_page(week_named("2026-W27", NOW), NOW)
    assert running.previous
    assert (running.previous.name, running.following, running.is_over) == ("2026-W26", None, False)
    assert last_week(NOW).name == "2026-W26"
