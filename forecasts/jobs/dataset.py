"""The dataset of the night: written once a day, and old ones let go."""

import datetime as dt
import logging
import shutil
import uuid
from pathlib import Path

from django.conf import settings

from forecasts.actions import take_lease
from forecasts.exports.datapackage import Licence
from forecasts.exports.dataset import write_dataset
from forecasts.exports.folders import PART
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
    drop_left(settings.DATASET_DIR, now)
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
    """Delete datasets older than the days they are kept, but the newest; returns how many."""
    before = stamp_of(now - settings.DATASET_KEPT_DAYS * DAY)
    old = [path for path in datasets(folder)[:-1] if path.name < before]
    for path in old:
        log.info("the dataset %s is deleted", path)
        shutil.rmtree(path.rename(folder / f"{PART}{path.name}"))  # gone at once, so that nobody reads half of it
    return len(old)


def drop_left(folder: Path, now: dt.datetime) -> int:
    """Delete what was half written, or half deleted, when a worker was killed; returns how many folders.

    Younger ones stay: somebody may be at work on them, but nobody for as long as the lease.
    """
    left = [path for path in folder.glob(f"{PART}*") if path.name < f"{PART}{stamp_of(now - LEASE)}~"]  # ~ is behind -
    for path in left:
        log.info("%s was left by a worker that was killed, and is deleted", path)
        shutil.rmtree(path)
    return len(left)
