"""The ledger's head and its latest entries: headers only, which are public whatever they are about."""

from dataclasses import dataclass

from forecasts.models import LedgerEntry, LedgerHead

LISTED = 20


@dataclass(frozen=True)
class LedgerPage:
    size: int
    digest: str
    latest: tuple[LedgerEntry, ...]


def ledger_page() -> LedgerPage:
    head = LedgerHead.objects.get()
    latest = LedgerEntry.objects.defer("content", "salt").order_by("-seq")[:LISTED]
    return LedgerPage(head.size, head.digest, tuple(latest))
