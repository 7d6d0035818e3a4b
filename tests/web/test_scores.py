"""Scorecards of every kind of prediction: the sentence, the score in its own unit, and what was known beforehand."""

import pytest
from django.test import Client

from forecasts.models import StoredStatistic
from tests.story import DAY, DEADLINE, Story
from tests.web.reading import in_order, read

ADDRESS = "/forecasters/policy-desk/"


def settle(story: Story, kind: str) -> None:
    """Ten settled predictions of a kind; seven of them went as said."""
    for number in range(10):
        as_said = number < 7
        if kind == "multiple_choice":
            row, said, outcome = story.choice("a", "b", "c"), [0.6, 0.3, 0.1], "a" if as_said else "b"
        elif kind == "numeric":
            row, said, outcome = story.number("0", "200"), "50: 10 %\n150: 90 %", "100" if as_said else "10"
        else:
            row = story.date("2025-12-31", "2026-06-29")
            said, outcome = "2026-02-28: 10 %\n2026-05-31: 90 %", "2026-04-30" if as_said else "2026-01-02"
        story.says(row, said)
        story.passes(row)
        story.resolves(row, outcome, known_at=DEADLINE + DAY)
    story.scores()


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (
            "multiple_choice",
            (
                # (7 x 60 % + 3 x 30 %) / 10
                "On average 51 % had been given to the option that happened.",
                # 7 x (0.4² + 0.3² + 0.1²) + 3 x (0.6² + 0.7² + 0.1²) over 10
                f"The mean Brier score is {(7 * 0.26 + 3 * 0.86) / 10:.3f}",
                "summed over the options, 0 is perfect and 2 the worst",
                "Even guess",
            ),
        ),
        (
            "numeric",
            (
                "within the 80 % in the middle of the forecast 7 of 10 times (70 %).",
                "Over an even guess across the range, ",
                "points were gained per prediction",
            ),
        ),
        ("date", ("within the 80 % in the middle of the forecast 7 of 10 times (70 %).", "Over an even guess")),
    ],
)
def test_every_kind_has_its_own_words(client: Client, story: Story, kind: str, told: tuple[str, ...]) -> None:
    settle(story, kind)
    page = read(client, ADDRESS)
    assert in_order(
        page.text, f"Predictions of {'one of several options' if kind == 'multiple_choice' else 'a '}", *told
    )
    assert "Verdict:" not in page.text
    assert "always saying" not in page.text


def test_numbers_whose_figures_are_still_computed_say_so(client: Client, story: Story) -> None:
    settle(story, "numeric")
    story.stales()
    assert "10 predictions settled and counted; what they say is being computed." in read(client, ADDRESS).text


def test_yes_or_no_stands_beside_what_was_known_beforehand(client: Client, story: Story) -> None:
    topic = story.topic("chips")
    for number in range(10):
        story.settled(0.8, "yes" if number < 8 else "no", topics=[topic])
    story.scores()
    text = read(client, ADDRESS).text
    # 8 x 0.2² + 2 x 0.8² over 10, and an even guess 0.25; nothing was known before any of them opened.
    assert in_order(
        text,
        "The mean Brier score is 0.160",
        "Beside what was known beforehand",
        "Even guess 10 0.250 +0.090",
        "Even guess scores 0.250 on 10 predictions",
    )
    assert "Base rate of the topic 10 0.250 +0.090" in text
    assert StoredStatistic.objects.filter(stale=True).count() == 0


@pytest.mark.parametrize("slug", ["always-50", "topic-base-rate"])
def test_baselines_have_scorecards_like_everybody(client: Client, story: Story, slug: str) -> None:
    story.settled(0.8, "yes", topics=[story.topic("chips")])
    story.scores()
    assert "Scorecard of a baseline" in read(client, f"/forecasters/{slug}/").text
    assert f"/forecasters/{slug}/" in read(client, "/forecasters/").links


def test_the_scores_of_a_prediction_are_told_in_the_words_of_its_kind(client: Client, story: Story) -> None:
    row = story.number("0", "200")
    story.says(row, "100: 50 %")
    story.says(row, "50: 100 %", forecaster=story.forecaster("other"))
    story.passes(row)
    story.resolves(row, "100", known_at=DEADLINE + DAY)
    story.scores()
    text = read(client, row.get_absolute_url()).text
    # Even over 0 to 200: the integral of F² below 100 and of (1 - F)² above it, 2 x 200 / 24.
    assert in_order(
        text,
        "Scores",
        "Continuous ranked probability score, in the unit of the number",
        "Against the others standing at the same time",
        f"Other first forecast {50 + 50 / 3:.3f}",
        f"Policy desk first forecast {2 * 200 / 24:.3f}",
        "Even guess",
    )
