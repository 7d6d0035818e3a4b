"""Wherever a worker is killed, the next one ends in the state of a worker that never was."""

import signal
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.databases import copy_of_database
from tests.faults.mortal import Death, work
from tests.faults.newsroom import Newsroom, assert_sound, differences, is_quiet, leases_run_out, state
from tests.wire import serving

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]

State = dict[str, Counter[Any]]
BOTH = ("before", "after")
# Each worker takes over where the last one died. No source is cut off more than three times: it would be quarantined.
GATHERING = (
    Death("close_prediction", "after"),
    Death("mark_due", "after", 2),
    *(Death("claim_source", when) for when in BOTH),
    *(Death("record_check", when) for when in BOTH),
    Death("record_check", "before", 2),
    *(Death("propose_resolution", when) for when in BOTH),
    Death("advance_cursor", "before", 5),
    Death("propose_resolution", "after", 2),
)
SCORING = (
    *(Death("score_predictions", when) for when in BOTH),
    *(Death("advance_cursor", when) for when in BOTH),
    Death("score_predictions", "after", 2),
    *(Death("refresh_calibration", when) for when in BOTH),
    Death("refresh_calibration", "after", 5),
)
COMMITS = tuple(Death("commit", "before", nth) for nth in (1, 2, 3, 5, 8, 13))


def live_through(folder: Path, gathering: Sequence[Death] = (), scoring: Sequence[Death] = ()) -> State:
    """Evidence, proposals, acceptance, scores. Each death is followed by another worker."""
    snapshots = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    storages = {**settings.STORAGES, "snapshots": snapshots}
    with serving() as wire, override_settings(EVIDENCE_ALLOW_PRIVATE_HOSTS=[wire.host], STORAGES=storages):
        room = Newsroom.begin(wire, predictions=6, sources=3)
        for deaths in (gathering, scoring):
            for death in deaths:
                assert (death, work(death)) == (death, -signal.SIGKILL)
                leases_run_out()
            assert work() == 0
            room.accept_all()
    assert is_quiet()
    assert_sound()
    return state()


@pytest.fixture(scope="module")
def undisturbed(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> State:
    with copy_of_database(django_db_blocker):
        found = live_through(tmp_path_factory.mktemp("snapshots"))
    assert found["Proposal"].total() == found["Resolution"].total() == 6
    assert found["Finding"].total() == 3
    assert found["Check"].total() == 3
    return found


@pytest.mark.parametrize("deaths", [GATHERING, COMMITS], ids=["between actions", "before commits"])
def test_a_worker_killed_while_it_gathers_and_proposes_changes_nothing(
    deaths: tuple[Death, ...], undisturbed: State, own_database: str, tmp_path: Path
) -> None:
    assert differences(live_through(tmp_path, gathering=deaths), undisturbed) == {}


@pytest.mark.parametrize("deaths", [SCORING, COMMITS], ids=["between actions", "before commits"])
def test_a_worker_killed_while_it_scores_changes_nothing(
    deaths: tuple[Death, ...], undisturbed: State, own_database: str, tmp_path: Path
) -> None:
    assert differences(live_through(tmp_path, scoring=deaths), undisturbed) == {}
