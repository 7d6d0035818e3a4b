"""Tasks are doors: ids in, one job out. The broker's settings are those that lose nothing."""

import ast
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from celery import current_app
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from forecasts import tasks
from forecasts.actions import claim_source
from forecasts.actions.check_source import LEASE
from forecasts.jobs import dataset, upkeep
from forecasts.jobs import follow as following
from forecasts.jobs.assessments import RUN_SECONDS
from forecasts.models import Check, Cursor, CursorName, FollowerFailure, LedgerHead, Score
from project import celeryconfig
from tests.faults.newsroom import Newsroom
from tests.processes import QUEUES, TOP
from tests.story import Story
from tests.wire import serving

OURS = sorted(name for name in current_app.tasks if name.startswith("forecasts."))
MOST_LINES = 8
LONGEST_CALL = 300  # the most that ASSESSOR_LLM_SECONDS may be


def test_every_task_is_short_and_listed_here() -> None:
    names = (
        "assess_waiting", "check_source", "deliver", "dispatch_deliveries", "dispatch_due", "export_dataset", "follow",
        "pass_deadlines", "read_article", "send_digests", "upkeep",
    )  # fmt: skip
    assert [f"forecasts.tasks.{name}" for name in names] == OURS
    tree = ast.parse(Path(tasks.__file__).read_text())
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert sorted(f"forecasts.tasks.{name}" for name in functions) == OURS
    for name, node in functions.items():
        assert (node.end_lineno or 0) - node.lineno + 1 <= MOST_LINES, name


def test_the_schedule_names_existing_tasks_and_lets_no_message_outlive_the_next() -> None:
    for name, entry in celeryconfig.beat_schedule.items():
        assert entry["task"] in OURS, name
        assert dt.timedelta(seconds=entry["options"]["expires"]) < entry["schedule"], name
    assert {entry["task"] for entry in celeryconfig.beat_schedule.values()} == set(OURS) - {
        "forecasts.tasks.check_source",
        "forecasts.tasks.deliver",
        "forecasts.tasks.read_article",
    }


def test_the_queues_that_are_filled_are_those_that_the_worker_empties() -> None:
    filled = {celeryconfig.task_default_queue, *(route["queue"] for route in celeryconfig.task_routes.values())}
    assert set(celeryconfig.task_routes) <= set(OURS)
    assert filled == set(QUEUES.split(","))
    command = yaml.safe_load((TOP / "docker-compose.yml").read_text())["services"]["worker"]["command"].split()
    assert set(command[command.index("--queues") + 1].split(",")) == filled


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("task_acks_late", True),
        ("task_reject_on_worker_lost", True),
        ("task_ignore_result", True),
        ("task_publish_retry", False),
        ("worker_prefetch_multiplier", 1),
        ("accept_content", ["json"]),
        ("task_serializer", "json"),
    ],
)
def test_a_setting_without_which_messages_are_lost_is_in_force(name: str, value: object) -> None:
    assert current_app.conf[name] == value


def test_time_limits_stand_in_their_order() -> None:
    conf, options = current_app.conf, celeryconfig.broker_transport_options
    assert conf.task_soft_time_limit < conf.task_time_limit < options["visibility_timeout"] == 900
    longest = current_app.tasks["forecasts.tasks.follow"].time_limit
    assert conf.task_time_limit < longest < options["visibility_timeout"]  # one entry may stand for a large import
    for name, lease in (("upkeep", upkeep.LEASE), ("export_dataset", dataset.LEASE)):
        assert dt.timedelta(seconds=current_app.tasks[f"forecasts.tasks.{name}"].time_limit) < lease
    assessing = current_app.tasks["forecasts.tasks.assess_waiting"]
    assert RUN_SECONDS + settings.ASSESSOR_LLM_SECONDS < assessing.soft_time_limit < assessing.time_limit
    assert assessing.time_limit + LONGEST_CALL - settings.ASSESSOR_LLM_SECONDS < options["visibility_timeout"]
    assert dt.timedelta(seconds=3 * conf.task_time_limit) == LEASE
    assert options["unacked_restore_interval"] < options["visibility_timeout"] / 10
    assert (options["socket_connect_timeout"], options["socket_timeout"]) == (2, 10)
    assert 0 < conf.worker_soft_shutdown_timeout < conf.task_soft_time_limit
    assert conf.worker_max_tasks_per_child
    assert conf.worker_max_memory_per_child


@pytest.mark.django_db
def test_every_task_run_twice_changes_nothing_the_second_time(settings: Any) -> None:
    with serving() as wire:
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [wire.host]
        [source] = Newsroom.begin(wire, predictions=2, sources=1).sources
        due_at = source.next_check_at.isoformat()
        assert [tasks.check_source(source.pk, due_at), tasks.check_source(source.pk, due_at)] == [True, False]
    assert Check.objects.count() == 1
    assert (tasks.pass_deadlines() > 0, tasks.pass_deadlines()) == (True, 0)
    assert (tasks.follow() > 0, tasks.follow()) == (True, 0)
    assert (tasks.upkeep() > 0, tasks.upkeep()) == (True, 0)
    assert (tasks.export_dataset(), tasks.export_dataset()) == (True, False)


@pytest.mark.django_db
def test_a_message_for_a_source_that_somebody_holds_is_dropped(settings: Any) -> None:
    with serving() as wire:
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = [wire.host]
        [source] = Newsroom.begin(wire, predictions=1, sources=1).sources
    claim_source(source=source, due_at=source.next_check_at, at=timezone.now())
    assert tasks.check_source(source.pk, source.next_check_at.isoformat()) is False
    assert wire.fetches == 0


@pytest.mark.django_db
@pytest.mark.parametrize("error", [ValueError("a mistake of ours"), AttributeError("another"), RuntimeError("a third")])
def test_an_entry_that_cannot_be_digested_stands_on_the_desk_and_the_cursor_moves_on(
    story: Story, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    story.scores()
    bad, good = story.settled(0.8, "yes"), story.settled(0.3, "no")
    real = following.score_predictions

    def score(*, prediction_ids: list[int]) -> int:
        if bad.pk in prediction_ids:
            raise error
        return real(prediction_ids=prediction_ids)

    monkeypatch.setattr(following, "score_predictions", score)
    tasks.follow()
    failures = FollowerFailure.objects.all()
    assert {row.error for row in failures} == {f"{type(error).__name__}: {error}"}
    assert {row.cursor for row in failures} == {CursorName.SCORING}
    assert Cursor.objects.get(name=CursorName.SCORING).seq == LedgerHead.objects.get().size
    assert not Score.objects.filter(prediction=bad).exists()
    assert Score.objects.filter(prediction=good).exists()


@pytest.mark.django_db
def test_what_the_database_cannot_do_now_is_tried_again(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.scores()
    prediction = story.settled(0.8, "yes")
    with monkeypatch.context() as patch:

        def lost(**given: Any) -> int:
            raise OperationalError("server closed the connection")

        patch.setattr(following, "score_predictions", lost)
        with pytest.raises(OperationalError):
            following.follow()
    assert not FollowerFailure.objects.exists()
    assert not Score.objects.filter(prediction=prediction).exists()
    assert OperationalError in current_app.tasks["forecasts.tasks.follow"].autoretry_for
    tasks.follow()
    assert Score.objects.filter(prediction=prediction).exists()
