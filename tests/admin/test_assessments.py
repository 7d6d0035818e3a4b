"""What the desk shows of assessments: all of it, escaped, and with no way to change anything."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from forecasts.jobs.assessments import assess
from forecasts.models import AssessorCall, Finding, Prediction, Proposal
from tests.assessing import ADOPTED, found, model_at_work, told_by_two
from tests.evidence.assessors.model import ModelServer, answer
from tests.journeys.desk import Desk
from tests.story import Story, make_user

SCRIPT = "<script>alert('x')</script>"


@pytest.fixture
def model(settings: Any) -> Iterator[ModelServer]:
    with model_at_work(settings) as server:
        yield server


def page(story: Story, row: Any) -> str:
    url = reverse(f"admin:forecasts_{row._meta.model_name}_change", args=[row.pk])
    return Desk(story.editor).get(url).content.decode()


def test_it_works(story: Story, model: ModelServer) -> None:
    finding, _ = told_by_two(story.opened())
    assert "none yet" in page(story, finding)
    model.mind = lambda text: answer(
        "confirms", ADOPTED, event_date="2026-03-03", unmet=["a signature"], annul_reason="it was split"
    )
    assess()
    shown = page(story, finding)
    assert '<span class="desk-count">confirms</span> 90 % sure, wordy-1, ' in shown
    for line in (
        f"<blockquote><mark>{ADOPTED}</mark></blockquote>",
        "<div>it happened on: 2026-03-03</div>",
        "<div>left open: a signature</div>",
        "<div>it may be void: it was split</div>",
        "<div>in its words: The words say so.</div>",
    ):
        assert line in shown
    assert "of earlier criteria" not in shown


def test_what_is_not_believed_says_why(story: Story, model: ModelServer) -> None:
    finding = found(prediction=story.opened())
    model.mind = lambda text: answer("confirms", "The authority never said that in any report.")
    assess()
    assert "<div>it said confirms: not believed, a passage does not stand in the report</div>" in page(story, finding)


def test_what_holds_no_longer_says_so(story: Story, model: ModelServer, settings: Any) -> None:
    finding = found(prediction=story.opened())
    assess()
    settings.ASSESSOR_LLM_MODEL = "wordier"
    assert "of earlier criteria or another model" in page(story, finding)


def test_nothing_of_a_model_or_a_report_is_markup(story: Story, model: ModelServer) -> None:
    text = f"Said today: {SCRIPT} is what they have adopted."
    finding = found(prediction=story.opened(), text=text)
    model.mind = lambda asked: answer(
        "confirms", f"{SCRIPT} is what they have adopted.", unmet=[SCRIPT], annul_reason=SCRIPT, why=SCRIPT
    )
    assess()
    shown = page(story, finding)
    assert SCRIPT not in shown
    assert "alert(" in shown


def test_the_badge_stands_on_the_prediction_and_on_its_proposal(story: Story, model: ModelServer) -> None:
    prediction = story.opened()
    assert "ready" not in page(story, prediction).partition("enough to decide")[2][:100]
    told_by_two(prediction)
    assess()
    badge = '<span class="desk-count">ready: yes</span> two independent sources say so: gazette.test and courier.test'
    assert badge in page(story, prediction)
    proposal = Proposal.objects.get()
    assert badge in page(story, proposal)
    assert "assessor: llm" in page(story, proposal)


def test_one_report_is_not_ready(story: Story, model: ModelServer) -> None:
    prediction = story.opened()
    found(prediction=prediction)
    assess()
    assert '<span class="desk-count">not ready</span> only one report says so' in page(story, prediction)


def test_proposing_by_hand_starts_without_an_outcome(story: Story, model: ModelServer) -> None:
    prediction = story.opened()
    told_by_two(prediction)
    assess()
    form = Desk(story.editor).get(reverse("admin:forecasts_prediction_do", args=[prediction.pk, "propose"]))
    assert [form.context["form"][name].value() for name in ("outcome", "findings")] == [None, None]


def test_operators_read_the_calls_and_what_today_has_cost(story: Story, model: ModelServer, settings: Any) -> None:
    settings.ASSESSOR_LLM_PROMPT_PRICE = 1
    told_by_two(story.opened())
    assess()
    operator, editor = Desk(make_user("operator", "Operators")), Desk(make_user("plain", "Editors"))
    url = reverse("admin:forecasts_assessorcall_changelist")
    shown = operator.get(url).content.decode()
    assert "Today 2 of 200 calls, 0.0020 of 1.0000" in shown
    assert "llm wordy assess-1" in shown
    assert editor.get(url).status_code == 403
    row = AssessorCall.objects.order_by("pk")[0]
    assert operator.get(reverse("admin:forecasts_assessorcall_change", args=[row.pk])).status_code == 200
    assert operator.get(reverse("admin:forecasts_assessorcall_add")).status_code == 403


def test_pages_with_assessments_change_nothing(story: Story, model: ModelServer) -> None:
    prediction = story.opened()
    told_by_two(prediction)
    assess()
    for row in (prediction, *Finding.objects.all(), *Proposal.objects.all()):
        page(story, row)
    assert Prediction.objects.get().status == "open"
    assert not Finding.objects.exclude(review="new").exists()
