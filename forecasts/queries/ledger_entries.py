"""Entries of the ledger as anybody may read them: headers always, content once its subject is public."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from forecasts.models import (
    Dispute,
    Finding,
    Forecast,
    ImportRun,
    LedgerEntry,
    LedgerHead,
    Prediction,
    Proposal,
    Topic,
    Watch,
)

from .article_page import public_articles
from .public import public_forecasters, public_groups, public_sources

PUBLIC, WITHHELD, ERASED = "public", "withheld", "erased"
FINDERS = ("check", "link")


def _of_public(model: type[Model]) -> Callable[[], QuerySet[Any]]:
    return lambda: model._default_manager.filter(prediction__published_at__isnull=False)


_PUBLIC_ROWS: Mapping[str, Callable[[], QuerySet[Any]]] = {
    "prediction": Prediction.objects.public,
    "forecast": _of_public(Forecast),
    "proposal": _of_public(Proposal),
    "watch": _of_public(Watch),
    "finding": lambda: Finding.objects.public().filter(prediction__published_at__isnull=False),
    "dispute": _of_public(Dispute),
    "article": public_articles,
    "forecaster": public_forecasters,
    "predictiongroup": public_groups,
    "source": public_sources,
    "topic": Topic.objects.all,
    "import": ImportRun.objects.all,
}
"""By the kind of subject, the rows whose entries are published. A kind that is not listed is never published."""


@dataclass(frozen=True)
class PublicEntry:
    entry: LedgerEntry
    content_status: str

    @property
    def content(self) -> str | None:
        return self.entry.content if self.content_status == PUBLIC else None

    @property
    def salt(self) -> str | None:
        return self.entry.salt if self.content_status == PUBLIC else None


@dataclass(frozen=True)
class Head:
    size: int
    digest: str
    at: dt.datetime | None


def ledger_head() -> Head:
    head = LedgerHead.objects.get()
    return Head(head.size, head.digest, LedgerEntry.objects.filter(seq=head.size).values_list("at", flat=True).first())


def published(entries: Sequence[LedgerEntry]) -> list[PublicEntry]:
    """Each entry with as much as may be read of it; one query for each kind of subject, however many entries."""
    subjects = {entry.seq: _subjects(entry) for entry in entries}
    public = _public_among({subject for found in subjects.values() for subject in found})
    return [PublicEntry(entry, _status(entry, subjects[entry.seq], public)) for entry in entries]


def _status(entry: LedgerEntry, subjects: set[tuple[str, int]], public: set[tuple[str, int]]) -> str:
    if entry.content is None:
        return ERASED
    return PUBLIC if subjects and subjects <= public else WITHHELD


def _subjects(entry: LedgerEntry) -> set[tuple[str, int]]:
    """What must be public before the content is. A check speaks of all that it found, and of their predictions."""
    kind, _, key = entry.subject.partition(":")
    if kind in FINDERS and entry.content is not None:
        rows = json.loads(entry.content)["findings"]
        return {(noun, int(row[noun])) for row in rows for noun in ("prediction", "finding")}
    return {(kind, int(key))} if kind in _PUBLIC_ROWS else set()


def _public_among(subjects: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    by_kind: dict[str, list[int]] = defaultdict(list)
    for kind, pk in subjects:
        by_kind[kind].append(pk)
    return {
        (kind, pk)
        for kind, pks in by_kind.items()
        for pk in _PUBLIC_ROWS[kind]().filter(pk__in=pks).values_list("pk", flat=True)
    }
