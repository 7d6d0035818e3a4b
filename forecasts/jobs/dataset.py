"""The dataset of the night: written once a day, and old ones let go."""

import datetime as dt
import logging
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from forecasts.actions import take_lease
from forecasts.exports.datapackage import Licence
from forecasts.exports.dataset import PART, write_dataset
from forecasts.models import Heartbeat
from forecasts.queries.dataset import datasets, stamp_of

log = logging.getLogger(__name__)
NAME = "dataset"
DAY = dt.timedelta(days=1)
LEASE = dt.timedelta(minutes=15)  # more than the hard limit of the task


def dataset_due(now: dt.datetime) -> bool:
    """Whether nobody has written the dataset of this UTC day, or is writing it."""
    return not Heartbeat.objects.filter(name=NAME, until__gt=now).exists()


def export_nightly(now: dt.datetime) -> Path | None:
    """Write the dataset of this UTC day unless it is done or being done, and delete old ones; returns its folder.

    The lease runs for minutes while it works and until midnight behind it, so that after a worker was killed another
    begins again soon.
    """
    holder = uuid.uuid4().hex
    if not take_lease(name=NAME, holder=holder, lasting=LEASE, at=now):
        return None
    done = write_dataset(settings.DATASET_DIR, at=now, licences=licences())
    drop_old(settings.DATASET_DIR, now)
    midnight = dt.datetime.combine(now.astimezone(dt.UTC).date() + DAY, dt.time(), dt.UTC)
    take_lease(name=NAME, holder=holder, lasting=midnight - now, at=now)
    return done


def licences() -> list[Licence]:
    """What the owner says of it, if anything."""
    name = settings.DATASET_LICENCE
    return [Licence(name, settings.DATASET_LICENCE_URL)] if name else []


def drop_old(folder: Path, now: dt.datetime) -> int:
    """Delete datasets older than the days they are kept, and what a killed writer left; returns how many."""
    dropped = [*_old(folder, now), *_left(folder, now)]
    for path in dropped:
        log.info("the dataset %s is deleted", path)
        shutil.rmtree(path)
    return len(dropped)


def _old(folder: Path, now: dt.datetime) -> Iterator[Path]:
    """The newest always stays."""
    before = stamp_of(now - settings.DATASET_KEPT_DAYS * DAY)
    return (path for path in datasets(folder)[:-1] if path.name < before)


def _left(folder: Path, now: dt.datetime) -> Iterator[Path]:
    before = f"{PART}{stamp_of(now - DAY)}"
    return (path for path in folder.glob(f"{PART}*") if path.name < before)
