from typing import Any

import pytest
from django.test import Client

from forecasts.actions import Result, correct_resolution, refresh_calibration, save_reference
from forecasts.models import Forecaster, StoredStatistic
from forecasts.queries.calibration import calibration
from forecasts.queries.scope import of_forecaster
from tests.story import DAY, DEADLINE, START, Story
from tests.web.reading import in_order, read

pytestmark = pytest.mark.django_db
LATER = DEADLINE + 100 * DAY
PAGE = "/forecasters/policy-desk/"


def test_it_works(client: Client, story: Story) -> None:
    for n in range(30):
        story.settled(0.7, "yes" if n < 21 else "no", statement=f"Ministry {n} will publish its register by June.")
    story.says(story.opened(resolves_by=LATER), 0.6)
    early = story.opened(resolves_by=LATER)
    story.says(early, 0.8)
    story.resolves(early, "yes", known_at=DEADLINE)
    story.says(story.opened(), 0.4)
    story.scores()
    page = read(client, PAGE)
    assert in_order(
        page.text,
        "Scorecard of a desk",
        "Policy desk",
        "When they said about 70 %, it happened 21 of 30 times (70 %).",
        "Verdict: well calibrated",
        "33 predictions of yes or no made",
        "How often it happened",
        "The numbers in this chart",
        "The mean Brier score is 0.210",  # (21 x 0.3² + 9 x 0.7²) / 30
        "always saying 50 % gets 0.250",
        "Had every overdue prediction turned out no, it would be 0.208",  # (6.3 + 0.4²) / 31
        "had every one turned out yes, 0.215",  # (6.3 + 0.6²) / 31
        "Biggest surprises",
        "Due",
        "Not yet rated by us",
        "Resolved early",
        "counts from 8 October 2026",
        "Predictions",
        "Method and citation",
    )


def test_whoever_has_said_nothing_in_public_is_404(client: Client, story: Story) -> None:
    read(client, PAGE, status=404)


def test_with_one_open_prediction_the_page_says_what_it_waits_for(client: Client, story: Story) -> None:
    story.says(story.opened(resolves_by=LATER), 0.4)
    assert "The only prediction does not count yet: it is still open." in read(client, PAGE).text


def test_what_waits_for_us_is_listed_whatever_kind_it_is_of(client: Client, story: Story) -> None:
    story.settled(0.7, "yes")
    numbers = [story.number("0", "10", statement=f"The register will have {n} pages by June.") for n in (3, 4)]
    for row in numbers:
        story.says(row, {"4": 0.25, "5": 0.5, "6": 0.75})
    story.resolves(numbers[1], "retracted", known_at=DEADLINE + DAY)
    story.corrects(numbers[1], "ambiguous_criteria", known_at=DEADLINE + DAY, at=DEADLINE + 2 * DAY)
    story.scores()
    text = read(client, PAGE).text
    assert in_order(text, "Not yet rated by us", "have 3 pages", "Predictions", "Corrections", "have 4 pages")


def test_few_predictions_are_listed_without_a_score(client: Client, story: Story) -> None:
    for _ in range(3):
        story.settled(0.7, "yes")
    story.scores()
    page = read(client, PAGE)
    assert "3 of 3 predictions are settled and counted, too few to say" in page.text
    assert "Brier" not in page.text


def test_the_biggest_surprises_are_misses_with_what_was_said(client: Client, story: Story) -> None:
    hit = story.settled(0.9, "yes", statement="The hit will come by June.")
    story.settled(0.6, "no", statement="The small miss will come by June.")
    story.settled(0.95, "no", statement="The large miss will come by June.")
    story.scores()
    page = read(client, PAGE).text
    surprises = page[page.index("Biggest surprises") : page.index("All predictions of")].partition(" Predictions ")[0]
    assert in_order(surprises, "The large miss", "95 % said", "It did not happen", "The small miss", "60 % said")
    assert hit.statement not in surprises


def test_a_table_that_is_not_live_is_named_and_leads_to_the_others(client: Client, story: Story) -> None:
    story.settled(0.7, "yes")
    late = story.opened()
    story.says(late, 0.9, issued_at=START, at=DEADLINE)
    story.passes(late)
    story.resolves(late, "yes", known_at=START + 60 * DAY, at=DEADLINE + DAY)
    story.scores()
    live = read(client, PAGE)
    assert "are not live forecasts" not in live.text
    other = next(link for link in live.links if "track=backfilled" in link)
    assert "Recorded afterwards. These are not live forecasts" in read(client, PAGE + other).text


@pytest.mark.parametrize(
    ("query", "parameter", "accepted"),
    [
        ("track=best", "track", "Give one of live, backfilled, imported, all."),
        ("cohort=good", "cohort", "Give one of due, all."),
        ("counting=mean", "counting", "Give one of first, lead:1,"),
        ("basis=guess", "basis", "Give one of explicit, stated,"),
        ("forecaster=other", "forecaster", "The parameters here are kind, track, cohort, counting, basis, scale."),
        ("x=1", "x", "The parameters here are kind, track, cohort, counting, basis, scale."),
        ("scale=cubic", "scale", "Give log-odds, or leave it out."),
        ("track=live&track=all", "track", "Give it once."),
    ],
)
def test_what_cannot_be_asked_is_answered_with_what_can(
    client: Client, story: Story, query: str, parameter: str, accepted: str
) -> None:
    story.says(story.opened(), 0.4)
    assert in_order(read(client, f"{PAGE}?{query}", status=400).text, "Parameter", parameter, "Accepted", accepted)


def test_every_way_of_counting_has_a_page(client: Client, story: Story) -> None:
    for n in range(10):
        story.settled(0.7, "yes" if n < 7 else "no")
    early = story.opened(resolves_by=LATER)
    story.says(early, 0.8)
    story.resolves(early, "yes", known_at=DEADLINE)
    story.scores()
    refusal = read(client, f"{PAGE}?counting=last", status=400).text
    assert in_order(refusal, "counting", "last", "resolve early")
    for counting in ("first", "lead:30", "time"):
        due, everything = (read(client, f"{PAGE}?counting={counting}&cohort={cohort}") for cohort in ("due", "all"))
        assert "11 predictions of yes or no made" in due.text
        assert "11 predictions of yes or no made" in everything.text
        assert "it is biased" not in due.text
        assert "it is biased" in everything.text


def test_the_figures_are_those_of_the_query(client: Client, story: Story, clock: Any) -> None:
    for n in range(10):
        story.settled(0.8, "yes" if n < 6 else "no")
    story.scores()
    found = calibration(of_forecaster(story.desk), clock.now)
    page = read(client, PAGE)
    assert found.brier is not None
    assert f"The mean Brier score is {found.brier.value:.3f}" in page.text
    assert found.digest in page.text
    assert found.query.url in page.links


def test_a_correction_is_listed(client: Client, story: Story) -> None:
    prediction = story.settled(0.7, "yes")
    finding = story.sees(prediction, at=DEADLINE + 2 * DAY)
    prediction.refresh_from_db()
    correct_resolution(
        prediction=prediction,
        result=Result(known_at=DEADLINE + DAY, outcome="no", evidence_exception="the gazette was withdrawn"),
        findings=[finding],
        proposer=story.editor,
        note="We had read the wrong gazette.",
        at=DEADLINE + 3 * DAY,
        by=story.approver,
    )
    story.scores()
    assert in_order(read(client, PAGE).text, "Corrections", prediction.statement, "corrected")


def test_who_was_merged_is_found_under_the_new_name(client: Client, story: Story) -> None:
    old = story.forecaster("old-name")
    story.says(story.opened(), 0.4, forecaster=old)
    old.merged_into = story.desk
    save_reference(row=old, at=START, by=story.editor)
    answer = client.get("/forecasters/old-name/")
    assert (answer.status_code, answer["Location"]) == (301, PAGE)


def test_nobody_of_that_name_is_404(client: Client, db: None) -> None:
    assert "There is no such page" in read(client, "/forecasters/nobody/", status=404).text


def test_it_answers_304_to_what_it_said_and_not_to_another_table(client: Client, story: Story) -> None:
    story.settled(0.7, "yes")
    story.scores()
    tag = client.get(PAGE)["ETag"]
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(PAGE + "?track=all", headers={"If-None-Match": tag}).status_code == 200


def test_a_statistic_that_was_begun_first_and_stored_last_gives_another_tag(client: Client, story: Story) -> None:
    story.settled(0.7, "yes")
    story.scores()
    story.stales()
    keys = list(StoredStatistic.objects.order_by("query").values_list("query", flat=True))
    for key in keys[1:]:
        refresh_calibration(key=key, at=DEADLINE + 16 * DAY)
    tag = client.get(PAGE)["ETag"]
    refresh_calibration(key=keys[0], at=DEADLINE + 15 * DAY)  # by a worker that was slower
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 200


def test_the_number_of_queries_does_not_grow(client: Client, story: Story, django_assert_max_num_queries: Any) -> None:
    for n in range(6):
        story.settled(0.7, "yes" if n % 2 else "no")
        story.says(story.opened(), 0.4)
        story.says(story.opened(resolves_by=LATER), 0.4)
    story.scores()
    with django_assert_max_num_queries(8):
        client.get(PAGE)


def test_hostile_names_are_only_text(client: Client, story: Story) -> None:
    row = Forecaster(
        slug="hostile", name='"><img src=x onerror=alert(1)>\u202e' + "m" * 150, kind="person", bio="<b>" + "b" * 10_000
    )
    save_reference(row=row, at=START, by=story.editor)
    story.says(story.opened(), 0.4, forecaster=row)
    page = read(client, "/forecasters/hostile/")
    assert row.name in page.text
    assert row.bio in page.text
