"""A prediction's whole life, through the doors: article, desk, worker, desk again, page, API, and a correction."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from forecasts.ledger.verify import verify
from forecasts.models import (
    CalibrationCell,
    EvidenceSource,
    Forecaster,
    Prediction,
    PredictionStatus,
    Proposal,
    Resolution,
    Scope,
    ScopeCount,
    Score,
    StoredStatistic,
)
from tests.journeys.desk import Desk
from tests.processes import wait_for, worker
from tests.story import Story
from tests.wire import serving

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]

ARTICLE = """Regulators Set Out Their Year

Read original on Journey Wire

💡Two claims about one authority.

What Changed

The authority published its plan

Why It Matters

Deadlines bind

What To Do Next

Read the plan

Who should care:Compliance teams

Key Takeaways

• The plan names two rules.

Future Implications

The Ruritanian AI Authority will publish a binding watermarking rule by 2099.
The plan says so.
The Ruritanian AI Authority will publish a chip licensing rule by 2098.
The plan says that too.

Timeline

2026-01
The authority was founded.
"""
CRITERIA = "Yes if the official gazette of the authority carries the published rule by the deadline."
SOURCE = "The official gazette of the Ruritanian AI Authority"
EARLY, PAST = "watermarking", "chip licensing"


def test_from_article_to_scorecard_and_back(own_database: str, settings: Any, tmp_path: Path) -> None:
    story = Story.begin()
    track_record(story)
    editor, approver = Desk(story.editor), Desk(story.approver)
    with serving() as wire:
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [wire.host]
        settings.STORAGES["snapshots"]["OPTIONS"]["location"] = tmp_path / "snapshots"
        wire.publish("Ruritanian AI Authority hears watermarking experts", "The Authority held a hearing on its rule.")

        # The editor pastes the article, finishes both drafts and opens them.
        editor.paste(text=ARTICLE)
        early = Prediction.objects.get(article__isnull=False, statement__contains=EARLY)
        past = Prediction.objects.get(article__isnull=False, statement__contains=PAST)
        deadline = timezone.now() + dt.timedelta(seconds=12)
        editor.change(early, criteria=CRITERIA, resolution_source=SOURCE)
        editor.change(
            past, criteria=CRITERIA, resolution_source=SOURCE, resolves_by=deadline, closes_at=deadline,
            resolves_by_precision="instant",
        )  # fmt: skip
        for row, probability in ((early, "0.8"), (past, "30 %")):
            editor.do(row, "open")
            editor.do(row, "forecast", forecaster=story.desk.pk, value=probability, basis="stated")

        # She points both at the wire; the worker fetches it, and a report confirms one of them.
        editor.add(
            "evidencesource",
            title="Journey wire",
            kind="feed",
            url=wire.url,
            spec="{}",
            interval=5,
            weight=1,
            shortest_interval=5,
        )
        source = EvidenceSource.objects.get()
        for row, word in ((early, EARLY), (past, PAST)):
            editor.do(row, "watch", source=source.pk, groups=f"Ruritanian AI Authority\n{word}", confirms="published")
        with worker(tmp_path) as ring:

            def sweep() -> None:
                for task in ("pass_deadlines", "dispatch_due", "follow"):
                    ring(task)

            def waits(row: Prediction, outcome: str) -> Proposal:
                found = lambda: Proposal.objects.filter(prediction=row, outcome=outcome, status="waiting").first()  # noqa: E731
                return wait_for(found, seconds=20, meanwhile=sweep)

            wait_for(lambda: wire.fetches and early.findings.exists(), meanwhile=sweep)
            wire.publish("Watermarking rule is out", "The Ruritanian AI Authority published its watermarking rule.")
            yes = waits(early, "yes")
            assert yes.by_rule == "rule:confirming_report"

            # Her colleague accepts. It shows at once on its own page, and counts from its deadline on.
            assert "Proposals waiting" in approver.get("/desk/").content.decode()
            approver.do(yes, "accept")
            wait_for(lambda: Score.objects.filter(prediction=early, cohort="early").exists(), meanwhile=sweep)

            # The other deadline passes in silence: every source was checked, so a rule proposes no; he accepts.
            no = waits(past, "no")
            assert no.by_rule == "rule:silence_after_deadline"
            past.refresh_from_db()
            assert past.due_at is not None
            assert past.status == PredictionStatus.CLOSED
            approver.do(no, "accept")
            wait_for(lambda: counted(story.desk) == 13, meanwhile=sweep)
            wait_for(all_fresh, meanwhile=sweep)
            before = same_numbers(story.desk)
            assert cell(story.desk, 3000) == (1, 0)

            # It was wrong: she proposes the correction, he accepts, and everything that depends on it moves.
            editor.do(
                past,
                "find",
                title="Gazette",
                text="The gazette of May carried it.",
                quote="The gazette of May carried it.",
                stance="supports_yes",
            )
            finding = past.findings.get(title="Gazette")
            known = Resolution.objects.get(prediction=past).known_at
            proposed = {"outcome": "yes", "known_at": known, "findings": [finding.pk]}
            editor.do(past, "propose", rationale="The gazette carried it in time.", **proposed)
            approver.do(waits(past, "yes"), "accept", note="We had missed the gazette of May.")
            wait_for(lambda: cell(story.desk, 3000) == (1, 1), meanwhile=sweep)
            wait_for(all_fresh, meanwhile=sweep)
        after = same_numbers(story.desk)
        assert before["digest"] != after["digest"]
        # (0.3 - 0)^2 became (0.3 - 1)^2, one of 13: (0.49 - 0.09) / 13 more.
        assert after["brier"]["value"] - before["brier"]["value"] == pytest.approx((0.49 - 0.09) / 13)
    page = Client().get(f"/predictions/{past.slug}/").content.decode()
    assert "We had missed the gazette of May." in page
    history = Client().get(f"/api/v1/predictions/{past.slug}").json()["resolutions"]
    assert [row["outcome"] for row in history] == ["yes", "no"]
    assert "counts from" in Client().get(f"/predictions/{early.slug}/").content.decode().lower()
    assert verify().size > 0
    call_command("recompute", "--check")


def track_record(story: Story) -> None:
    """Twelve predictions settled earlier, so that scores may be shown."""
    for number in range(12):
        story.settled(0.9 if number % 4 else 0.2, "yes" if number % 4 else "no")


def counted(forecaster: Forecaster) -> int:
    rows = ScopeCount.objects.filter(
        scope=Scope.FORECASTER, scope_id=forecaster.pk, counting="first", cohort="due", track="live", basis="stated"
    )
    return sum(row.predictions for row in rows)


def cell(forecaster: Forecaster, tick: int) -> tuple[int, int] | None:
    row = CalibrationCell.objects.filter(
        scope=Scope.FORECASTER, scope_id=forecaster.pk, counting="first", cohort="due", track="live", tick=tick
    ).first()
    return (row.weight, row.weight_yes) if row else None


def all_fresh() -> bool:
    return not StoredStatistic.objects.filter(stale=True).exists()


def same_numbers(forecaster: Forecaster) -> dict[str, Any]:
    """The page and the API say the same: Brier score, counts and digest."""
    answer = Client().get("/api/v1/calibration", {"forecaster": forecaster.slug}).json()
    page = Client().get(f"/forecasters/{forecaster.slug}/").content.decode()
    assert answer["digest"] in page
    assert f"{answer['brier']['value']:.3f}" in page
    assert re.search(rf"\b{answer['n_predictions']}\b", page)
    return dict(answer)
