"""A server on loopback, a network with nothing else in it, and a fetch that knows only that network."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from forecasts.evidence.fetch import Fetched, FetchPolicy, FetchRequest, fetch
from tests.evidence.server import PUBLIC_IP, Net, Server

QUICK = FetchPolicy(connect=1, read=1, total=2, user_agent="Test/1 (desk@news.test)")

Read = Callable[..., Fetched]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def net(server: Server) -> Net:
    """`news.test` is public; everything else must be named by the test."""
    network = Net(server)
    network.names["news.test"] = [[PUBLIC_IP]]
    return network


@pytest.fixture
def read(net: Net) -> Read:
    """Fetch a URL in the test's network; keyword arguments change the policy or the request."""

    def run(url: str = "http://news.test/feed", *, etag: str = "", last_modified: str = "", **policy: Any) -> Fetched:
        request = FetchRequest(url, etag, last_modified)
        return fetch(request, replace(QUICK, **policy), resolve=net.resolve, dial=net.dial)

    return run
