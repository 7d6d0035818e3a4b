"""A server on loopback, a network with nothing else in it, and a fetch that knows only that network."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
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


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for news.test that signs itself, with its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the openssl program is not installed")
    folder = tmp_path_factory.mktemp("tls")
    key, made, both = folder / "key.pem", folder / "certificate.pem", folder / "both.pem"
    new_key = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=news.test", "-addext", "subjectAltName=DNS:news.test"]
    command = [openssl, "req", *new_key, *names, "-keyout", str(key), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + made.read_bytes())
    return both


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
