"""What was seen for a prediction."""

from forecasts.actions import review_finding
from forecasts.queries.evidence import snapshots_of
from tests.story import DAY, START, Story


def test_it_works(story: Story) -> None:
    prediction, other = story.opened(), story.opened()
    late, early = story.sees(prediction, at=START + DAY), story.sees(prediction, at=START)
    story.sees(other, at=START)
    assert list(snapshots_of(prediction)) == [early.snapshot, late.snapshot]


def test_dismissed_evidence_is_part_of_it(story: Story) -> None:
    prediction = story.opened()
    finding = story.sees(prediction, at=START)
    review_finding(finding=finding, review="dismissed", at=START, by=story.editor)
    assert list(snapshots_of(prediction)) == [finding.snapshot]


def test_the_proof_of_a_forecast_is_part_of_it_and_counts_once(story: Story) -> None:
    prediction, elsewhere = story.opened(), story.opened()
    proof = story.sees(elsewhere, at=START).snapshot
    story.says(prediction, 0.7, at=START, proof=proof)
    assert list(snapshots_of(prediction)) == [proof]
