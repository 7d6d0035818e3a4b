import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from forecasts.queries.assessors import assessor
from tests.records import a_record, assesses, claims, forty_claims, proposes
from tests.story import DEADLINE, Story
from tests.web.reading import in_order, read

pytestmark = pytest.mark.django_db
RULE_PAGE = "/assessors/rule-confirming_report/"
LLM_PAGE = "/assessors/assessor-llm/"
HOSTILE = '"><img src=x onerror=alert(1)>\u202e'


def test_it_works(client: Client, story: Story) -> None:
    a_record(story)
    assert in_order(
        read(client, "/assessors/").text,
        "Rules and assessors",
        "Rule: confirming report",
        "13 proposals",
        "Of 11 proposals that editors decided, 6 still stand (55 %).",
    )
    page = read(client, RULE_PAGE)
    assert in_order(
        page.text,
        "Rule: confirming report",
        "Of 11 proposals that editors decided, 6 still stand (55 %).",
        "95 % interval of that share: 28 to 79 %",  # Wilson's of 6 of 11
        "no blind test",
        "13 proposals made",
        "Accepted, and still stands 6",
        "Accepted, and corrected later 2",
        "Rejected: the evidence is too weak 2",
        "Rejected: too early to say 1",
        "Overtaken: editors settled the prediction themselves 1",
        "Waits for an editor 1",
    )
    assert "/api/v1/assessors/rule-confirming_report" in page.links
    assert "What it claimed" not in page.text


def test_a_language_model_is_judged_by_its_claims_and_its_confidence(client: Client, story: Story) -> None:
    forty_claims(story)
    page = read(client, LLM_PAGE)
    assert in_order(
        page.text,
        "Of 40 claims that can be judged by now, 25 were right (62 %).",  # 62.5, to even
        "It read 40 reports and said of 40 that they confirm or refute.",
        "Said “confirms” 30 16 53 %",
        "Of these, believed by our rules 30 16 53 %",
        "Said “refutes” 10 9 90 %",
        "has a mean Brier score of 0.206",  # (1.96 + 0.54 + 0.8 + 1.8 + 0.28 + 1.92 + 0.0225 + 0.9025) / 40
        "Verdict: well calibrated.",
        "Its confidence",
        "How often it was right",
        "The numbers in this chart",
        "90% to 100% 95 % 10 9 90 %",
        "Band and p value rest on 40 separate claims",
        "some-model",
    )


def test_the_page_says_what_the_api_says(client: Client, story: Story) -> None:
    forty_claims(story)
    page, data = read(client, LLM_PAGE).text, client.get("/api/v1/assessors/assessor-llm").json()
    [row] = client.get("/api/v1/assessors").json()["results"]
    assert {**row, "confidence": data["confidence"]} == data
    brier = data["confidence"]["brier"]
    assert f"{brier['value']:.3f} (95 % interval {brier['low']:.3f} to {brier['high']:.3f})" in page
    for claim in data["claims"]["relations"]:
        said = claim["said"]
        assert f"Said “{claim['relation']}” {said['n']} {said['k']}" in page
    assert f"(p = {data['confidence']['test']['p_value']:.2g})" in page
    assert re.search(r"Brier score (0\.\d+)", page)[1] == f"{data['confidence']['corp']['score']:.3f}"  # type: ignore[index]


def test_before_anybody_proposed_the_list_says_so(client: Client, db: None) -> None:
    assert "No rule and no assessor has proposed anything yet." in read(client, "/assessors/").text
    read(client, RULE_PAGE, status=404)


def test_one_proposal_that_waits_is_told_in_the_singular(client: Client, story: Story) -> None:
    proposes(story.opened(), "yes")
    page = read(client, RULE_PAGE).text
    assert in_order(page, "Its only proposal was neither accepted nor rejected.", "1 proposal made", "1 wait")
    assert "interval of that share" not in page


def test_of_few_no_share_is_given(client: Client, story: Story) -> None:
    claims(story, "confirms", 0.9, "yes")
    page = read(client, LLM_PAGE).text
    assert "Of 1 claim that can be judged by now, 1 was right: on 1 prediction, too few to speak of a share" in page
    assert in_order(page, "Said “confirms” 1 1 too few", "Said “refutes” 0 0 –", "its confidence is scored from 10 on")
    assert "Brier" not in page
    assert "<svg" not in page


def test_claims_of_which_none_is_settled_are_counted_all_the_same(client: Client, story: Story) -> None:
    assesses(story.sees(story.opened(), at=DEADLINE), "confirms")
    page = read(client, LLM_PAGE).text
    assert in_order(
        page, "nothing that it claimed can be judged", "It read 1 report. It said of 1 that it confirms or refutes."
    )


def test_hostile_names_are_only_text(client: Client, story: Story) -> None:
    finding = story.sees(story.opened(), at=DEADLINE)
    assesses(finding, "confirms", model=HOSTILE)
    proposes(story.opened(), "yes", by="assessor:<b>x</b>")
    assert HOSTILE in read(client, LLM_PAGE).text
    assert "Assessor: <b>x</b>" in read(client, "/assessors/").text
    read(client, "/assessors/assessor-bxb/")


def test_it_answers_304_until_something_is_decided_or_assessed(client: Client, story: Story) -> None:
    a_record(story)
    finding = story.sees(story.opened(), at=DEADLINE)
    for change in (lambda: assesses(finding, "confirms"), lambda: proposes(story.opened(), "yes")):
        tags = {page: client.get(page)["ETag"] for page in ("/assessors/", RULE_PAGE)}
        for page, tag in tags.items():
            assert client.get(page, headers={"If-None-Match": tag}).status_code == 304
        change()
        for page, tag in tags.items():
            assert client.get(page, headers={"If-None-Match": tag}).status_code == 200


def test_the_number_of_queries_does_not_grow(
    client: Client, story: Story, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    a_record(story)
    for page in ("/assessors/", RULE_PAGE):
        with django_assert_max_num_queries(5):
            client.get(page)


def test_every_page_leads_there(client: Client, story: Story) -> None:
    assert "/assessors/" in read(client, "/").links
    assert read(client, "/method/").links.count("/assessors/") == 2


def test_the_confidence_of_a_rule_is_nothing(story: Story) -> None:
    proposes(story.opened(), "yes")
    found = assessor("rule-confirming_report")
    assert found
    assert found.confidence is None
