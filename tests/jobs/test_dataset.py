"""The dataset of the night: once a day, and old ones go."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from forecasts.exports import dataset as exports
from forecasts.exports.folders import PART
from forecasts.jobs.dataset import LEASE, dataset_due, drop_left, drop_old, export_nightly
from forecasts.queries.dataset import datasets, latest_dataset
from tests.story import DAY, Story

NIGHT = dt.datetime(2026, 7, 1, 0, 20, tzinfo=dt.UTC)
MIDNIGHT = dt.datetime(2026, 7, 2, tzinfo=dt.UTC)


def test_it_works(story: Story, settings: Any) -> None:
    story.settled(0.7, "yes")
    settings.DATASET_LICENCE, settings.DATASET_LICENCE_URL = "CC-BY-4.0", "https://licence.test/"
    assert dataset_due(NIGHT)
    assert export_nightly(NIGHT) == settings.DATASET_DIR / "2026-07-01T002000Z"
    found = latest_dataset(settings.DATASET_DIR)
    assert found is not None
    assert (found.created, found.licences) == (NIGHT, (("CC-BY-4.0", "https://licence.test/"),))


def test_once_a_day_from_midnight_on(story: Story) -> None:
    assert export_nightly(NIGHT) is not None
    assert not dataset_due(MIDNIGHT - dt.timedelta(seconds=1))
    assert export_nightly(MIDNIGHT - dt.timedelta(seconds=1)) is None
    assert dataset_due(MIDNIGHT)
    assert export_nightly(MIDNIGHT) is not None


def test_after_a_failure_it_is_tried_again_in_a_quarter_of_an_hour(
    story: Story, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: Any, **more: Any) -> bytes:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(exports, "datapackage", full)
        with pytest.raises(OSError, match="No space left"):
            export_nightly(NIGHT)
    assert datasets(settings.DATASET_DIR) == []
    assert export_nightly(NIGHT + LEASE / 2) is None
    assert export_nightly(NIGHT + LEASE) is not None


def test_old_ones_go_and_the_newest_always_stays(tmp_path: Path, settings: Any) -> None:
    settings.DATASET_KEPT_DAYS = 2
    kept = {"2026-06-30T002000Z", "notes", "2026-06-01"}
    for name in ("2026-06-27T002000Z", "2026-06-28T002000Z", *kept):
        (tmp_path / name).mkdir()
    assert drop_old(tmp_path, NIGHT) == 2
    assert {path.name for path in tmp_path.iterdir()} == kept
    assert drop_old(tmp_path, NIGHT + 90 * DAY) == 0
    assert [path.name for path in datasets(tmp_path)] == ["2026-06-30T002000Z"]


def test_what_a_killed_worker_left_goes_once_nobody_can_be_at_work_on_it(tmp_path: Path) -> None:
    half_written, half_deleted = f"{PART}2026-07-01T000500Z-7", f"{PART}2026-06-20T002000Z"
    for name in (half_written, half_deleted, f"{PART}2026-07-01T000501Z-8", "2026-06-30T002000Z"):
        (tmp_path / name).mkdir()
    (tmp_path / half_deleted / "scores.csv.gz").touch()
    assert drop_left(tmp_path, NIGHT) == 2
    assert {path.name for path in tmp_path.iterdir()} == {f"{PART}2026-07-01T000501Z-8", "2026-06-30T002000Z"}
