"""What is proposed on the word of a language model, and what is not."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from forecasts.actions import accept_proposal, action, reject_proposal
from forecasts.jobs import assessments
from forecasts.jobs.assessments import assess, propose_ready
from forecasts.models import Prediction, Proposal
from tests.assessing import (
    ABANDONED,
    HOUR,
    PUBLISHED,
    dismissed,
    found,
    primary,
    told_by,
    told_by_two,
)
from tests.evidence.assessors.model import ModelServer
from tests.story import DAY, DEADLINE, START, Story


def test_a_proposal_is_made_once_and_again_only_on_other_findings(story: Story, model: ModelServer) -> None:
    prediction = story.opened()
    first, _ = told_by_two(prediction)
    assess()
    assert propose_ready() == 0
    now = timezone.now()
    reject_proposal(proposal=Proposal.objects.get(), reason="weak_evidence", at=now, by=story.approver)
    assert (assess(), propose_ready()) == (0, 0)
    dismissed(finding=first)
    assert propose_ready() == 0
    told_by(prediction, 2)
    assess()
    assert [row.status for row in Proposal.objects.order_by("pk")] == ["rejected", "waiting"]


def test_what_a_killed_worker_left_unproposed_is_proposed_by_the_next(story: Story, model: ModelServer) -> None:
    told_by_two(story.opened())
    given = assessments.options()
    assert given
    assessments._assess_waiting(assessments.build_assessor("llm", given), lambda: False)
    assert not Proposal.objects.exists()
    assess()
    assert Proposal.objects.count() == 1


def test_while_another_proposal_waits_none_is_made(story: Story, model: ModelServer) -> None:
    prediction = story.opened()
    story.proposes(prediction, "no", known_at=DEADLINE)
    told_by_two(prediction)
    assert assess() == 2
    assert Proposal.objects.count() == 1


def test_one_report_is_not_enough_unless_it_is_from_the_primary_source(story: Story, model: ModelServer) -> None:
    alone, told = story.opened(), story.opened()
    found(prediction=alone)
    found(prediction=told, source=primary(), text=ABANDONED)
    assess()
    proposal = Proposal.objects.get()
    assert (proposal.prediction, proposal.outcome) == (told, "no")


def test_reports_that_speak_both_ways_propose_nothing(story: Story, model: ModelServer) -> None:
    prediction = story.opened()
    told_by_two(prediction)
    found(prediction=prediction, text=ABANDONED, host="herald.test")
    assert assess() == 3
    assert not Proposal.objects.exists()


def test_readers_see_who_proposed(story: Story, model: ModelServer, client: Client) -> None:
    prediction = story.opened()
    told_by_two(prediction)
    assess()
    accept_proposal(proposal=Proposal.objects.get(), at=timezone.now(), by=story.approver)
    said = "Proposed by a language model that read the reports, approved by an editor."
    assert said in client.get(prediction.get_absolute_url()).content.decode()
    shown = client.get(f"/api/v1/predictions/{prediction.slug}").json()
    assert shown["resolution"]["proposed_by"] == "assessor:llm"


@action
def _moved(*, prediction: Prediction, **fields: Any) -> None:
    Prediction.objects.filter(pk=prediction.pk).update(**fields)


@pytest.mark.parametrize(
    ("fields", "published", "proposed"),
    [
        ({}, PUBLISHED, True),
        ({"cannot_resolve_early": True}, PUBLISHED, True),  # its deadline has passed
        ({"cannot_resolve_early": True, "resolves_by": dt.datetime(2100, 1, 1, tzinfo=dt.UTC)}, PUBLISHED, False),
        ({}, DEADLINE + DAY, False),
        ({}, None, True),
    ],
)
def test_a_proposal_keeps_to_the_time_of_its_prediction(
    story: Story, model: ModelServer, fields: dict[str, Any], published: dt.datetime | None, proposed: bool
) -> None:
    prediction = story.opened()
    _moved(prediction=prediction, **fields)
    found_at = (published or PUBLISHED) + HOUR
    found(prediction=prediction, source=primary(), published_at=published, found_at=found_at)
    assert assess() == 1
    assert [row.known_at for row in Proposal.objects.all()] == ([published or found_at] if proposed else [])


def test_what_was_seen_before_the_opening_proposes_nothing(story: Story, model: ModelServer) -> None:
    found(prediction=story.opened(), source=primary(), published_at=None, found_at=START - DAY)
    assert assess() == 1
    assert not Proposal.objects.exists()
