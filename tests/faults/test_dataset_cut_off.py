"""The nightly dataset, whose writer is killed again and again at moments nobody chose: readers get whole ones."""

import datetime as dt
import functools
import hashlib
import random
import signal
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from forecasts.actions import action
from forecasts.exports.folders import PART
from forecasts.jobs.dataset import LEASE, dataset_due, export_nightly
from forecasts.models import Forecast
from forecasts.queries.dataset import PACKAGE, dataset, datasets, stamp_of
from tests.exports.test_dataset import copy_of
from tests.faults.mortal import begun, work
from tests.story import DAY, Story
from tests.web.reading import read

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]
NIGHT = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
FORECASTS, KILLS = 10_000, 10


@action
def say_again(*, said: Forecast, times: int) -> None:
    Forecast.objects.bulk_create(copy_of(said) for _ in range(times))


def write(folder: Path, now: dt.datetime) -> None:
    settings.DATASET_DIR, settings.DATASET_KEPT_DAYS = folder, 2  # in a process of its own
    export_nightly(now)


def served(client: Client) -> str:
    """The stamp of what readers find, every file of which is what its description says."""
    links = [link for link in read(client, "/dataset/").links if link.startswith("/dataset/2")]
    for link in links:
        answer = client.get(link)
        data = b"".join(answer.streaming_content)
        answer.close()
        _, _, stamp, name = link.split("/")
        found = dataset(settings.DATASET_DIR, stamp)
        assert found is not None
        assert hashlib.sha256(data).hexdigest() == found.digest_of(name), link
    assert len(links) == 13
    return stamp


def assert_whole() -> None:
    """Whatever has the name of a dataset, the old ones too, has every file that it describes."""
    for folder in datasets(settings.DATASET_DIR):
        found = dataset(settings.DATASET_DIR, folder.name)
        assert found is not None, folder
        assert {path.name for path in folder.iterdir()} == {PACKAGE, *(file.name for file in found.files)}


def test_readers_never_get_half_of_one(own_database: str, client: Client) -> None:
    folder, now, chance = settings.DATASET_DIR, NIGHT, random.Random()  # noqa: S311 -- moments, not secrets
    story = Story.begin()
    say_again(said=story.says(story.opened(), 0.7), times=FORECASTS)
    began = time.monotonic()
    assert work(job=functools.partial(write, folder, now)) == 0
    took, last, killed = time.monotonic() - began, served(client), 0
    while killed < KILLS:
        now += LEASE if dataset_due(now + LEASE) else DAY
        with begun(functools.partial(write, folder, now)) as child:
            dies = time.monotonic() + chance.uniform(0, took)
            while time.monotonic() < dies:
                assert served(client) in (last, stamp_of(now))
        assert child.exitcode in (0, -signal.SIGKILL)
        killed += child.exitcode != 0
        assert served(client) == stamp_of(now) or child.exitcode != 0
        last = served(client)
        assert_whole()
    now += DAY
    assert work(job=functools.partial(write, folder, now)) == 0
    assert served(client) == stamp_of(now)
    assert_whole()
    assert not list(folder.glob(f"{PART}*"))
