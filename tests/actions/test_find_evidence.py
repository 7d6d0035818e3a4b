"""Evidence by hand, and its review."""

from dataclasses import replace

import pytest

from forecasts.actions import Seen, add_finding, review_finding
from forecasts.errors import Conflict
from forecasts.models import EntryKind, Finding, LedgerEntry, Snapshot
from tests.refusals import refused
from tests.story import DAY, START, Story

SEEN = Seen("Gazette", "https://gazette.test/1", "Today: the rule is out. Read it.", "the rule is out.", "supports_yes")


def test_it_works(story: Story) -> None:
    finding = add_finding(prediction=story.opened(), seen=SEEN, at=START, by=story.editor)
    assert (finding.review, finding.reviewed_by, finding.stance) == ("accepted", story.editor, "supports_yes")
    assert finding.snapshot.text[finding.quote_start : finding.quote_end] == finding.quote
    entry = LedgerEntry.objects.latest("seq")
    assert (entry.kind, entry.subject) == (EntryKind.FINDINGS_RECORDED, f"finding:{finding.pk}")


@pytest.mark.parametrize(
    ("field", "value", "accepted"),
    [
        ("title", " ", "give the report's title"),
        ("quote", "the rule was out", "word for word"),
        ("quote", "", "word for word"),
        ("stance", "maybe", "give one of supports_yes, supports_no, related"),
    ],
)
def test_what_cannot_be_is_refused(story: Story, field: str, value: str, accepted: str) -> None:
    prediction = story.opened()
    with refused(field, repr(value), accepted):
        add_finding(prediction=prediction, seen=replace(SEEN, **{field: value}), at=START, by=story.editor)


def test_the_same_text_is_evidence_once_per_prediction(story: Story) -> None:
    prediction = story.opened()
    add_finding(prediction=prediction, seen=SEEN, at=START, by=story.editor)
    with refused("text", "Gazette", "already among the evidence", Conflict):
        add_finding(prediction=prediction, seen=SEEN, at=START, by=story.editor)
    add_finding(prediction=story.opened(), seen=SEEN, at=START, by=story.editor)
    assert (Finding.objects.count(), Snapshot.objects.count()) == (2, 1)


def test_a_review_may_change_and_each_change_is_an_entry(story: Story) -> None:
    finding = add_finding(prediction=story.opened(), seen=SEEN, at=START, by=story.editor)
    before = LedgerEntry.objects.count()
    for review in ("dismissed", "accepted"):
        row = review_finding(finding=finding, review=review, at=START + DAY, by=story.approver)
        assert (row.review, row.reviewed_by, row.reviewed_at) == (review, story.approver, START + DAY)
    assert LedgerEntry.objects.count() == before + 2


@pytest.mark.parametrize("review", ["new", "", "liked"])
def test_any_other_review_is_refused(story: Story, review: str) -> None:
    finding = add_finding(prediction=story.opened(), seen=SEEN, at=START, by=story.editor)
    with refused("review", repr(review), "accept it or dismiss it"):
        review_finding(finding=finding, review=review, at=START, by=story.editor)
