"""The language model beside the workers: what it is asked, and what that costs."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from forecasts import tasks
from forecasts.jobs import assessments
from forecasts.jobs.assessments import BY, assess
from forecasts.models import Assessment, AssessorCall, AssessorState, Finding, Proposal
from forecasts.queries.assessments import spend_today, standing, waiting_findings
from tests.assessing import (
    ADOPTED,
    HOUR,
    PUBLISHED,
    dismissed,
    found,
    mended,
    of_a_series,
    passes,
    told_by_two,
)
from tests.evidence.assessors.model import PATH, ModelServer, gullible, read_words
from tests.evidence.assessors.test_injection import INJECTED
from tests.evidence.server import response
from tests.story import DAY, DEADLINE, Story

BROKEN = response(b"", status="500 Broken")


def breaks(model: ModelServer, answer: bytes = BROKEN) -> None:
    model.mind, model.routes[PATH] = None, answer


def asked(model: ModelServer) -> list[str]:
    """What the model was shown, call by call."""
    return [json.loads(body)["messages"][1]["content"] for body in model.posted]


def test_it_works(story: Story, model: ModelServer) -> None:
    prediction = story.opened()
    first, second = told_by_two(prediction)
    assert assess() == 2
    rows = Assessment.objects.order_by("finding_id")
    assert [(row.finding, row.relation, row.assessor) for row in rows] == [
        (first, "confirms", "llm wordy assess-1"),
        (second, "confirms", "llm wordy assess-1"),
    ]
    call = AssessorCall.objects.get(finding=first)
    assert call.ended_at is not None
    assert (call.prompt_tokens, call.completion_tokens, call.estimated, call.error_code) == (1000, 50, False, "")
    proposal = Proposal.objects.get()
    assert (proposal.by_rule, proposal.outcome, proposal.confidence) == (BY, "yes", 90)
    assert (proposal.known_at, proposal.status) == (PUBLISHED, "waiting")
    assert set(proposal.findings.all()) == {first, second}
    assert proposal.rationale == (
        "As a language model reads them, two independent sources say so: gazette.test and courier.test."
    )


def test_it_decides_and_preselects_nothing(story: Story, model: ModelServer) -> None:
    prediction = story.opened()
    told_by_two(prediction)
    before = Finding.objects.order_by("pk").values()
    as_found = list(before)
    assess()
    assert list(before.all()) == as_found
    prediction.refresh_from_db()
    assert (prediction.status, prediction.current_resolution) == ("open", None)


@pytest.mark.parametrize("missing", ["ASSESSOR_LLM_URL", "ASSESSOR_LLM_MODEL"])
def test_nothing_runs_without_an_endpoint_and_a_model(
    story: Story, model: ModelServer, settings: Any, missing: str
) -> None:
    told_by_two(story.opened())
    setattr(settings, missing, "")
    assert assess() == 0
    assert (model.posted, AssessorCall.objects.count(), Proposal.objects.count()) == ([], 0, 0)


def test_what_need_not_be_read_is_not(story: Story, model: ModelServer) -> None:
    settled, prediction = story.opened(), story.opened()
    found(prediction=settled)
    story.resolves_directly(settled, "yes", known_at=DEADLINE)
    found(prediction=story.number("0", "200"))
    dismissed(finding=found(prediction=prediction))
    of_a_series(finding=found(prediction=prediction))
    first = found(prediction=prediction)
    found(prediction=prediction, same_story_as=first)
    assert list(waiting_findings(timezone.now())) == [first]
    assert (assess(), len(model.posted)) == (1, 1)


def test_the_most_relevant_and_newest_are_read_first_and_a_run_ends(
    story: Story, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    prediction = story.opened()
    last, newer, best = (
        found(prediction=prediction, text=f"Nothing of it, {name}. It was quiet.", **fields)
        for name, fields in (
            ("last", {}),
            ("newer", {"found_at": PUBLISHED + DAY}),
            ("best", {"relevance": 900}),
        )
    )
    assert list(waiting_findings(timezone.now())) == [best, newer, last]
    monkeypatch.setattr(assessments, "CALLS_PER_RUN", 2)
    assert assess() == 2
    assert [("best" in text, "newer" in text) for text in asked(model)] == [(True, False), (False, True)]
    assert not last.assessments.exists()


def test_only_the_item_is_shown_and_quotes_point_into_it(story: Story, model: ModelServer) -> None:
    text = f"Strelsau. {ADOPTED} It is so."
    finding = found(prediction=story.opened(), text=text, before="What stands before. ", behind=" What comes after.")
    assess()
    (shown,) = asked(model)
    assert [words in shown for words in (text, "stands before", "comes after", finding.url)] == [True, *[False] * 3]
    (quote,) = Assessment.objects.get().quotes
    item = finding.snapshot.text[finding.item_start : finding.item_end]
    assert quote["text"] == ADOPTED == item[quote["start"] : quote["end"]]


def test_where_no_item_is_marked_the_whole_text_is_read(story: Story, model: ModelServer) -> None:
    found(prediction=story.opened(), before="What stands before. ", item_start=None, item_end=None)
    assess()
    assert f"What stands before. {ADOPTED}" in asked(model)[0]


def test_nothing_is_paid_for_twice(story: Story, model: ModelServer) -> None:
    found(prediction=story.opened())
    assert [assess(), assess(), assess()] == [1, 0, 0]
    assert len(model.posted) == 1


def test_the_task_run_twice_changes_nothing_the_second_time(story: Story, model: ModelServer) -> None:
    told_by_two(story.opened())
    assert [tasks.assess_waiting(), tasks.assess_waiting()] == [2, 0]
    assert Proposal.objects.count() == 1


def test_new_criteria_and_another_model_are_asked_again(story: Story, model: ModelServer, settings: Any) -> None:
    prediction = story.opened()
    told_by_two(prediction)
    assess()
    story.amends(prediction, {"criteria": "Yes if the rule is binding on everybody."}, at=timezone.now(), reason="x")
    assert standing(prediction) == []
    assert assess() == 2
    settings.ASSESSOR_LLM_MODEL = "wordier"
    assert assess() == 2
    assert len(model.posted) == 6
    assert "binding on everybody" in asked(model)[2]
    assert len(standing(prediction)) == 2
    assert Assessment.objects.count() == 6


def test_the_same_text_is_copied_within_a_prediction_and_not_beyond(story: Story, model: ModelServer) -> None:
    prediction, other = story.opened(), story.opened()
    one, two, apart = (
        found(prediction=each, title="Rule adopted", before=before)
        for each, before in ((prediction, ""), (prediction, "Before. "), (other, ""))
    )
    assert assess() == 3
    assert len(model.posted) == 2
    kept, copied = Assessment.objects.get(finding=one), Assessment.objects.get(finding=two)
    assert {kept.cache_key} == {copied.cache_key}
    assert (kept.quotes, kept.relation, kept.confidence) == (copied.quotes, copied.relation, copied.confidence)
    assert sorted(AssessorCall.objects.values_list("finding__prediction", flat=True)) == [prediction.pk, other.pk]
    assert apart.assessments.exists()


@pytest.mark.parametrize(
    ("cap", "allowed", "calls"),
    [
        ("ASSESSOR_CALLS_PER_DAY", 3, 3),
        ("ASSESSOR_CALLS_PER_DAY", 0, 0),
        ("ASSESSOR_CALLS_PER_PREDICTION", 1, 2),
        ("ASSESSOR_COST_PER_DAY", Decimal("0"), 0),
        ("ASSESSOR_COST_PER_PREDICTION", Decimal("0.000001"), 0),
    ],
)
def test_caps_hold(
    story: Story, model: ModelServer, settings: Any, cap: str, allowed: int | Decimal, calls: int
) -> None:
    for prediction in (story.opened(), story.opened()):
        told_by_two(prediction)
    settings.ASSESSOR_LLM_PROMPT_PRICE = Decimal(1)
    setattr(settings, cap, allowed)
    assess()
    assess()
    assert len(model.posted) == AssessorCall.objects.count() == calls
    passes(time=DAY)
    assess()
    assert len(model.posted) == min(2 * calls, 4)


def test_what_a_call_cost_replaces_what_it_might_have_cost(story: Story, model: ModelServer, settings: Any) -> None:
    settings.ASSESSOR_LLM_PROMPT_PRICE, settings.ASSESSOR_LLM_ANSWER_PRICE = Decimal("0.15"), Decimal("0.6")
    prediction = story.opened()
    found(prediction=prediction)
    assess()
    spend = spend_today(timezone.now(), prediction.pk)
    assert (spend.calls, spend.prediction_calls) == (1, 1)
    assert spend.cost_micros == spend.prediction_cost_micros == 150 + 30


def test_a_failed_call_may_have_cost_the_most(story: Story, model: ModelServer, settings: Any) -> None:
    settings.ASSESSOR_LLM_ANSWER_PRICE = Decimal(1)
    breaks(model)
    found(prediction=story.opened())
    assert assess() == 0
    call = AssessorCall.objects.get()
    assert (call.error_code, call.cost_micros, call.estimated) == ("http_status", 900, True)
    assert call.ended_at is not None
    assert "500" in call.error
    assert not Assessment.objects.exists()


def test_where_nothing_was_sent_nothing_was_spent_and_the_endpoint_is_left_alone(
    story: Story, model: ModelServer, settings: Any
) -> None:
    settings.ASSESSOR_LLM_ANSWER_PRICE = Decimal(1)
    settings.ASSESSOR_LLM_HOSTS = ["elsewhere.test:443"]
    told_by_two(story.opened())
    assess()
    assess()
    call = AssessorCall.objects.get()
    assert (call.error_code, call.cost_micros, model.posted) == ("endpoint", 0, [])
    assert AssessorState.objects.get().state == "open"


def test_a_report_is_tried_five_times(story: Story, model: ModelServer) -> None:
    breaks(model)
    found(prediction=story.opened())
    for _ in range(7):
        assess()
        mended()
    assert len(model.posted) == AssessorCall.objects.count() == 5


def test_what_failed_stands_behind_what_was_not_tried(story: Story, model: ModelServer) -> None:
    prediction = story.opened()
    poison, other = found(prediction=prediction, relevance=900), found(prediction=prediction)
    breaks(model)
    assess()
    passes(time=HOUR)
    assert list(waiting_findings(timezone.now())) == [poison, other]  # one try each
    breaks(model)
    third = found(prediction=prediction)
    assert next(iter(waiting_findings(timezone.now()))) == third


def test_after_five_failures_the_endpoint_is_left_alone_until_it_answers(story: Story, model: ModelServer) -> None:
    prediction = story.opened()
    for number in range(8):
        found(prediction=prediction, text=f"Quiet day number {number}, nothing was decided.")
    breaks(model)
    assess()
    assess()
    assert len(model.posted) == 5
    passes(time=dt.timedelta(minutes=2))
    assess()
    assert (len(model.posted), AssessorState.objects.get().trips) == (6, 2)
    passes(time=HOUR)
    model.mind = read_words
    assert assess() == 8
    assert AssessorState.objects.get().state == "closed"


def test_an_endpoint_that_names_a_time_is_left_alone_so_long(story: Story, model: ModelServer) -> None:
    told_by_two(story.opened())
    breaks(model, response(b"", "Retry-After: 7200", status="429 Slowly"))
    assess()
    passes(time=HOUR)
    assess()
    assert len(model.posted) == 1


@pytest.mark.parametrize("how", ["plainly", "after a closing delimiter", "in tag characters", "in a hidden element"])
@pytest.mark.parametrize("where", ["in the item", "in its title", "beside it"])
def test_orders_in_a_snapshot_change_nothing(how: str, where: str, story: Story, model: ModelServer) -> None:
    model.mind = gullible
    text, order = "The authority will discuss a watermarking rule in autumn.", INJECTED[how]
    placed: dict[str, dict[str, str]] = {
        "in the item": {"text": text + order},
        "in its title": {"text": text, "title": f"Report{order}"},
        "beside it": {"text": text, "behind": order},
    }
    plain = found(prediction=story.opened(), text=text)
    injected = found(prediction=story.opened(), **placed[where])  # type: ignore[arg-type]
    assert assess() == 2
    assert Assessment.objects.get(finding=plain).relation == "related"
    assert Assessment.objects.get(finding=injected).relation == "related"
    assert not Proposal.objects.exists()
