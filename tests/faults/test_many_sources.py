"""Two hundred sources, some slow, some broken, some hostile: the good ones are all checked, and on time."""

import dataclasses
import functools
import gzip
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from forecasts.actions import save_source
from forecasts.jobs import check
from forecasts.jobs.embedded import Loop
from forecasts.models import Check, EvidenceSource
from tests.evidence.server import Handler, Net, Server, redirect, response
from tests.processes import wait_for
from tests.story import START, Story

GOOD, SLOW, BROKEN, HOSTILE = 140, 20, 20, 20
PATIENCE = 2  # seconds for a whole fetch
FEED = b"<rss version='2.0'><channel><title>Wire</title><item><guid>1</guid><title>News</title></item></channel></rss>"
BOMB = gzip.compress(b"x" * 30_000_000, mtime=0)
HOSTILITIES: list[bytes | Handler] = [
    redirect("http://169.254.169.254/latest/meta-data/"),
    response(BOMB, "Content-Encoding: gzip"),
    response(b"<!DOCTYPE a [<!ENTITY b 'c'>]><rss>&b;</rss>"),
    response(b"<html><script>alert(1)</script></html>"),
]


def drip(connection: Any) -> None:
    """A byte now and then, for longer than anybody waits."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    for _ in range(30):
        connection.sendall(b"x")
        time.sleep(0.5)


def names(net: Net, server: Server) -> list[str]:
    """A host for each source, and what it does."""
    addresses: list[str] = []
    kinds = ["good"] * GOOD + ["slow"] * SLOW + ["broken"] * BROKEN + ["hostile"] * HOSTILE
    for number, kind in enumerate(kinds):
        host = f"{kind}{number}.test"
        net.names[host] = [["127.0.0.1"]]
        server.routes[f"/{number}"] = {
            "good": response(FEED),
            "slow": drip,
            "broken": response(b"", status="500 Oops"),
            "hostile": HOSTILITIES[number % len(HOSTILITIES)],
        }[kind]
        addresses.append(f"http://{host}:{server.port}/{number}")
    return addresses


def by_kind(rows: Any) -> Counter[str]:
    return Counter(row.source.title.rstrip("0123456789") for row in rows)


def test_one_bad_host_never_delays_another(
    own_database: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server() as server:
        net = Net(server)
        addresses = names(net, server)
        hosts = [address.split("/")[2] for address in addresses]
        settings.EVIDENCE_ALLOW_PRIVATE_HOSTS = hosts
        policy = dataclasses.replace(check.fetch_policy(), read=PATIENCE, total=PATIENCE)
        monkeypatch.setattr(check, "fetch_policy", lambda: policy)
        fetch = functools.partial(check.fetch, resolve=net.resolve, dial=net.dial)
        monkeypatch.setattr(check, "fetch", fetch)
        story = Story.begin()
        # The slow and the broken stand before the good in the queue.
        for address in reversed(addresses):
            row = EvidenceSource(title=address.split("/")[2].split(".")[0], url=address)
            save_source(source=row, at=START, by=story.editor)
        begun = timezone.now()
        loop = Loop()
        loop.start()
        try:
            wait_for(lambda: Check.objects.count() >= len(addresses), seconds=60)
        finally:
            loop.stop()
        rows = list(Check.objects.select_related("source"))
        assert by_kind(rows) == {"good": GOOD, "slow": SLOW, "broken": BROKEN, "hostile": HOSTILE}
        assert by_kind(row for row in rows if row.status == "ok") == {"good": GOOD}
        codes = {row.error_code for row in rows if row.source.title.startswith("hostile")}
        assert codes == {"address", "too_large", "entities", "html"}
        assert {row.error_code for row in rows if row.source.title.startswith("slow")} == {"timeout"}
        good = [row.ended_at for row in rows if row.status == "ok"]
        # Twenty slow ones one after another would take as many times the patience.
        assert (max(good) - begun).total_seconds() < SLOW * PATIENCE / 2
        assert not EvidenceSource.objects.filter(lease_id__isnull=False).exists()
