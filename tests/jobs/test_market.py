"""A market from its address to a scorecard: what it last printed stands as a forecast of its own."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from forecasts.actions import check_now, save_reference, save_source, save_watch, withdraw_forecast
from forecasts.jobs import check, market
from forecasts.jobs.assess import assess_silence
from forecasts.jobs.check import check_source
from forecasts.jobs.follow import follow
from forecasts.models import (
    Basis,
    Check,
    EvidenceSource,
    Finding,
    Forecast,
    Forecaster,
    Prediction,
    Proposal,
    SeriesPrint,
    Watch,
)
from tests.refusals import refused
from tests.story import DAY, START, Story
from tests.web.reading import in_order, read
from tests.wire import Wire, serving

SPEC = {"probability": "price", "outcome": "outcome", "yes": ["yes"], "no": ["no"]}
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def wire(settings: Any) -> Iterator[Wire]:
    with serving() as found:
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [found.host]
        found.content_type = "application/json"
        yield found


@pytest.fixture
def source(story: Story, wire: Wire) -> EvidenceSource:
    says(wire, 0.6)
    row = EvidenceSource(kind="market", title="Ruritania Exchange", url=wire.url, spec=SPEC, next_check_at=START)
    row.forecaster = story.forecaster("ruritania-exchange", "market")
    return save_source(source=row, at=START, by=story.editor)


def says(wire: Wire, price: float, outcome: str | None = None) -> None:
    wire.body = json.dumps({"price": price, "outcome": outcome}).encode()


def watched(story: Story, source: EvidenceSource, **given: Any) -> Prediction:
    """A prediction watched for the market's price alone."""
    prediction = story.opened(**{"resolves_by": timezone.now() + 30 * DAY, **given})
    save_watch(watch=Watch(prediction=prediction, source=source), at=START, by=story.editor)
    return prediction


def looks(story: Story) -> None:
    """A check, due or not, and what follows from it."""
    check_now(source=EvidenceSource.objects.get(), at=timezone.now(), by=story.editor)
    row = EvidenceSource.objects.get()
    assert check_source(row.pk, row.next_check_at)
    follow()


def said() -> list[int | None]:
    return list(Forecast.objects.order_by("pk").values_list("tick", flat=True))


def test_each_price_that_differs_is_a_forecast_from_when_it_was_first_seen(
    story: Story, wire: Wire, source: EvidenceSource
) -> None:
    prediction = watched(story, source)
    for price in (0.6, 0.6, 0.65, 0.6):
        says(wire, price)
        looks(story)
    assert said() == [6000, 6500, 6000]
    prints = SeriesPrint.objects.order_by("pk")  # of one day, and still a print each
    assert [row.value for row in prints] == ["0.6", "0.65", "0.6"]
    for forecast, row in zip(Forecast.objects.order_by("pk"), prints, strict=True):
        assert (forecast.prediction, forecast.forecaster) == (prediction, source.forecaster)
        assert (forecast.basis, forecast.provenance) == (Basis.MARKET, "live")
        assert forecast.issued_at == row.first_seen_at
    first, _, last = Forecast.objects.order_by("pk")
    assert first.proof == prints[0].snapshot
    assert first.stands_from == first.issued_at
    assert last.proof is None  # these bytes were kept before, which proves nothing of now


def test_what_a_killed_worker_left_undone_the_next_check_does(
    story: Story, wire: Wire, source: EvidenceSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched(story, source)
    wire.etag = '"1"'

    def killed(source: EvidenceSource) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(check, "issue_prices", killed)
        with pytest.raises(KeyboardInterrupt):
            looks(story)
    assert (SeriesPrint.objects.count(), said()) == (1, [])
    looks(story)
    assert Check.objects.order_by("pk").last().status == "unchanged"  # type: ignore[union-attr]
    [forecast] = Forecast.objects.all()
    assert (forecast.tick, forecast.issued_at) == (6000, SeriesPrint.objects.get().first_seen_at)


def test_doing_it_again_changes_nothing(story: Story, source: EvidenceSource) -> None:
    watched(story, source)
    looks(story)
    assert market.issue_prices(EvidenceSource.objects.get()) == 0
    assert said() == [6000]


def test_a_check_that_failed_issues_nothing(story: Story, wire: Wire, source: EvidenceSource) -> None:
    looks(story)
    watched(story, source)
    wire.status = 500
    looks(story)
    assert said() == []


def test_before_the_opening_and_after_the_close_nothing_is_issued(story: Story, source: EvidenceSource) -> None:
    now = timezone.now()
    watched(story, source, opens_at=now + DAY)
    watched(story, source, closes_at=now - HOUR)
    looks(story)
    assert said() == []


def test_a_price_seen_before_the_opening_counts_from_the_check_that_still_found_it(
    story: Story, source: EvidenceSource
) -> None:
    looks(story)
    opening = timezone.now()
    watched(story, source, opens_at=opening)
    looks(story)
    [forecast] = Forecast.objects.all()
    assert forecast.issued_at == Check.objects.order_by("pk").last().started_at >= opening  # type: ignore[union-attr]


def test_only_open_predictions_of_yes_or_no_have_a_price(story: Story, source: EvidenceSource) -> None:
    later = timezone.now() + 30 * DAY
    for prediction in (story.choice("a", "b", resolves_by=later), story.draft(resolves_by=later)):
        save_watch(watch=Watch(prediction=prediction, source=source), at=START, by=story.editor)
    looks(story)
    assert said() == []


def test_a_forecast_that_an_editor_withdrew_comes_back_with_another_price_only(
    story: Story, wire: Wire, source: EvidenceSource
) -> None:
    prediction = watched(story, source)
    looks(story)
    assert source.forecaster
    withdraw_forecast(prediction=prediction, forecaster=source.forecaster, at=timezone.now(), by=story.editor)
    looks(story)
    assert said() == [6000, None]
    says(wire, 0.7)
    looks(story)
    assert said() == [6000, None, 7000]


def test_a_market_that_was_merged_speaks_under_the_name_that_is_left(story: Story, source: EvidenceSource) -> None:
    watched(story, source)
    kept, gone = story.forecaster("exchange", "market"), Forecaster.objects.get(slug="ruritania-exchange")
    gone.merged_into = kept
    save_reference(row=gone, at=START, by=story.editor)
    looks(story)
    assert [row.forecaster for row in Forecast.objects.all()] == [kept]


def test_what_the_market_says_of_the_outcome_is_a_hint_and_never_a_proposal(
    story: Story, wire: Wire, source: EvidenceSource
) -> None:
    prediction = watched(story, source)
    says(wire, 0.99, "yes")
    looks(story)
    [finding] = Finding.objects.select_related("snapshot")
    assert (finding.title, finding.stance) == ("The market says YES", "related")
    assert finding.snapshot.text[finding.quote_start : finding.quote_end] == finding.quote
    assert "a hint, no decision" in finding.why
    assert not assess_silence(prediction, prediction.resolves_by + DAY)  # type: ignore[operator]
    assert not Proposal.objects.exists()


def test_with_words_a_settled_market_is_found_by_them_as_ever(story: Story, wire: Wire, source: EvidenceSource) -> None:
    prediction = story.opened(resolves_by=timezone.now() + 30 * DAY)
    save_watch(watch=Watch(prediction=prediction, source=source, groups=[["market says"]]), at=START, by=story.editor)
    says(wire, 0.99, "yes")
    looks(story)
    assert [row.why for row in Finding.objects.all()] == ["mentions “market says”; not yet: “hint” (words-1)"]
    assert said() == []  # a price after the outcome is no forecast


def test_the_market_stands_on_the_page_and_has_a_scorecard_like_any_other(
    story: Story, wire: Wire, source: EvidenceSource, client: Client
) -> None:
    prediction = watched(story, source, resolves_by=timezone.now() + DAY)
    looks(story)
    page = read(client, f"/predictions/{prediction.slug}/")
    assert in_order(page.text, "Ruritania Exchange", "60 %")
    deadline = prediction.resolves_by
    assert deadline
    story.passes(prediction, deadline + HOUR)
    story.resolves(prediction, "yes", known_at=deadline + HOUR)
    follow()
    card = read(client, "/forecasters/ruritania-exchange/")
    assert in_order(card.text, "Scorecard of a market", "1 of 1 prediction", "settled and counted")


def test_only_a_market_gives_prices_and_only_to_a_forecaster_that_is_one(
    story: Story, wire: Wire, source: EvidenceSource
) -> None:
    feed = EvidenceSource(title="Feed", url=f"{wire.url}?1", forecaster=source.forecaster)
    with refused("forecaster", "ruritania-exchange", "a forecaster of kind market to a source of kind market"):
        save_source(source=feed, at=START, by=story.editor)
    source.forecaster = story.desk
    with refused("forecaster", "policy-desk", "a forecaster of kind market to a source of kind market"):
        save_source(source=source, at=START, by=story.editor)


def test_a_watch_without_words_needs_a_market(story: Story, wire: Wire, source: EvidenceSource) -> None:
    feed = save_source(source=EvidenceSource(title="Feed", url=f"{wire.url}?1"), at=START, by=story.editor)
    prediction = story.opened()
    with refused("groups", "", ""):
        save_watch(watch=Watch(prediction=prediction, source=feed), at=START, by=story.editor)
    with refused("groups", "", ""):
        save_watch(watch=Watch(prediction=prediction, source=source, confirms=[["yes"]]), at=START, by=story.editor)
