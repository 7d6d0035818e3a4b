"""The ledger, and the sources that are watched."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet

from forecasts.api.v1.base import Answer, Asked, Read, ReadList
from forecasts.api.v1.documents.ledger import EntryListDocument, HeadDocument
from forecasts.api.v1.documents.sources import SourceHealthListDocument
from forecasts.api.v1.parameters import CURSOR, LIMIT
from forecasts.http.paging import Keyset
from forecasts.models import LedgerEntry
from forecasts.queries.ledger_entries import PublicEntry, ledger_head, published
from forecasts.queries.source_health import source_health


class EntryList(ReadList):
    summary = "Every decision in order: headers always, content once its subject is public."
    document = EntryListDocument
    takes = (CURSOR, LIMIT)
    keyset = Keyset(("seq",))

    def rows(self, asked: Asked, now: dt.datetime) -> QuerySet[LedgerEntry]:
        return LedgerEntry.objects.all()

    def items(self, rows: Sequence[LedgerEntry], now: dt.datetime) -> Sequence[PublicEntry]:
        return published(rows)


class Head(Read):
    summary = "How long the ledger is, and the digest of its last entry."
    document = HeadDocument

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        return Answer(lambda: self.given(ledger_head()))


class SourceHealth(Read):
    summary = "The sources that public predictions are watched over, and when each was last checked well."
    document = SourceHealthListDocument

    def answer(self, asked: Asked, now: dt.datetime, **path: str) -> Answer:
        found = source_health(now)
        return Answer(lambda: self.given({"results": found}), found)
