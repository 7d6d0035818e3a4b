"""A consumer's script: it pulls the calibration of two forecasters every eight hours for a month; nearly all is 304."""

from collections import Counter

import pytest
from django.test import Client

from forecasts.models import Forecaster
from tests.journeys.test_page_and_api import calibration_words, says
from tests.story import DAY, DEADLINE, Story

DAYS, PULLS, DECIDED_ON = 30, 3, (3, 20)
WHO = ("policy-desk", "lab")


def decide(story: Story, lab: Forecaster, outcome: str) -> None:
    """One more prediction on which both spoke comes to its outcome."""
    row = story.opened()
    story.says(row, 0.7)
    story.says(row, 0.6, forecaster=lab)
    story.passes(row)
    story.resolves(row, outcome, known_at=DEADLINE + DAY)


def test_it_works(client: Client, story: Story) -> None:
    lab = story.forecaster("lab")
    for n in range(10):
        decide(story, lab, "yes" if n % 3 else "no")
    story.scores()
    addresses = [f"/api/v1/{what}?forecaster={slug}" for slug in WHO for what in ("calibration", "calibration/history")]
    tags, held, answered = dict.fromkeys(addresses, ""), {}, Counter[int]()
    for day in range(DAYS):
        if day in DECIDED_ON:
            decide(story, lab, "yes")
            story.scores()
        for address in addresses * PULLS:
            answer = client.get(address, headers={"if-none-match": tags[address]} if tags[address] else {})
            answered[answer.status_code] += 1
            if answer.status_code == 200:
                tags[address], held[address] = answer["ETag"], answer.json()
    # Each of 4 addresses is sent once at first and once after each of 2 decisions.
    assert answered == {200: 4 * (1 + 2), 304: DAYS * PULLS * 4 - 4 * (1 + 2)}
    assert answered[304] / answered.total() > 0.95
    for slug in WHO:
        kept = held[f"/api/v1/calibration?forecaster={slug}"]
        assert kept["n_predictions"] == 12
        says(client, f"/forecasters/{slug}/", calibration_words(kept))
        months = held[f"/api/v1/calibration/history?forecaster={slug}"]["months"]
        assert months[-1]["rolling"]["n_predictions"] == 12
        assert months[-1]["rolling"]["brier"]["value"] == pytest.approx(kept["brier"]["value"], abs=1e-12)
