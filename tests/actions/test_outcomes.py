"""What a prediction of each kind can come to: proposed, accepted, corrected, and refused."""

import datetime as dt

import pytest

from forecasts.actions import Result, propose_resolution
from forecasts.ledger.verify import verify
from forecasts.models import Prediction
from tests.refusals import refused
from tests.story import DAY, DEADLINE, START, Story

KNOWN = START + 30 * DAY  # 31 January 2026, noon
LIMIT_OVER = dt.datetime(2026, 6, 30, tzinfo=dt.UTC)


def choice(story: Story) -> Prediction:
    return story.choice("Anthropic", "Google", closes_at=START + 60 * DAY)


def date(story: Story) -> Prediction:
    return story.date("2025-12-31", "2026-06-29")


def proposes(story: Story, prediction: Prediction, outcome: str, known_at: dt.datetime = KNOWN) -> str:
    result = Result(known_at=known_at, outcome=outcome, evidence_exception="everybody saw it")
    return propose_resolution(
        prediction=prediction, result=result, rationale="it is so", at=DEADLINE, by=story.editor
    ).outcome


def test_it_works(story: Story) -> None:
    prediction = choice(story)
    story.resolves(prediction, "Google", known_at=KNOWN)
    prediction.refresh_from_db()
    resolution = prediction.current_resolution
    assert resolution is not None
    assert (prediction.status, resolution.outcome, str(resolution)) == ("resolved", "1", "Google")
    corrected = story.corrects(prediction, "Anthropic", known_at=KNOWN, at=KNOWN + DAY)
    assert (corrected.outcome, str(corrected)) == ("0", "Anthropic")
    assert verify().size > 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [("120", "120"), ("120.50", "120.5"), (" 0 ", "0"), ("-0.0", "0"), ("1.5e2", "150"), ("200", "200")],
)
def test_a_number_is_kept_in_its_one_spelling(story: Story, given: str, kept: str) -> None:
    assert proposes(story, story.number("0", "200"), given) == kept


def test_an_open_end_lets_the_outcome_lie_beyond_it(story: Story) -> None:
    assert proposes(story, story.number("0", "200", open_above=True), "1000") == "1000"
    assert proposes(story, story.number("0", "200", open_below=True), "-0.25") == "-0.25"


def test_what_is_proposed_is_what_is_kept_when_it_is_accepted(story: Story) -> None:
    prediction = story.number("0", "200")
    assert story.resolves(prediction, "120.0", known_at=KNOWN).outcome == "120"
    assert story.corrects(prediction, "121.0", known_at=KNOWN, at=KNOWN + DAY).outcome == "121"


def test_a_date_is_the_day_on_which_it_happened(story: Story) -> None:
    assert proposes(story, date(story), "2026-01-31") == "2026-01-31"
    assert proposes(story, date(story), "2026-06-29", known_at=DEADLINE) == "2026-06-29"


def test_not_before_the_limit_is_known_once_the_limit_is_over(story: Story) -> None:
    prediction = date(story)
    with refused("known_at", "2026-06-29T23:59:59", "that it did not come by 2026-06-29 is known once it is over"):
        proposes(story, prediction, "not_before", known_at=LIMIT_OVER - dt.timedelta(seconds=1))
    resolution = story.resolves(prediction, "not_before", known_at=LIMIT_OVER)
    assert (resolution.outcome, str(resolution)) == ("not_before", "Not by 2026-06-29")


@pytest.mark.parametrize("outcome", ["2", "-1", "01", "yes", "google", "not_before"])
def test_what_is_no_option_is_refused(story: Story, outcome: str) -> None:
    prediction = choice(story)
    with refused("outcome", repr(outcome), "give one of 0 (Anthropic), 1 (Google)"):
        proposes(story, prediction, outcome)


@pytest.mark.parametrize(
    ("outcome", "accepted"),
    [
        ("200.1", "the range ends at 200; give that or less"),
        ("-1", "the range starts at 0; give that or more"),
        ("many", "give a plain number such as 8.5"),
        ("NaN", "give a plain number"),
        ("1e99", "give a plain number"),
        ("yes", "give a plain number"),
    ],
)
def test_what_the_number_cannot_be_is_refused(story: Story, outcome: str, accepted: str) -> None:
    prediction = story.number("0", "200")
    with refused("outcome", repr(outcome), accepted):
        proposes(story, prediction, outcome)


@pytest.mark.parametrize(
    ("outcome", "field", "shown", "accepted"),
    [
        ("2025-12-30", "outcome", "'2025-12-30'", "give a day from 2025-12-31 to 2026-06-29, or not_before"),
        ("2026-06-30", "outcome", "'2026-06-30'", "give a day from 2025-12-31 to 2026-06-29, or not_before"),
        ("2026-02-30", "outcome", "'2026-02-30'", "give a date such as 2027-06-30"),
        ("tomorrow", "outcome", "'tomorrow'", "give a date"),
        ("yes", "outcome", "'yes'", "give a date"),
        ("2026-02-01", "known_at", "2026-01-31T12:00:00", "what happened on 2026-02-01 was not known before"),
    ],
)
def test_what_the_date_cannot_be_is_refused(story: Story, outcome: str, field: str, shown: str, accepted: str) -> None:
    prediction = date(story)
    with refused(field, shown, accepted):
        proposes(story, prediction, outcome)


@pytest.mark.parametrize("outcome", ["yes", "no"])
def test_a_rule_that_knows_yes_and_no_settles_nothing_else(story: Story, outcome: str) -> None:
    prediction = choice(story)
    with refused("outcome", outcome, "give one of 0 (Anthropic)"):
        propose_resolution(
            prediction=prediction,
            result=Result(known_at=KNOWN, outcome=outcome, evidence_exception="silence"),
            rationale="silence",
            at=DEADLINE,
            by="rule:silence_after_deadline",
        )


def test_any_kind_can_be_void(story: Story) -> None:
    for prediction in (choice(story), story.number("0", "200"), date(story)):
        assert story.resolves(prediction, "premise_failed", known_at=KNOWN).result_words == "void: the premise failed"
