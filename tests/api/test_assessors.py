"""/api/v1/assessors and /api/v1/assessors/{slug}: the numbers of the pages (tests/web compares them)."""

from collections.abc import Callable

from django.http import HttpResponse

from tests.api.conftest import Get
from tests.records import a_record, assesses, claims, forty_claims
from tests.story import DEADLINE, Story

ONE = "assessors/rule-confirming_report"


def test_it_works(get: Get, story: Story) -> None:
    a_record(story)
    [row] = get("assessors")["results"]
    assert (row["name"], row["slug"], row["claims"]) == ("rule:confirming_report", "rule-confirming_report", None)
    proposals = row["proposals"]
    assert proposals["made"] == proposals["waiting"] + proposals["accepted"] + proposals["rejected"] + 1
    assert proposals["accepted"] == proposals["standing"] + proposals["overturned"] == 8
    assert proposals["rejected_for"] == [
        {"reason": "the evidence is too weak", "n": 2},
        {"reason": "too early to say", "n": 1},
    ]
    agreement = proposals["agreement"]
    assert (agreement["k"], agreement["n"], agreement["n_predictions"]) == (6, 11, 11)
    assert agreement["rate"]["method"] == "wilson, clusters worth 11, 95%"
    assert get(ONE) == {**row, "confidence": None}


def test_nobody_yet(get: Get, story: Story) -> None:
    assert get("assessors") == {"results": []}
    assert get(ONE, status=404)["code"] == "not_found"


def test_what_is_too_few_to_say_is_null(get: Get, story: Story) -> None:
    claims(story, "confirms", 0.9, "yes")
    found = get("assessors/assessor-llm")
    assert found["claims"]["right"] == {"k": 1, "n": 1, "n_predictions": 1, "rate": None}
    sure = found["confidence"]
    assert (sure["display"], sure["brier"], sure["corp"], sure["band"], sure["bins"]) == ("list", None, None, None, [])


def test_confidence_has_curve_band_and_test(get: Get, story: Story) -> None:
    forty_claims(story)
    sure = get("assessors/assessor-llm")["confidence"]
    assert [(block["low"], block["rate"]) for block in sure["corp"]["curve"]] == [
        (0.3, 0.4),
        (0.6, 0.5),
        (0.8, 0.7),
        (0.95, 0.9),
    ]
    assert sure["band"]["n"] == sure["test"]["n"] == sure["n_claims"] == 40


def test_an_assessment_makes_another_etag(ask: Callable[..., HttpResponse], story: Story) -> None:
    finding = story.sees(story.opened(), at=DEADLINE)
    before = ask("assessors")["ETag"]
    assesses(finding, "confirms")
    assert ask("assessors")["ETag"] != before
