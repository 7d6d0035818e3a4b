"""Posting to an endpoint that an operator listed: over https to the world, over http only at home."""

import gzip
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from forecasts.errors import FetchFailed, FetchRefused, FetchTooLarge
from forecasts.evidence.fetch import BadStatus, FetchPolicy, PostRequest, post_json
from tests.evidence.assessors.model import ModelServer
from tests.evidence.server import PUBLIC_IP, Net, response


def listing(host: str, port: int) -> FetchPolicy:
    return FetchPolicy(allow_private=frozenset({(host, port)}), connect=1, read=1, total=2)


POLICY = listing("news.test", 443)
IN_CLEAR = listing("news.test", 80)
REQUEST = PostRequest("https://news.test/v1?x=1", b'{"a":1}', "key")

pytestmark = pytest.mark.usefixtures("trusted")


@pytest.fixture
def server(certificate: Path) -> Iterator[ModelServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ModelServer(context) as running:
        running.routes["/v1?x=1"] = response(b'{"b":2}')
        yield running


def post(net: Net, request: PostRequest = REQUEST, policy: FetchPolicy = POLICY) -> bytes:
    return post_json(request, policy, resolve=net.resolve, dial=net.dial)


def test_it_works(server: ModelServer, net: Net) -> None:
    assert post(net) == b'{"b":2}'
    assert server.posted == [b'{"a":1}']
    (head,) = server.asked
    assert "Host: news.test\r\n" in head
    assert "Content-Type: application/json\r\n" in head
    assert "Authorization: Bearer key" in head
    assert net.dialled == [(PUBLIC_IP, 443)]


def test_it_may_be_packed(server: ModelServer, net: Net) -> None:
    server.routes["/v1?x=1"] = response(gzip.compress(b"[]", mtime=0), "Content-Encoding: gzip")
    assert post(net) == b"[]"


def test_a_small_answer_may_not_unpack_to_a_large_one(server: ModelServer, net: Net) -> None:
    server.routes["/v1?x=1"] = response(gzip.compress(b"\0" * 3_000_000, mtime=0), "Content-Encoding: gzip")
    with pytest.raises(FetchTooLarge):
        post(net)


@pytest.mark.parametrize("url", ["https://news.test:8443/v1", "https://other.test/v1", f"https://{PUBLIC_IP}/v1"])
def test_what_is_not_listed_is_not_asked(url: str, net: Net) -> None:
    with pytest.raises(FetchRefused) as caught:
        post(net, replace(REQUEST, url=url))
    assert caught.value.code == "endpoint"
    assert net.dialled == []


def test_listing_a_public_endpoint_does_not_open_http_to_it(net: Net) -> None:
    with pytest.raises(FetchRefused) as caught:
        post(net, replace(REQUEST, url="http://news.test/v1"), IN_CLEAR)
    assert caught.value.code == "plaintext"
    assert net.dialled == []


def test_a_name_with_public_and_private_addresses_is_not_asked_in_clear(net: Net) -> None:
    net.names["news.test"] = [["10.0.0.7", PUBLIC_IP]]
    net.dead.add("10.0.0.7")
    with pytest.raises(FetchRefused) as caught:
        post(net, replace(REQUEST, url="http://news.test/v1"), IN_CLEAR)
    assert caught.value.code == "plaintext"
    assert net.dialled == [("10.0.0.7", 80)]


def test_a_certificate_for_another_name_is_not_trusted(net: Net) -> None:
    net.names["other.test"] = [[PUBLIC_IP]]
    with pytest.raises(FetchFailed) as caught:
        post(net, replace(REQUEST, url="https://other.test/v1"), listing("other.test", 443))
    assert caught.value.code == "tls"


@pytest.mark.parametrize("status", ["201 Created", "203 Not The Same", "204 No Content", "307 Elsewhere", "503 Busy"])
def test_only_200_is_an_answer(status: str, server: ModelServer, net: Net) -> None:
    server.routes["/v1?x=1"] = response(b"", "Location: https://news.test/", "Retry-After: 9", status=status)
    with pytest.raises(BadStatus) as caught:
        post(net)
    assert (caught.value.http_status, caught.value.retry_after) == (int(status[:3]), 9)
    assert len(server.asked) == 1


def test_the_key_is_not_in_the_representation() -> None:
    assert "key" not in repr(PostRequest("https://x.test/", b"", "key"))
