"""/api/v1/ledger/entries"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable

from forecasts.actions import open_dispute, open_prediction, propose_resolution, record_rights
from forecasts.actions.settling import Result
from forecasts.ledger.canonical import entry_digest
from forecasts.models import LedgerEntry
from tests.api.conftest import Get
from tests.api.world import checked, draft_with_article, watched
from tests.story import DAY, START, Story


def entries(get: Get) -> list[dict[str, str]]:
    found: list[dict[str, str]] = get("ledger/entries", limit=200)["results"]
    return found


def of_kind(get: Get, kind: str) -> dict[str, str]:
    [found] = [row for row in entries(get) if row["kind"] == kind]
    return found


def test_it_works(get: Get, story: Story) -> None:
    prediction = story.opened()
    story.says(prediction, 0.7)
    entry = of_kind(get, "forecast.issued")
    assert entry["content_status"] == "public"
    assert json.loads(entry["content"])["forecast_row"]["tick"] == "7000"


def test_anybody_can_verify_the_chain_from_what_is_given(get: Get, story: Story) -> None:
    story.settled(0.7, "yes")
    draft_with_article(story, "Zubrowka")
    prev = "0" * 64
    for entry in entries(get):
        header = {name: entry[name] for name in ("seq", "kind", "actor", "subject", "content_sha256", "prev")}
        assert entry["prev"] == prev
        prev = entry_digest(at=dt.datetime.fromisoformat(entry["at"]), **header)
        assert entry["digest"] == prev
        if entry["content_status"] == "public":
            salted = bytes.fromhex(entry["salt"]) + entry["content"].encode()
            assert hashlib.sha256(salted).hexdigest() == entry["content_sha256"]
    assert get("ledger/head")["digest"] == prev


def test_nothing_of_a_draft_is_told_but_headers(get: Get, story: Story) -> None:
    draft = draft_with_article(story, "Zubrowka")
    source = watched(story, draft)
    finding = story.sees(draft, at=START + DAY)
    assert finding.source_id is None
    checked(source, START + DAY, draft)
    told = entries(get)
    assert len(told) == LedgerEntry.objects.count()
    assert "zubrowka" not in json.dumps(told).lower()
    kinds = ("article.imported", "prediction.logged", "watch.saved", "source.saved", "findings.recorded")
    hidden = [row for row in told if row["kind"] in kinds]
    assert {row["kind"] for row in hidden} == set(kinds)
    assert {(row["content_status"], row["content"], row["salt"]) for row in hidden} == {("withheld", None, None)}


def test_opening_publishes_what_was_withheld(get: Get, story: Story) -> None:
    draft = draft_with_article(story, "Zubrowka")
    open_prediction(prediction=draft, override_reason="a test", at=START, by=story.editor)
    assert of_kind(get, "prediction.logged")["content_status"] == "public"
    assert "Zubrowka" in of_kind(get, "article.imported")["content"]


def test_a_check_that_found_something_for_a_draft_too_is_withheld(get: Get, story: Story) -> None:
    public, draft = story.opened(), story.draft()
    source = watched(story, public, draft)
    checked(source, START + DAY, public, draft)
    assert of_kind(get, "findings.recorded")["content_status"] == "withheld"


def test_a_check_of_public_predictions_is_told(get: Get, story: Story) -> None:
    public = story.opened()
    checked(watched(story, public), START + DAY, public)
    assert of_kind(get, "findings.recorded")["content_status"] == "public"
    assert of_kind(get, "source.saved")["content_status"] == "public"


def test_proposals_and_objections_are_told_once_their_prediction_is_public(get: Get, story: Story) -> None:
    public = story.opened()
    finding = story.sees(public, at=START + DAY)
    propose_resolution(
        prediction=public,
        result=Result(known_at=START + DAY, outcome="yes"),
        clauses=[(finding, "")],
        rationale="it was in the gazette",
        at=START + DAY,
        by=story.editor,
    )
    open_dispute(
        prediction=public, reason="other", text="No.", contact="reader@example.org", at=START + DAY, by="reader:web"
    )
    assert of_kind(get, "proposal.made")["content_status"] == "public"
    assert of_kind(get, "dispute.opened")["content_status"] == "public"
    assert "reader@example.org" not in json.dumps(entries(get))


def test_who_may_do_what_is_never_told(get: Get, story: Story) -> None:
    record_rights(user=story.editor, groups=["Editors"], at=START, by=story.approver)
    entry = of_kind(get, "rights.changed")
    assert (entry["content_status"], entry["content"]) == ("withheld", None)


def test_a_forecaster_is_told_once_they_forecast_in_public(get: Get, story: Story) -> None:
    assert of_kind(get, "forecaster.saved")["content_status"] == "withheld"
    story.says(story.opened(), 0.7)
    assert of_kind(get, "forecaster.saved")["content_status"] == "public"


def test_pages_go_from_the_first_entry_to_the_last(get: Get, story: Story) -> None:
    story.settled(0.7, "yes")
    page, seen = get("ledger/entries", limit=3), []
    while True:
        seen += [row["seq"] for row in page["results"]]
        if not page["next"]:
            break
        page = get("ledger/entries", limit=3, cursor=page["next"].partition("cursor=")[2])
    assert seen == list(range(1, LedgerEntry.objects.count() + 1))


def test_the_number_of_queries_does_not_grow_with_the_entries(
    get: Get, story: Story, count_queries: Callable[..., int]
) -> None:
    story.settled(0.7, "yes")
    few = count_queries("ledger/entries", limit=200)
    story.settled(0.7, "yes")
    story.settled(0.2, "no")
    assert count_queries("ledger/entries", limit=200) == few <= 16
