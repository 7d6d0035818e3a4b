"""A prediction of options, of a number and of a date, each through its whole life at the desk, to page and API."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from forecasts.ledger.verify import verify
from forecasts.models import Prediction, Proposal
from tests.journeys.desk import Desk
from tests.story import DAY, DEADLINE, START, Story
from tests.web.reading import in_order, read

NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Life:
    """What is typed at the desk, and what readers and programs then find."""

    fields: dict[str, Any]
    said: tuple[str, str, str]
    short: tuple[str, str, str]
    outcome: str
    outcome_words: str
    corrected: str
    corrected_words: str
    stored: list[Any]
    value: dict[str, Any]


NOTHING = {"probability": None, "options": None, "cdf": None, "median": None, "intervals": None}
LIVES = {
    "options": Life(
        fields={"kind": "multiple_choice", "options": "Anthropic\nGoogle\nsomebody else"},
        said=(
            "Anthropic: 40 %\nGoogle: 35 %\nsomebody else: 25 %",
            "Google: 0.5\nAnthropic: 0.3\nsomebody else: 0.2",
            "Anthropic: 0\nGoogle: 0\nsomebody else: 1",
        ),
        short=(f"Anthropic 40{NBSP}%", f"Google 50{NBSP}%", f"somebody else 100{NBSP}%"),
        outcome="1",
        outcome_words="Google",
        corrected="2",
        corrected_words="somebody else",
        stored=[4000, 3500, 2500],
        value=NOTHING
        | {
            "options": [
                {"option": "Anthropic", "probability": 4000 / 10_000},
                {"option": "Google", "probability": 3500 / 10_000},
                {"option": "somebody else", "probability": 2500 / 10_000},
            ]
        },
    ),
    "number": Life(
        fields={"kind": "numeric", "range_min": "0", "range_max": "200", "open_above": "on"},
        said=("100: 50 %\n200: 90 %", "80: 10 %\n120: 60 %", "0: 1"),
        short=("median 100", f"median {80 + 40 * (50 - 10) // (60 - 10)}", "median 0"),
        outcome="120.50",
        outcome_words="120.5",
        corrected="250",
        corrected_words="250",
        stored=[["100", 5000], ["200", 9000]],
        value=NOTHING
        | {
            "cdf": [{"x": "100", "probability": 5000 / 10_000}, {"x": "200", "probability": 9000 / 10_000}],
            "median": "100",
            # Half of it evenly from 0 to 100, 40 % evenly from there to 200, the rest above.
            "intervals": [
                {"share": 0.5, "low": "50", "high": f"{100 + 100 * (75 - 50) / 40}"},
                {"share": 0.8, "low": "20", "high": "200"},
                {"share": 0.9, "low": "10", "high": None},
            ],
        },
    ),
    "date": Life(
        fields={"kind": "date", "range_min": "2025-12-31", "range_max": "2026-06-29"},
        said=("2026-03-31: 25 %\n2026-06-29: 75 %", "2026-01-31: 50 %", "2026-06-29: 10 %"),
        # Half of the 90 days from the end of March to that of 29 June are 45: the end of 15 May.
        short=("median 2026-05-15", "median 2026-01-31", "median after 2026-06-29"),
        outcome="2026-06-12",
        outcome_words="2026-06-12",
        corrected="not_before",
        corrected_words="Not by 2026-06-29",
        stored=[["2026-03-31", 2500], ["2026-06-29", 7500]],
        value=NOTHING
        | {
            "cdf": [
                {"x": "2026-03-31", "probability": 2500 / 10_000},
                {"x": "2026-06-29", "probability": 7500 / 10_000},
            ],
            "median": "2026-05-15",
            # A quarter of it evenly over the 90 days of January to March: 3.6 days for each per cent.
            "intervals": [
                {"share": 0.5, "low": "2026-03-31", "high": "2026-06-29"},
                {"share": 0.8, "low": "2026-02-05", "high": None},
                {"share": 0.9, "low": "2026-01-18", "high": None},
            ],
        },
    ),
}


class Clock:
    now = START

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES)
def test_from_the_draft_to_the_correction(story: Story, clock: Clock, life: Life) -> None:
    editor = Desk(story.editor)
    others = [story.forecaster("model-one"), story.forecaster("model-two")]

    # She logs and opens it, and three forecasters have their say; one takes it back.
    editor.add(
        "prediction",
        statement="What will the communications authority of Ruritania come to?",
        criteria="What the official gazette carries.",
        resolution_source="The official gazette",
        opens_at=START,
        resolves_by=DEADLINE,
        resolves_by_precision="day",
        **life.fields,
    )
    row = Prediction.objects.get()
    editor.do(row, "open", override_reason="the question is in the kind")
    for forecaster, said in zip([story.desk, *others], life.said, strict=True):
        clock.now += DAY
        editor.do(row, "forecast", forecaster=forecaster.pk, value=said, basis="stated")
    assert row.forecasts.get(forecaster=story.desk).values == life.stored
    clock.now += DAY
    editor.do(row, "withdraw", forecaster=others[1].pk)
    assert life.short[0] in editor.get(f"/desk/forecasts/prediction/{row.pk}/change/").content.decode()
    page = read(Client(), row.get_absolute_url())
    assert in_order(page.text, "Policy desk", *life.short[0].split(), "Model Two", "withdrawn", "Forecasts over time")

    # The world knows; she proposes, her colleague accepts. It was read wrongly: the same again is a correction.
    clock.now = DEADLINE + DAY
    editor, approver = Desk(story.editor), Desk(story.approver)
    for outcome in (life.outcome, life.corrected):
        given = {"outcome": outcome, "known_at": DEADLINE, "evidence_exception": "everybody saw it"}
        editor.do(row, "propose", rationale="It was in the gazette.", **given)
        proposal = Proposal.objects.get(status="waiting")
        assert proposal.result_words in approver.get("/desk/").content.decode()
        approver.do(proposal, "accept")
        clock.now += DAY

    page = read(Client(), row.get_absolute_url())
    assert f"from “{life.outcome_words}” to “{life.corrected_words}”" in page.text
    assert life.corrected_words in read(Client(), "/predictions/").text
    body = Client().get(f"/api/v1/predictions/{row.slug}").json()
    assert [each["outcome_words"] for each in body["resolutions"]] == [life.corrected_words, life.outcome_words]
    spoken = {each["forecaster"]["slug"]: each for each in body["latest_forecasts"]}
    assert spoken["policy-desk"]["value"] == life.value
    assert [spoken[slug]["said"] for slug in ("policy-desk", "model-one", "model-two")] == [*life.short[:2], ""]
    assert spoken["model-two"]["value"] is None
    assert verify().size > 0
