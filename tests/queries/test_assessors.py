"""Track records: every count by hand, every interval and curve against another library."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss

from forecasts.actions import save_reference
from forecasts.models import PredictionGroup
from forecasts.queries.assessors import Assessor, assessor, assessors
from forecasts.queries.claims import Claims, Confidence
from forecasts.scoring.uncertainty import n_eff, wilson
from tests.records import RULE, a_record, accepts, assesses, claims, forty_claims, proposes, rejects
from tests.story import DAY, DEADLINE, START, Story

pytestmark = pytest.mark.django_db


def of(name: str) -> Assessor:
    [found] = [row for row in assessors() if row.name == name]
    return found


def claimed() -> Claims:
    found = of("assessor:llm").claims
    assert found
    return found


def sure() -> Confidence:
    found = of("assessor:llm").confidence
    assert found
    return found


def test_it_works(story: Story) -> None:
    a_record(story)
    found = of(RULE).proposals
    assert (found.made, found.waiting, found.accepted, found.rejected, found.superseded) == (13, 1, 8, 3, 1)
    assert (found.standing, found.overturned, found.decided) == (6, 2, 11)
    assert found.rejected_for == (("the evidence is too weak", 2), ("too early to say", 1))
    rate = found.agreement.rate
    assert rate
    assert rate.value == 6 / 11
    ends = binomtest(6, 11).proportion_ci(method="wilson")
    assert (rate.low, rate.high) == pytest.approx((ends.low, ends.high))


def test_without_rules_there_is_nothing(story: Story) -> None:
    story.settled(0.7, "yes")  # proposed by an editor
    assert assessors() == ()
    assert assessor("rule-confirming_report") is None


def test_each_has_a_record_of_its_own_under_an_address_of_its_own(story: Story) -> None:
    proposes(story.opened(), "yes")
    proposes(story.opened(), "no", by="rule:silence_after_deadline")
    proposes(story.opened(), "no", by="assessor:llm")
    assert [(row.title, row.url) for row in assessors()] == [
        ("Assessor: llm", "/assessors/assessor-llm/"),
        ("Rule: confirming report", "/assessors/rule-confirming_report/"),
        ("Rule: silence after deadline", "/assessors/rule-silence_after_deadline/"),
    ]


def test_what_only_drafts_know_is_not_counted(story: Story) -> None:
    proposes(story.draft(), "duplicate")
    assert assessors() == ()


def test_a_correction_that_keeps_the_outcome_overturns_nothing(story: Story) -> None:
    prediction = story.opened()
    accepts(story, proposes(prediction, "yes"))
    story.corrects(prediction, "yes", known_at=DEADLINE, at=DEADLINE + 3 * DAY)
    assert (of(RULE).proposals.standing, of(RULE).proposals.overturned) == (1, 0)


def test_a_share_needs_ten_predictions_and_not_ten_proposals(story: Story) -> None:
    prediction = story.opened()
    for _ in range(10):
        rejects(story, proposes(prediction, "yes"), "too_early")
    agreement = of(RULE).proposals.agreement
    assert (agreement.k, agreement.n, agreement.predictions, agreement.rate) == (0, 10, 1, None)


def test_a_family_counts_for_what_it_is_worth(story: Story) -> None:
    family = save_reference(row=PredictionGroup(slug="family", title="Family"), at=START, by=story.editor)
    for n in range(12):
        accepts(story, proposes(story.opened(group=family if n < 8 else None), "yes"))
    rate = of(RULE).proposals.agreement.rate
    worth = n_eff([8, 1, 1, 1, 1])  # 12² / (8² + 4) = 2.1
    assert rate
    assert worth == pytest.approx(144 / 68)
    assert (rate.low, rate.high) == (wilson(worth, worth).low, 1)


def test_claims_are_judged_by_what_stands_now(story: Story) -> None:
    claims(story, "confirms", 0.9, "yes")
    claims(story, "confirms", 0.9, "no", overruled="quote_not_found")
    claims(story, "refutes", 0.9, "no")
    claims(story, "partial", 0.9, "yes")
    corrected = claims(story, "refutes", 0.9, "no")
    story.corrects(corrected, "yes", known_at=DEADLINE + DAY, at=DEADLINE + 3 * DAY)
    assesses(story.sees(story.opened(), at=DEADLINE), "confirms")  # open: nothing to judge it by
    found = claimed()
    assert (found.read, found.made, found.settled, found.models) == (6, 5, 4, ("some-model",))
    confirms, refutes = found.relations
    assert [(row.k, row.n) for row in (confirms.said, confirms.believed)] == [(1, 2), (1, 1)]
    assert [(row.k, row.n) for row in (refutes.said, refutes.believed)] == [(1, 2), (1, 2)]


def test_what_was_voided_judges_nobody(story: Story) -> None:
    prediction = story.opened()
    assesses(story.sees(prediction, at=DEADLINE), "confirms")
    story.resolves(prediction, "ambiguous_criteria", known_at=DEADLINE + DAY)
    assert (claimed().made, claimed().settled) == (1, 0)


def test_the_newest_assessment_of_a_report_counts(story: Story) -> None:
    prediction = story.opened()
    finding = story.sees(prediction, at=DEADLINE)
    assesses(finding, "refutes", at=DEADLINE)
    assesses(finding, "confirms", at=DEADLINE + DAY, assessor="llm other-model llm-4", model="other-model")
    story.resolves_directly(prediction, "yes", known_at=DEADLINE + 2 * DAY)
    found = claimed()
    assert (found.read, found.models, found.right.k, found.right.n) == (1, ("other-model",), 1, 1)


def test_of_few_claims_there_is_no_score(story: Story) -> None:
    claims(story, "confirms", 0.9, "yes")
    found = sure()
    assert (found.display, found.brier, found.corp, found.thinned, found.bins) == ("list", None, None, None, ())
    assert found.verdict == "too early to say"


def test_claims_of_which_none_is_settled_are_no_error(story: Story) -> None:
    assesses(story.sees(story.opened(), at=DEADLINE), "confirms")
    assert (sure().display, sure().claims, sure().share_right) == ("list", 0, None)


def test_the_reliability_of_confidence_is_that_of_other_libraries(story: Story) -> None:
    forty_claims(story)
    found = sure()
    p = np.repeat([0.3, 0.6, 0.8, 0.95], 10)
    y = np.concatenate([np.arange(10) < right for right in (4, 5, 7, 9)]).astype(float)
    assert (found.display, found.predictions, found.claims) == ("curve", 40, 40)
    assert found.brier
    assert found.corp
    assert found.thinned
    assert found.brier.value == pytest.approx(brier_score_loss(y, p))
    assert found.brier.low is not None
    assert found.brier.high is not None
    assert found.brier.low < found.brier.value < found.brier.high
    curve = [(block.low_tick, block.rate) for block in found.corp.blocks]
    fitted = IsotonicRegression().fit(p, y).predict([0.3, 0.6, 0.8, 0.95])
    assert curve == [(tick, pytest.approx(rate)) for tick, rate in zip((3000, 6000, 8000, 9500), fitted, strict=True)]
    assert found.corp.miscalibration == pytest.approx(
        brier_score_loss(y, p) - np.mean((np.repeat(fitted, 10) - y) ** 2)
    )
    assert (found.thinned.n, found.verdict) == (40, "well calibrated")
    [confirms, refutes] = claimed().relations
    assert [(row.said.k, row.said.n) for row in (confirms, refutes)] == [(16, 30), (9, 10)]


def test_the_number_of_queries_does_not_grow(story: Story, django_assert_num_queries: object) -> None:
    a_record(story)
    claims(story, "confirms", 0.9, "yes")
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(assessors()) == 2


def test_what_editors_overrode_by_settling_otherwise_counts_against_it(story: Story) -> None:
    for n in range(12):
        prediction = story.opened()
        proposal = proposes(prediction, "no")
        if n < 10:
            accepts(story, proposal)
        else:
            story.resolves_directly(prediction, "yes", known_at=DEADLINE + 3 * DAY)
    found = of(RULE).proposals
    assert (found.accepted, found.superseded, found.standing, found.decided) == (10, 2, 10, 12)
