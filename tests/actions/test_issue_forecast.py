"""Issuing a forecast: what is recorded, on which track it stands, and what is refused."""

import datetime as dt
from typing import Any

import pytest

from forecasts.actions import Citation, issue_forecast, record_article
from forecasts.errors import Conflict, NotReady
from forecasts.language.wording import imply
from forecasts.models import Article, Basis, EntryKind, Forecast, Forecaster, LedgerEntry, Snapshot
from tests.actions.merging import merge
from tests.refusals import refused
from tests.story import DAY, DEADLINE, START, Story

NUMBER = "give a number from 0 to 1, such as 0.7, or a percentage such as 70 %"


def test_it_works(story: Story) -> None:
    prediction = story.opened()
    forecast = story.says(prediction, 0.7, at=START + DAY, rationale="the draft is out")
    assert (forecast.tick, forecast.provenance, forecast.basis) == (7000, "live", "stated")
    assert forecast.issued_at == forecast.recorded_at == forecast.stands_from == START + DAY
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject, entry.at) == (
        EntryKind.FORECAST_ISSUED,
        f"forecast:{forecast.pk}",
        START + DAY,
    )
    prediction.refresh_from_db()
    assert (prediction.clock_opens_at, prediction.clock_closes_at) == (START, DEADLINE)


@pytest.mark.parametrize(
    ("given", "tick"),
    [
        (0, 0),
        (1, 10_000),
        (1.0, 10_000),
        ("0.7", 7000),
        (" 0.7 ", 7000),
        ("70 %", 7000),
        ("70%", 7000),
        ("0.05 %", 5),
        ("1e-4", 1),
        (0.00005, 0),  # half of a ten-thousandth goes to the even neighbour
        (0.00015, 2),
    ],
)
def test_a_probability_is_read_exactly(story: Story, given: object, tick: int) -> None:
    assert story.says(story.opened(), given).tick == tick


@pytest.mark.parametrize(
    "given",
    [
        1.2,
        -0.1,
        float("nan"),
        float("inf"),
        float("-inf"),
        "abc",
        "",
        " ",
        None,
        True,
        False,
        "0,7",
        "%",
        "70 % %",
        "101 %",
        "sNaN",
        "9e9999999 %",
        "1e9999999",
        "1/2",
        b"0.7",
        [0.7],
    ],
    ids=repr,
)
def test_anything_else_is_refused(story: Story, given: object) -> None:
    prediction = story.opened()
    with refused("value", repr(given), NUMBER):
        story.says(prediction, given)


@pytest.mark.parametrize("slug", ["always-50", "crowd-median"])
def test_a_derived_forecaster_is_refused(story: Story, slug: str) -> None:
    prediction, derived = story.opened(), Forecaster.objects.get(slug=slug)
    with refused("forecaster", slug, "computed, not recorded"):
        story.says(prediction, 0.7, forecaster=derived)


def test_a_merged_forecaster_is_refused_by_naming_the_one_to_use(story: Story) -> None:
    prediction, old = story.opened(), story.forecaster("old-desk")
    merge(row=old, into=story.desk)
    with refused("forecaster", "old-desk", "it was merged; use policy-desk"):
        story.says(prediction, 0.7, forecaster=old)


def test_a_draft_takes_no_forecast(story: Story) -> None:
    draft = story.draft()
    with refused("prediction", draft.slug[:70], "open it first", NotReady):
        story.says(draft, 0.7)


def test_a_void_prediction_takes_no_forecast(story: Story) -> None:
    prediction = story.opened()
    story.resolves(prediction, "premise_failed", known_at=START + 30 * DAY)
    with refused("prediction", prediction.slug[:70], "it is void", NotReady):
        story.says(prediction, 0.7, at=START + 31 * DAY)


def test_a_forecast_issued_once_the_outcome_was_known_is_refused(story: Story) -> None:
    prediction, known = story.opened(), START + 30 * DAY
    story.resolves(prediction, "yes", known_at=known)
    with refused("issued_at", known.isoformat(), f"the outcome was known at {known.isoformat()}"):
        story.says(prediction, 0.7, at=known + DAY, issued_at=known)
    backfilled = story.says(prediction, 0.7, at=known + DAY, issued_at=known - dt.timedelta(microseconds=1))
    assert backfilled.provenance == "live"  # fixed at recording; the track is derived when it is scored
    assert backfilled.stands_from == known + DAY


def test_a_forecast_at_the_close_is_refused_by_time_not_by_status(story: Story) -> None:
    prediction, close = story.opened(closes_at=START + 10 * DAY), START + 10 * DAY
    assert prediction.status == "open"
    with refused("issued_at", close.isoformat(), f"forecasts closed at {close.isoformat()}"):
        story.says(prediction, 0.7, at=close)
    assert story.says(prediction, 0.7, at=close - dt.timedelta(microseconds=1)).tick == 7000


def test_a_forecast_from_before_the_close_that_comes_after_it_never_stands_on_the_live_track(story: Story) -> None:
    close = START + 10 * DAY
    prediction = story.opened(closes_at=close)
    late = story.says(prediction, 0.9, at=close + DAY, issued_at=close - DAY)
    assert late.stands_from == close + DAY


def test_the_future_is_refused_but_not_a_clock_a_minute_ahead(story: Story) -> None:
    prediction, at = story.opened(), START + DAY
    ahead = at + dt.timedelta(seconds=60, microseconds=1)
    with refused("issued_at", ahead.isoformat(), f"give a time not after now, {at.isoformat()}"):
        story.says(prediction, 0.7, at=at, issued_at=ahead)
    assert story.says(prediction, 0.7, at=at, issued_at=at + dt.timedelta(seconds=60)).issued_at == at


def test_a_time_without_its_zone_is_refused(story: Story) -> None:
    prediction, naive = story.opened(), dt.datetime(2026, 1, 2)  # noqa: DTZ001 -- the point
    with refused("issued_at", repr(naive), "give a time with its zone"):
        story.says(prediction, 0.7, at=START + DAY, issued_at=naive)


@pytest.mark.parametrize(
    ("late", "provenance"), [(7 * DAY, "live"), (7 * DAY + dt.timedelta(microseconds=1), "backfilled")]
)
def test_seven_days_part_live_from_backfilled(story: Story, late: dt.timedelta, provenance: str) -> None:
    forecast = story.says(story.opened(), 0.7, at=START + 20 * DAY, issued_at=START + 20 * DAY - late)
    assert forecast.provenance == provenance
    assert forecast.stands_from == START + 20 * DAY


def test_a_capture_of_ours_fixes_from_when_it_stands(story: Story) -> None:
    finding = story.sees(story.opened(), at=START + 2 * DAY)
    prediction = story.opened()
    forecast = story.says(prediction, 0.7, at=START + 5 * DAY, issued_at=START + DAY, proof=finding.snapshot)
    assert forecast.stands_from == START + 2 * DAY


@pytest.mark.parametrize("captured", [START, START + 6 * DAY])
def test_a_capture_from_before_issue_or_after_now_proves_nothing(story: Story, captured: dt.datetime) -> None:
    proof: Snapshot = story.sees(story.opened(), at=captured).snapshot
    prediction = story.opened()
    with refused("proof", captured.isoformat(), "captured after issue and before now"):
        story.says(prediction, 0.7, at=START + 5 * DAY, issued_at=START + DAY, proof=proof)


def test_an_external_id_counts_once_per_forecaster(story: Story) -> None:
    prediction, other = story.opened(), story.forecaster("other")
    said = story.says(prediction, 0.7, external_id="a-1")
    assert story.says(prediction, 0.7, external_id="a-1", at=START + DAY) == said
    with refused("external_id", "a-1", "has another forecast under that id", Conflict):
        story.says(prediction, 0.8, external_id="a-1")
    story.says(prediction, 0.8, external_id="a-1", forecaster=other)
    story.says(prediction, 0.8, external_id="")
    story.says(prediction, 0.9, external_id="")
    assert Forecast.objects.filter(external_id=None).count() == 2


def test_a_citation_is_kept_with_its_place(story: Story) -> None:
    article = kept_article(story)
    forecast = story.says(story.opened(), 0.7, citation=Citation(article, "It will rain."))
    assert (forecast.article, forecast.quote_start, forecast.quote_end) == (article, 6, 6 + len("It will rain."))


@pytest.mark.parametrize("quote", ["It would rain.", "it will rain.", ""])
def test_a_quote_that_is_not_in_the_article_is_refused(story: Story, quote: str) -> None:
    prediction, article = story.opened(), kept_article(story)
    with refused("quote", repr(quote), "word for word"):
        story.says(prediction, 0.7, citation=Citation(article, quote))


def kept_article(story: Story) -> Article:
    article = Article(publisher="Wire", title="Weather", text="News: It will rain. Or not.")
    return record_article(article=article, at=START, by=story.editor)


def test_a_wording_is_kept_with_its_table(story: Story) -> None:
    implied = imply("The authority is likely to act.")
    assert implied is not None
    words = {"wording": implied.expression, "wording_table": implied.table_version, "basis": Basis.IMPLIED}
    forecast = story.says(story.opened(), implied.tick / 10_000, **words)
    assert (forecast.tick, forecast.wording) == (implied.tick, implied.expression)


@pytest.mark.parametrize(
    ("given", "field", "value", "accepted"),
    [
        ({"basis": "guess"}, "basis", "guess", "give one of stated, implied, market, model, aggregate"),
        ({"basis": Basis.IMPLIED}, "wording", "''", "names its expression and table version"),
        ({"basis": Basis.IMPLIED, "wording": "likely"}, "wording", "likely", "names its expression and table version"),
    ],
)
def test_a_basis_that_cannot_be_is_refused(
    story: Story, given: dict[str, Any], field: str, value: str, accepted: str
) -> None:
    prediction = story.opened()
    with refused(field, value, accepted):
        story.says(prediction, 0.7, **given)


@pytest.mark.parametrize("probability", ["0.0099", "0.9901", 0, 1])
def test_wording_never_implies_certainty(story: Story, probability: object) -> None:
    prediction = story.opened()
    with refused("value", "", "wording implies from 0.01 to 0.99"):
        story.says(prediction, probability, basis=Basis.IMPLIED, wording="will", wording_table="1")


def test_wording_implies_nothing_but_a_probability_of_yes_or_no(story: Story) -> None:
    prediction = story.choice("Anthropic", "Google")
    with refused("basis", "IMPLIED", "wording implies a probability of yes or no"):
        story.says(prediction, [0.5, 0.5], basis=Basis.IMPLIED, wording="will", wording_table="1")


def test_the_first_forecast_starts_the_clock_and_the_second_does_not(story: Story) -> None:
    prediction = story.opened(closes_at=START + 50 * DAY)
    story.says(prediction, 0.7)
    story.amends(prediction, {"closes_at": START + 60 * DAY}, reason="the hearing moved")
    story.says(prediction, 0.8, at=START + DAY)
    prediction.refresh_from_db()
    assert prediction.clock_closes_at == START + 50 * DAY
    assert prediction.closes_at == START + 60 * DAY


def test_it_is_keyword_only(story: Story) -> None:
    with pytest.raises(TypeError, match="positional"):
        issue_forecast(story.opened())  # type: ignore[misc,call-arg]
