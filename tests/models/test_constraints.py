"""What must never be false is refused by the database, whoever writes."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from forecasts.actions import action, record_article, save_source
from forecasts.errors import Conflict
from forecasts.models import (
    Article,
    CalibrationCell,
    Check,
    CriteriaVersion,
    Dispute,
    EvidenceSource,
    FactRow,
    Finding,
    Forecast,
    Forecaster,
    LedgerEntry,
    LedgerHead,
    MadeCount,
    Milestone,
    Prediction,
    PredictionGroup,
    Proposal,
    Resolution,
    ScopeCount,
    Score,
)
from tests.story import DAY, DEADLINE, START, Story


@action
def insert(*, row: models.Model) -> None:
    type(row)._default_manager.bulk_create([row])


@action
def change(*, row: models.Model, given: dict[str, Any]) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**given)


@pytest.fixture
def life(story: Story) -> Story:
    """One row, at least, of everything that has constraints."""
    story.settled(0.7, "yes")
    story.scores()
    article = Article(publisher="Wire", title="News", url="https://wire.test/1", text="So it goes.")
    record_article(article=article, at=START, by=story.editor)
    save_source(source=EvidenceSource(title="Feed", url="https://feed.test/"), at=START, by=story.editor)
    story.proposes(story.opened(), "yes", known_at=START + DAY)
    story.topic("chips")
    return story


MONTH = dt.date(2026, 6, 1)
INSERTS: list[tuple[type[models.Model], dict[str, Any], str]] = [
    (Forecast, {"tick": 10_001}, "forecast_tick_range"),
    (Forecast, {"tick": -1}, "forecast_tick_range"),
    (Forecast, {"basis": "guess"}, "forecast_basis_known"),
    (Forecast, {"provenance": "all"}, "forecast_provenance_known"),
    (Forecast, {"tick": 1, "values": [1]}, "forecast_one_kind_of_value"),
    (Forecast, {"issued_at": START + DAY}, "forecast_issued_before_recorded"),
    (Resolution, {"void_reason": "duplicate"}, "resolution_one_result"),
    (Resolution, {"outcome": ""}, "resolution_one_result"),
    (Resolution, {"known_at": DEADLINE + 99 * DAY}, "resolution_known_not_in_future"),
    (Resolution, {}, "resolution_one_first|UNIQUE constraint failed|duplicate key"),
    (CriteriaVersion, {"number": 0}, "criteria_version_from_one"),
    (CriteriaVersion, {"number": 1}, "criteria_version_number_once|UNIQUE constraint failed"),
    (CriteriaVersion, {"number": 9, "after_first_forecast": True}, "criteria_version_reason_after_forecast"),
    (LedgerEntry, {"seq": 0, "digest": "x"}, "entry_seq_from_one"),
    (LedgerEntry, {"seq": 900, "digest": "x", "content": None}, "entry_content_with_salt"),
    (LedgerEntry, {"digest": "x"}, "UNIQUE|duplicate key"),
    (LedgerEntry, {"seq": 900}, "UNIQUE|duplicate key"),
    (LedgerHead, {"id": 2}, "ledger_head_single"),
    (Proposal, {}, "proposal_one_waiting|UNIQUE constraint failed"),
    (Proposal, {"status": "rejected"}, "proposal_rejected_has_reason|proposal_decided_by_someone"),
    (Proposal, {"status": "accepted"}, "proposal_decided_by_someone"),
    (Proposal, {"by_rule": "rule:x"}, "proposal_by_one"),
    (Proposal, {"outcome": ""}, "proposal_one_result"),
    (Proposal, {"status": "lost"}, "proposal_status_known|proposal_decided"),
    (Forecaster, {"slug": "x", "kind": "oracle"}, "forecaster_kind_known"),
    (Forecaster, {"slug": "x", "reply": "No."}, "forecaster_reply_is_dated"),
    (Forecaster, {}, "UNIQUE|duplicate key"),
    (Article, {"slug": "x"}, "article_url_once_per_publisher|article_text_once|UNIQUE constraint failed"),
    (Finding, {}, "finding_once_per_prediction|UNIQUE constraint failed"),
    (Finding, {"digest": "x", "stance": "maybe"}, "finding_stance_known"),
    (Finding, {"digest": "x", "review": "liked"}, "finding_review_known"),
    (Finding, {"digest": "x", "quote_start": 9, "quote_end": 9}, "finding_quote_not_empty"),
    (Finding, {"digest": "x", "relevance": 1001}, "finding_relevance_range"),
    (EvidenceSource, {}, "source_once|UNIQUE constraint failed"),
    (EvidenceSource, {"url": "x", "kind": "rumour"}, "source_kind_known"),
    (EvidenceSource, {"url": "x", "lease_until": START}, "source_lease_whole"),
    (EvidenceSource, {"url": "x", "interval": 1}, "source_interval_in_order"),
    (Score, {"counting": "x", "coverage": 1_000_001}, "score_coverage_range"),
    (Score, {"counting": "x", "weight": -1}, "score_positive"),
    (Score, {"counting": "x", "tick": 10_001}, "score_tick_range"),
    (Score, {"counting": "x", "cohort": "all"}, "score_cohort_known"),
    (Score, {}, "score_once|UNIQUE constraint failed"),
    (FactRow, {"tick": 1, "n": 0}, "fact_positive"),
    (FactRow, {"tick": 1, "weight_yes": 2, "weight": 1}, "fact_positive"),
    (FactRow, {}, "fact_once|UNIQUE constraint failed"),
    (CalibrationCell, {"tick": 1, "n": 0}, "cell_positive"),
    (CalibrationCell, {"tick": 1, "scope": "galaxy"}, "cell_scope_known"),
    (CalibrationCell, {}, "cell_once|UNIQUE constraint failed"),
    (ScopeCount, {"counting": "x", "predictions": 0}, "scope_count_positive"),
    (ScopeCount, {}, "scope_count_once|UNIQUE constraint failed"),
    (MadeCount, {"state": "lost"}, "made_count_state_known"),
    (MadeCount, {}, "made_count_once|UNIQUE constraint failed"),
]


@pytest.mark.parametrize("model", dict.fromkeys(model for model, _, _ in INSERTS))
def test_it_works(life: Story, model: type[models.Model]) -> None:
    """A copy of a sound row, changed in one way, is refused."""
    for given, name in [(given, name) for each, given, name in INSERTS if each is model]:
        row = model._default_manager.order_by("-pk")[0]
        if row._meta.pk.name == "id" and "id" not in given:
            row.pk = None
        for field, value in given.items():
            setattr(row, field, value)
        with pytest.raises((IntegrityError, Conflict), match=name), transaction.atomic():
            insert(row=row)


CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"closes_at": START}, "prediction_dates_in_order"),
    ({"closes_at": DEADLINE + DAY}, "prediction_dates_in_order"),
    ({"kind": "oracle"}, "prediction_kind_known"),
    ({"kind": "numeric", "range_min": 1, "range_max": 1}, "prediction_range_in_order"),
    ({"log_scale": True, "range_min": 0}, "prediction_log_scale_positive"),
    ({"status": "lost"}, "prediction_status_known|prediction_final_has_resolution"),
    ({"status": "open"}, "prediction_final_has_resolution"),
    ({"current_resolution": None}, "prediction_final_has_resolution"),
    ({"published_at": None}, "prediction_open_is_published"),
    ({"suggested_tick": 10_001}, "prediction_suggested_tick_range"),
    ({"clock_opens_at": DEADLINE}, "prediction_clock_in_order"),
    ({"clock_opens_at": DEADLINE, "clock_closes_at": START}, "prediction_clock_in_order"),
    ({"quote_start": 0, "quote_end": 1}, "prediction_quote_in_article"),
]


def test_a_prediction_cannot_be_what_it_must_not(life: Story) -> None:
    prediction = Prediction.objects.get(status="resolved")
    for given, name in CHANGES:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            change(row=prediction, given=given)


def test_what_cites_a_row_keeps_it(life: Story) -> None:
    finding = Finding.objects.first()
    assert finding is not None
    with pytest.raises(models.ProtectedError):
        finding.snapshot.delete()


def test_other_words_are_refused_too(life: Story) -> None:
    prediction, article = Prediction.objects.all()[0], Article.objects.get()
    times = {"source": EvidenceSource.objects.get(), "due_at": START, "started_at": START, "ended_at": START}
    objection = {"prediction": prediction, "text": "x", "opened_at": START, "due_at": START}
    rows: list[tuple[models.Model, str]] = [
        (Milestone(article=article, date=MONTH, precision="century", text="x"), "milestone_precision_known"),
        (Dispute(reason="rude", **objection), "dispute_reason_known"),
        (Dispute(reason="other", status="answered", **objection), "dispute_closed_with_text"),
        (Dispute(reason="other", status="lost", **objection), "dispute_status_known|dispute_closed"),
        (PredictionGroup(slug="x", title="x", kind="pile"), "group_kind_known"),
        (Check(status="failed", **times), "check_failure_has_code"),
        (Check(status="odd", error_code="x", **times), "check_status_known"),
    ]
    for row, name in rows:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            insert(row=row)
