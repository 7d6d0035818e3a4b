"""Crowds and baselines: forecasters whom nobody speaks for."""

from forecasts.models import Prediction, Score
from tests.story import DAY, DEADLINE, Story


def scores(prediction: Prediction, counting: str = "first") -> dict[str, int | None]:
    rows = Score.objects.filter(prediction=prediction, counting=counting, track="live")
    return dict(rows.values_list("forecaster__slug", "tick"))


def settle(story: Story, prediction: Prediction, outcome: str) -> None:
    story.passes(prediction)
    story.resolves(prediction, outcome, known_at=DEADLINE + DAY)


def test_three_make_a_crowd_and_whoever_stands_has_baselines(story: Story) -> None:
    two, three = story.opened(), story.opened()
    for number, probability in enumerate((0.2, 0.4, 0.9)):
        who = story.forecaster(f"model-{number}")
        story.says(three, probability, forecaster=who)
        if number < 2:
            story.says(two, probability, forecaster=who)
    settle(story, two, "yes")
    settle(story, three, "yes")
    story.scores()
    assert {slug for slug in scores(two) if not slug.startswith("model")} == {"always-50"}
    said = scores(three)
    odds = (0.2 / 0.8 * 0.4 / 0.6 * 0.9 / 0.1) ** (1 / 3)
    extreme = odds**1.5
    assert {slug: tick for slug, tick in said.items() if not slug.startswith("model")} == {
        "always-50": 5000,
        "crowd-median": 4000,
        # Weights of three, oldest first: exp(1 - 1.732), exp(1.414 - 1.732), 1: the two newest hold 1.728 of 2.209,
        # so that half of the weight is passed within the middle one.
        "crowd-recency-weighted-median": 4000,
        "crowd-geometric-mean-of-odds": round(10_000 * odds / (1 + odds)),
        "crowd-extremised": round(10_000 * extreme / (1 + extreme)),
        "crowd-trimmed-mean": round(10_000 * (0.2 + 0.4 + 0.9) / 3),
    }
