"""Snapshots as rows: kept once, marked when their bytes were read again, let go when nothing cites them."""

import datetime as dt
from collections.abc import Mapping, Sequence

from forecasts.models import Check, Snapshot
from forecasts.queries.evidence import uncited_snapshots

from .base import action

MAX_FAULT = 200


def kept(snapshot: Snapshot) -> Snapshot:
    """The row of the same bytes and text where there is one, else `snapshot`, saved."""
    if row := Snapshot.objects.filter(sha256=snapshot.sha256, text_sha256=snapshot.text_sha256).first():
        return row
    snapshot.save(force_insert=True)
    return snapshot


@action
def note_verified(*, faults: Mapping[int, str], at: dt.datetime) -> None:
    """Keep when snapshots were held against their digests, and what was wrong with each: "" for nothing."""
    Snapshot.objects.filter(pk__in=faults).update(verified_at=at, fault="")
    for pk, fault in faults.items():
        if fault:
            Snapshot.objects.filter(pk=pk).update(fault=fault[:MAX_FAULT])


@action
def drop_snapshots(*, ids: Sequence[int], before: dt.datetime) -> list[str]:
    """Delete those of `ids` that nothing cites and that were fetched before `before`.

    Returns the names of their files, which the caller deletes once this is committed: a file without a row does no
    harm. Checks that brought them stay, without them.
    """
    # Whoever is about to cite one holds its row; asked only behind that lock, the second question sees the citation.
    list(Snapshot.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    rows = list(uncited_snapshots(before).filter(pk__in=ids))
    Check.objects.filter(snapshot__in=rows).update(snapshot=None)
    Snapshot.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return [row.storage_name for row in rows]
