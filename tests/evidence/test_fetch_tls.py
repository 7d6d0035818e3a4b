"""HTTPS: the name is verified although the connection goes to a number."""

import hashlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from forecasts.errors import FetchFailed, FetchRefused, FetchTooLarge
from tests.evidence.conftest import Read
from tests.evidence.server import PUBLIC_IP, Net, Server, redirect, response

FEED = b"<rss/>"


@pytest.fixture
def server(certificate: Path) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Server(context) as running:
        yield running


@pytest.mark.usefixtures("trusted")
def test_it_reads_over_tls_and_keeps_the_certificates_digest(server: Server, read: Read, certificate: Path) -> None:
    server.routes["/"] = response(FEED)
    (hop,) = read("https://news.test/").hops
    pem = certificate.read_text()
    der = ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN CERTIFICATE") :])
    assert (hop.ip, hop.certificate) == (PUBLIC_IP, hashlib.sha256(der).hexdigest())


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("url", ["https://other.test/", f"https://{PUBLIC_IP}/"])
def test_a_certificate_for_another_name_is_not_trusted(url: str, server: Server, net: Net, read: Read) -> None:
    net.names["other.test"] = [[PUBLIC_IP]]
    with pytest.raises(FetchFailed, match="trustworthy") as caught:
        read(url)
    assert caught.value.code == "tls"
    assert server.asked == []


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(server: Server, read: Read) -> None:
    with pytest.raises(FetchFailed) as caught:
        read("https://news.test/")
    assert caught.value.code == "tls"
    assert server.asked == []


@pytest.mark.usefixtures("trusted")
def test_a_redirect_from_https_to_http_is_refused(server: Server, read: Read) -> None:
    server.routes["/"] = redirect("http://news.test/plain")
    with pytest.raises(FetchRefused) as caught:
        read("https://news.test/")
    assert caught.value.code == "downgrade"
    assert len(server.asked) == 1


def test_a_server_that_never_shakes_hands_is_cut(net: Net, read: Read) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        net.port = silent.getsockname()[1]
        with pytest.raises(FetchTooLarge) as caught:
            read("https://news.test/", total=0.3)
    assert caught.value.code == "timeout"
