"""Holding each prediction as it stands today against what its entries, read in order, made of it."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from forecasts.errors import LedgerBroken
from forecasts.models import CriteriaVersion, EntryKind, LedgerEntry, Prediction, PredictionStatus, Resolution

from .canonical import plain

BATCH = 500
SET_BY_OPENING = ("opens_at", "closes_at", "resolves_by")
SETTLED = (EntryKind.PREDICTION_RESOLVED, EntryKind.PREDICTION_VOIDED, EntryKind.PREDICTION_CORRECTED)
FOLDED = (
    EntryKind.PREDICTION_LOGGED,
    EntryKind.PREDICTION_AMENDED,
    EntryKind.PREDICTION_OPENED,
    EntryKind.PREDICTION_CLOSED,
    *SETTLED,
)


@dataclass
class Told:
    """What the entries say of one prediction. `seq` is the last of them; an erased one makes it unknowable."""

    seq: int
    fields: dict[str, Any] = field(default_factory=dict)
    status: str = PredictionStatus.DRAFT
    resolution: int | None = None
    is_erased: bool = False

    def take(self, entry: LedgerEntry) -> None:
        self.seq = entry.seq
        if entry.content is None:
            self.is_erased = True
            return
        content = json.loads(entry.content)
        if version := content.get("version_row"):
            self.fields |= version["new"]
        if entry.kind == EntryKind.PREDICTION_OPENED:
            self.fields |= {name: content[name] for name in SET_BY_OPENING}
            self.status = PredictionStatus.OPEN
        if entry.kind == EntryKind.PREDICTION_CLOSED and self.resolution is None:
            self.status = PredictionStatus.CLOSED
        if entry.kind in SETTLED:
            self.settle(int(content["resolution_row"]["resolution"]), bool(content["resolution_row"]["void_reason"]))

    def settle(self, resolution: int, is_void: bool) -> None:
        self.resolution = resolution
        self.status = PredictionStatus.VOID if is_void else PredictionStatus.RESOLVED


def check_predictions(size: int) -> int:
    """Compare every prediction whose entries are there; returns how many.

    Raises LedgerBroken at the last entry that speaks of the odd one.

    Versions and resolutions have been held against their entries before; `size` is the length of the chain.
    """
    checked, last = 0, 0
    while rows := list(Prediction.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        told = _told(rows, size)
        for row in rows:
            if problem := _differences(row, told[row.pk]):
                raise LedgerBroken(told[row.pk].seq, f"prediction {row.pk} is not what it says in: {problem}")
        checked += sum(not told[row.pk].is_erased for row in rows)
        last = rows[-1].pk
    return checked


def _told(rows: Sequence[Prediction], size: int) -> dict[int, Told]:
    """What entries, or an import's tree, say of `rows`."""
    told: dict[int, Told] = defaultdict(lambda: Told(size))
    _tell_imports(rows, told)
    subjects = [f"prediction:{row.pk}" for row in rows]
    for entry in LedgerEntry.objects.filter(subject__in=subjects, kind__in=FOLDED).order_by("seq"):
        told[entry.subject_id].take(entry)
    return told


def _tell_imports(rows: Sequence[Prediction], told: dict[int, Told]) -> None:
    """What came with imports stands in their trees; entries about the predictions themselves, if any, overrule."""
    runs = {f"import:{row.import_run_id}" for row in rows if row.import_run_id}
    begun = {entry.subject_id: entry.at for entry in LedgerEntry.objects.filter(subject__in=runs)}
    imported = {row.pk: begun[row.import_run_id] for row in rows if row.import_run_id in begun}
    for version in CriteriaVersion.objects.filter(prediction__in=imported, number=1):
        one = told[version.prediction_id]
        one.fields |= version.new
        is_over = version.new["closes_at"] <= plain(imported[version.prediction_id])
        one.status = PredictionStatus.CLOSED if is_over else PredictionStatus.OPEN
    for resolution in Resolution.objects.filter(prediction__in=imported, supersedes__isnull=True):
        told[resolution.prediction_id].settle(resolution.pk, resolution.is_void)


def _differences(row: Prediction, told: Told) -> str:
    """The fields in which a prediction differs from what was said of it; none where entries were erased."""
    if told.is_erased:
        return ""
    fields = [name for name, said in told.fields.items() if not _same(getattr(row, name), said)]
    if row.current_resolution_id != told.resolution:
        fields.append("current_resolution")
    if row.status != told.status:
        fields.append("status")
    return ", ".join(sorted(fields))


def _same(now: object, said: object) -> bool:
    """Decimals are compared as numbers: databases add zeros to them."""
    if isinstance(now, Decimal) and isinstance(said, str):
        return now == Decimal(said)
    return bool(plain(now) == said)
