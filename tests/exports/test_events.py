"""What webhooks say, kind by kind."""

import json
from typing import Any

import pytest
from django.utils import translation

from forecasts.exports.events import _DATA, event_body
from forecasts.models import ANNOUNCED, EntryKind, LedgerEntry
from forecasts.queries.ledger_entries import published
from tests.story import DAY, DEADLINE, START, Story


def told(kind: EntryKind) -> dict[str, Any]:
    entry = LedgerEntry.objects.filter(kind=kind).latest("seq")
    found: dict[str, Any] = json.loads(event_body(entry) or b"")
    assert (found["type"], found["seq"]) == (kind, entry.seq)
    return found


def test_it_works(story: Story, settings: Any) -> None:
    settings.SITE_URL = "https://reckoner.test"
    prediction = story.opened()
    assert told(EntryKind.PREDICTION_OPENED) == {
        "type": "prediction.opened",
        "timestamp": "2026-01-01T12:00:00.000000Z",
        "seq": LedgerEntry.objects.count(),
        "data": {
            "slug": prediction.slug,
            "url": f"https://reckoner.test/predictions/{prediction.slug}/",
            "api_url": f"https://reckoner.test/api/v1/predictions/{prediction.slug}",
            "statement": prediction.statement,
            "kind": "binary",
            "status": "open",
            "closes_at": "2026-06-30T23:59:59.000000Z",
            "resolves_by": "2026-06-30T23:59:59.000000Z",
        },
    }


def test_the_addresses_lead_there(story: Story, settings: Any, client: Any) -> None:
    settings.SITE_URL = ""
    story.says(story.opened(), 0.7)
    data = told(EntryKind.FORECAST_ISSUED)["data"]
    for url in (data["prediction"]["url"], data["prediction"]["api_url"], data["forecaster_url"]):
        assert client.get(url).status_code == 200, url


def test_a_settlement_says_what_was_settled_then(story: Story) -> None:
    prediction = story.opened()
    story.resolves(prediction, "yes", known_at=DEADLINE - DAY)
    prediction.refresh_from_db()
    story.corrects(prediction, "ambiguous_criteria", known_at=DEADLINE - DAY, at=DEADLINE)
    first, second = told(EntryKind.PREDICTION_RESOLVED)["data"], told(EntryKind.PREDICTION_CORRECTED)["data"]
    assert (first["status"], first["outcome"], first["void_reason"], first["is_correction"]) == (
        "resolved", "yes", "", False,
    )  # fmt: skip
    assert (second["status"], second["outcome"], second["void_reason"], second["is_correction"]) == (
        "void", "", "ambiguous_criteria", True,
    )  # fmt: skip
    assert first["known_at"] == "2026-06-29T23:59:59.000000Z"


def test_an_option_is_told_by_number_and_name(story: Story) -> None:
    prediction = story.choice("Anthropic", "OpenAI")
    story.resolves(prediction, "OpenAI", known_at=DEADLINE)
    data = told(EntryKind.PREDICTION_RESOLVED)["data"]
    assert (data["kind"], data["outcome"], data["outcome_words"]) == ("multiple_choice", "1", "OpenAI")


def test_a_forecast_and_its_withdrawal(story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.7)
    data = told(EntryKind.FORECAST_ISSUED)["data"]
    assert (data["probability"], data["values"], data["withdrawn"], data["said"]) == (
        0.7,
        None,
        False,
        "70\N{NO-BREAK SPACE}%",
    )
    assert (data["forecaster"], data["issued_at"]) == ("policy-desk", "2026-01-01T12:00:00.000000Z")
    story.withdraws(prediction, at=START + DAY)
    data = told(EntryKind.FORECAST_WITHDRAWN)["data"]
    assert (data["probability"], data["withdrawn"], data["said"]) == (None, True, "")


def test_programs_are_told_in_english_whatever_the_site_speaks(story: Story) -> None:
    story.says(story.opened(), 0.125)
    with translation.override("de"):
        assert told(EntryKind.FORECAST_ISSUED)["data"]["said"] == "12.5\N{NO-BREAK SPACE}%"


def test_a_draft_says_nothing(story: Story) -> None:
    draft = story.draft()
    story.resolves(draft, "retracted", known_at=START)
    entry = LedgerEntry.objects.get(kind=EntryKind.PREDICTION_VOIDED)
    assert event_body(entry) is None
    assert published([entry])[0].content_status == "withheld"


@pytest.mark.parametrize("kind", ANNOUNCED)
def test_every_kind_that_is_announced_has_its_document(kind: EntryKind) -> None:
    assert kind.partition(".")[0] in _DATA
