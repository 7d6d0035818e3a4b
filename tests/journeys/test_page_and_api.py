"""Every number on a scorecard, in the explorer, beside each other and on the board is the one that the API gives."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from forecasts.language.figures import percent
from forecasts.models import Article, PredictionKind
from forecasts.web import pairs, words
from tests.api.world import article_of
from tests.story import DAY, DEADLINE, Story
from tests.trackrecord import models, track_record
from tests.web.conftest import clock  # noqa: F401 -- a fixture
from tests.web.reading import read

pytestmark = pytest.mark.django_db
LATER = DEADLINE.replace(year=2099)
MOST_BYTES = 60 * 1024


def site(story: Story) -> Article:
    """A record of three forecasters that is large enough for curves, and live predictions in every state."""
    topic, other = story.topic("registers"), story.topic("laws")
    said = ((9000, 8000, 6000), (2000, 3000, 5000), (7000, 9500, 6500), (400, 1000, 4500))
    names = ("sharp", "bold", "dull")
    rows = [
        (dict(zip(names, said[n % 4], strict=True)), "yes" if n * 7 % 10 < said[n % 4][0] / 1e3 else "no")
        for n in range(32)
    ]
    track_record(story, rows, models(story, *names), [topic])
    article = article_of(story, "Laws are coming", "A law will come by June. Nobody objected.")
    for n in range(11):
        story.settled(0.7, "yes" if n % 4 else "no", topics=[other], article=article)
    story.settled(0.7, "premise_failed", topics=[other])
    story.says(story.opened(topics=[other]), 0.4)
    story.says(story.opened(topics=[other], resolves_by=LATER), 0.25)
    early = story.opened(topics=[other], resolves_by=LATER)
    story.says(early, 0.9)
    story.resolves(early, "yes", known_at=DEADLINE)
    for n in range(10):
        row = story.number("0", "200", topics=[other])
        story.says(row, "50: 10 %\n150: 90 %")
        story.passes(row)
        story.resolves(row, str(20 * n), known_at=DEADLINE + DAY)
    story.scores()
    return article


def calibration_words(found: Mapping[str, Any]) -> Iterator[str]:
    """What a page must say of the figures of a calibration document."""
    counts, n = found["denominators"], found["n_predictions"]
    yield f"{n} settled and counted"
    yield f"{counts['open']} still open"
    yield f"{counts['overdue']} not yet rated by us"
    yield f"{counts['void']} void"
    kind = PredictionKind(found["query"]["kind"]).label
    yield f"{words.predictions(counts['made'])} of {kind} made"
    yield found["digest"]
    if found["query"]["kind"] == "binary":
        yield f"Verdict: {found['verdict']}"
    yield found["verdict_reason"][1:]
    if (brier := found["brier"]) is not None:
        yield f"The mean Brier score is {brier['value']:.3f}"
        if brier["low"] is not None:
            yield f"interval {brier['low']:.3f} to {brier['high']:.3f}"
    for row in found["references"]:
        yield f"{row['name']} scores {row['brier']:.3f} on {words.predictions(row['n_predictions'])}"
        yield words.signed_score(row["gain"]["value"])
        yield words.signed_scores(row["gain"]["low"], row["gain"]["high"])
    if (corp := found["corp"]) is not None:
        yield f"miscalibration {corp['miscalibration']:.3f}"
        yield f"discrimination {corp['discrimination']:.3f}"
        yield f"uncertainty {corp['uncertainty']:.3f}"
    for row in found["groups"] or ():
        yield f"happened {row['yes']} of {row['n']} times"
    for end in ("no", "yes"):
        if found["bounds"][f"overdue_{end}"] is not None and brier:
            yield f"{found['bounds'][f'overdue_{end}']:.3f}"
    for row in found["spread"]["intervals"] if found["spread"] else ():
        yield f"held {row['inside']} of {row['n']} times"


def scorecard_words(found: Mapping[str, Any]) -> Iterator[str]:
    yield from calibration_words(found["headline"])
    for row in found["surprises"]:
        yield row["statement"]
        yield f"{percent(row['tick'])} said"
    for name in ("early", "due", "overdue", "corrections"):
        yield from (row["statement"] for row in found[name])
    yield from (f"{row['heading']} ({row['n_predictions']})" for row in found["others"])
    for month in found["history"]["months"] if found["history"] and found["headline"]["brier"] else ():
        if month["rolling"]["brier"]:
            yield f"{month['month']} {month['rolling']['n_predictions']} {month['rolling']['brier']['value']:.3f}"
            yield f"{month['month']} {month['rolling']['n_predictions']} {words.signed_percent(month['gap']['value'])}"


def says(client: Client, address: str, expected: Iterator[str]) -> None:
    page = read(client, address)
    assert len(page.html.encode()) < MOST_BYTES, address  # before compression
    text = page.text.replace("\N{NO-BREAK SPACE}", " ")
    missing = [each for each in expected if " ".join(each.replace("\N{NO-BREAK SPACE}", " ").split()) not in text]
    assert missing == [], address


@pytest.mark.usefixtures("clock")
def test_every_page_says_what_the_api_says(client: Client, story: Story) -> None:
    article = site(story)

    def get(path: str) -> Any:
        response = client.get(f"/api/v1/{path}")
        assert response.status_code == 200, path
        return response.json()

    people = [row["slug"] for row in get("forecasters")["results"]]
    topics = [row["slug"] for row in get("topics")["results"]]
    assert {"policy-desk", "sharp", "always-50"} <= set(people)
    subjects = [("forecaster", slug) for slug in people] + [("topic", slug) for slug in topics]
    for kind, slug in [*subjects, ("article", article.slug)]:
        card = get(f"scorecards/{kind}/{slug}")
        says(client, f"/{kind}s/{slug}/", scorecard_words(card))
        for other in card["others"]:
            asked = other["url"].partition("?")[2]
            says(client, f"/calibration/?{asked}", calibration_words(get(f"calibration?{asked}")))
    for asked in (
        {},
        {"track": "imported"},
        {"track": "imported", "counting": "lead:7"},
        {"track": "imported", "counting": "time"},
        {"track": "imported", "from": "2026-01", "to": "2026-01"},
        {"track": "imported", "forecaster": "sharp", "topic": "registers"},
        {"track": "imported", "lead": "7_30d"},
        {"track": "all", "cohort": "all"},
        {"article": article.slug},
        {"kind": "numeric"},
        {"basis": "implied"},
    ):
        query = urlencode(asked)
        says(client, f"/calibration/?{query}", calibration_words(get(f"calibration?{query}")))
    for a, b in (("sharp", "bold"), ("dull", "sharp"), ("bold", "always-50")):
        query = urlencode({"a": a, "b": b, "track": "imported"})
        says(client, f"/compare/?{query}", comparison_words(get(f"compare?{query}")))
    board = get("leaderboard?track=imported")
    assert len(board["results"]) == 3
    says(client, "/forecasters/", board_words(board))


def comparison_words(found: Mapping[str, Any]) -> Iterator[str]:
    difference, counts = found["difference"], found["denominators"]
    yield f"Both made {words.predictions(counts['made'])} of yes or no here: {counts['due']} settled past"
    yield f"{counts['open']} still open, {counts['overdue']} not yet rated by us, {counts['early']} resolved early"
    yield f"and {counts['void']} void"
    yield f"On {words.predictions(found['n_compared'])} that both made"
    yield f"{found['a']['name']} scored {found['brier_a']:.3f} and {found['b']['name']} {found['brier_b']:.3f}"
    yield f"first less second: {words.signed_score(difference['value'])}"
    yield words.signed_scores(difference["low"], difference["high"])
    yield difference["method"]
    yield found["digest"]
    for row in found["biggest"]:
        yield row["statement"]
        yield f"{percent(row['tick_a'])} {percent(row['tick_b'])}"
    for place in range(0, len(found["murphy"]["thetas"]), 4):
        yield f"{found['murphy']['ours'][place]:.3f} {found['murphy']['theirs'][place]:.3f}"


def board_words(found: Mapping[str, Any]) -> Iterator[str]:
    for row in found["results"]:
        rank = pairs.rank_words(row["rank"], row["low_rank"], row["high_rank"])
        gain, ends = (
            words.signed_score(row["gain"]["value"]),
            words.signed_scores(row["gain"]["low"], row["gain"]["high"]),
        )
        interval = words.score_interval(row["brier_interval"]["low"], row["brier_interval"]["high"])
        brier = f"{row['brier']:.3f} {interval}"
        yield f"{row['forecaster']['name']} {row['n_predictions']} predictions {rank} {gain} {ends} {brier}"
        yield f"{brier} {row['miscalibration']:.3f} {row['discrimination']:.3f} {row['uncertainty']:.3f}"
