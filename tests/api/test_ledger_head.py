"""/api/v1/ledger/head"""

from forecasts.ledger.canonical import instant
from forecasts.models import LedgerEntry
from tests.api.conftest import Get
from tests.story import Story


def test_it_works(get: Get, story: Story) -> None:
    story.opened()
    last = LedgerEntry.objects.latest("seq")
    assert get("ledger/head") == {"size": last.seq, "digest": last.digest, "at": instant(last.at)}


def test_an_empty_ledger_has_a_head(get: Get) -> None:
    assert get("ledger/head") == {"size": 0, "digest": "0" * 64, "at": None}
