"""The week's digest: what waits, and the recap, in which a miss is told in the same words as a hit."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forecasts.actions import merge_forecasters, open_dispute
from forecasts.models import Prediction
from forecasts.queries.digest import digest, week_of
from forecasts.queries.recap import Recap, Settled, recap
from tests.story import DAY, DEADLINE, START, Story

NOW = DEADLINE + 3 * DAY  # what `settled` resolves came two days before


def told(until: dt.datetime = NOW) -> Recap:
    return recap(until)


def only(found: Recap) -> Settled:
    (row,) = found.resolved
    return row


def leanings(row: Settled) -> list[tuple[str, str, str]]:
    return [(one.name, one.words.replace("\N{NO-BREAK SPACE}", " "), one.leant) for one in row.said]


def test_it_works(story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    found = told()
    assert (found.resolved_count, found.corrected_count, found.new_count, found.is_empty) == (1, 0, 0, False)
    row = only(found)
    assert (row.path, row.happened, row.before) == (f"/predictions/{prediction.slug}/", "It happened", "")
    assert leanings(row) == [("Policy desk", "70 %", "hit")]
    assert told(NOW + 7 * DAY).is_empty


@pytest.mark.parametrize(
    ("said", "outcome", "leant"),
    [(0.7, "no", "miss"), (0.2, "no", "hit"), (0.2, "yes", "miss"), (0.5, "yes", ""), (0.9, "ambiguous_criteria", "")],
)
def test_which_way_a_forecast_leant(story: Story, said: float, outcome: str, leant: str) -> None:
    story.settled(said, outcome)
    assert [one.leant for one in only(told()).said] == [leant]


@pytest.mark.parametrize(("values", "leant"), [([0.2, 0.8], "miss"), ([0.6, 0.4], "hit"), ([0.5, 0.5], "")])
def test_of_several_options_the_likeliest_counts(story: Story, values: list[float], leant: str) -> None:
    row = story.choice("Anthropic", "OpenAI")
    story.says(row, values)
    story.resolves(row, "Anthropic", known_at=DEADLINE)
    (said,) = only(told()).said
    assert (said.leant, only(told()).happened) == (leant, "Anthropic")


def test_a_number_neither_hits_nor_misses(story: Story) -> None:
    row = story.number("0", "100")
    story.says(row, "50: 50 %")
    story.resolves(row, "70", known_at=DEADLINE)
    assert leanings(only(told())) == [("Policy desk", "median 50", "")]


def test_the_last_word_of_each_before_it_was_known_counts(story: Story) -> None:
    row, lab = story.opened(resolves_by=DEADLINE + 99 * DAY), story.forecaster("lab")
    story.says(row, 0.1)
    story.says(row, 0.8, at=START + DAY)
    story.says(row, 0.9, forecaster=lab)
    story.withdraws(row, forecaster=lab, at=START + DAY)
    story.says(row, 0.05, at=START + 20 * DAY)
    story.resolves(row, "yes", known_at=START + 10 * DAY, at=DEADLINE)
    assert leanings(only(told())) == [("Policy desk", "80 %", "hit")]


def test_who_was_merged_is_called_by_the_name_that_stays(story: Story) -> None:
    old = story.forecaster("old-lab")
    new, row = story.forecaster("new-lab"), story.opened()
    story.says(row, 0.7, forecaster=old)
    story.says(row, 0.6, forecaster=new, at=START + DAY)
    story.resolves(row, "yes", known_at=DEADLINE)
    merge_forecasters(forecaster=old, into=new, at=DEADLINE, by=story.editor)
    assert leanings(only(told())) == [("New Lab", "60 %", "hit")]


def test_misses_come_first(story: Story) -> None:
    for said, outcome in ((0.7, "yes"), (0.5, "yes"), (0.7, "no"), (0.9, "yes")):
        story.settled(said, outcome)
    found = told()
    assert [[one.leant for one in row.said] for row in found.resolved] == [["miss"], ["hit"], ["hit"], [""]]
    assert (found.misses, found.hits) == (1, 2)


def test_a_correction_is_told_with_what_it_corrects(story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    prediction.refresh_from_db()
    story.corrects(prediction, "no", known_at=DEADLINE + DAY, at=DEADLINE + 2 * DAY)
    found = told()
    assert found.resolved == ()
    (row,) = found.corrected
    assert (row.happened, row.before, row.note) == ("It did not happen", "It happened", "the gazette was misread")


def test_new_predictions_are_told_and_drafts_are_not(story: Story) -> None:
    story.draft()
    row = story.opened()
    story.says(row, 0.7)
    (new,) = told(START + DAY).new
    assert (new.path, new.deadline) == (f"/predictions/{row.slug}/", DEADLINE)
    assert new.said == "Policy desk: 70\N{NO-BREAK SPACE}%"


def test_a_week_begins_where_the_last_one_ended(story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    prediction.refresh_from_db()
    assert prediction.current_resolution
    at = prediction.current_resolution.resolved_at
    assert [told(until).resolved_count for until in (at, at + dt.timedelta(microseconds=1), at + 7 * DAY)] == [0, 1, 1]
    assert told(at + 7 * DAY + dt.timedelta(microseconds=1)).resolved_count == 0


@pytest.mark.parametrize(
    ("day", "monday"),
    [("2026-07-06T00:00:00", "2026-07-06"), ("2026-07-05T23:59:59", "2026-06-29"), ("2027-01-01T08:00", "2026-12-28")],
)
def test_the_week_is_that_of_the_calendar_in_utc(day: str, monday: str) -> None:
    found = week_of(dt.datetime.fromisoformat(f"{day}+00:00"))
    assert found == dt.datetime.fromisoformat(f"{monday}T00:00:00+00:00")
    tokyo = dt.timezone(dt.timedelta(hours=9))
    assert week_of(found.astimezone(tokyo)) == found


def test_what_waits_is_what_waits_at_the_desk(story: Story) -> None:
    now = DEADLINE - 10 * DAY
    assert digest(DEADLINE - 100 * DAY).is_empty
    waiting = story.opened()
    story.proposes(waiting, "yes", known_at=START + DAY)
    late = story.opened(resolves_by=START + 90 * DAY)
    story.unreviews(story.sees(late, at=START + DAY))
    open_dispute(prediction=waiting, reason="other", text="x", at=now - 10 * DAY, by="reader")
    open_dispute(prediction=waiting, reason="other", text="y", at=now, by="reader")
    story.draft()
    found = digest(now)
    counts = {section.name: section.count for section in found.sections}
    assert counts == {
        "Proposals waiting": 1,
        "Overdue by us": 1,
        "Due in the next 14 days": 1,
        "Evidence waiting": 1,
        "Disputes to answer": 1,  # the other one has time
    }
    assert found.waiting == 5


def test_more_rows_cost_no_more_questions(story: Story) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            digest(week_of(NOW) + 7 * DAY)
        return len(captured)

    def more(count: int) -> None:
        for number in range(count):
            prediction = story.settled(0.7, "yes" if number % 2 else "no")
            prediction.refresh_from_db()
            story.corrects(prediction, "premise_failed", known_at=DEADLINE + DAY, at=DEADLINE + 2 * DAY)
            story.settled(0.7, "no")
            story.sees(story.opened(), at=DEADLINE)

    more(1)
    few = asked()
    more(3)
    assert asked() == few <= 30


def test_a_long_week_is_cut_and_counted(story: Story, monkeypatch: Any) -> None:
    monkeypatch.setattr("forecasts.queries.recap.SETTLED_SHOWN", 2)
    for _ in range(3):
        story.settled(0.7, "yes")
    found = told()
    assert (len(found.resolved), found.more_resolved) == (2, 1)
    assert Prediction.objects.count() == 3
