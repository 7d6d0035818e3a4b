"""Answers that are slow, huge, broken or lie."""

import gzip
import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from forecasts.errors import FetchFailed, FetchTooLarge
from forecasts.evidence.inflate import Body
from tests.evidence.conftest import Read
from tests.evidence.server import Net, Server, response

FEED = b"<rss version='2.0'><channel/></rss>"
OK = b"HTTP/1.1 200 OK\r\n"
MEGABYTE = 1_000_000


def endless(server: Server, start: bytes, chunk: bytes, pause: float = 0) -> Callable[[socket.socket], None]:
    """A handler that sends `start`, then `chunk` again and again until somebody gives up."""

    def send(connection: socket.socket) -> None:
        connection.sendall(start)
        while not server.closing.wait(pause):
            connection.sendall(chunk)

    return send


def assert_cut_in_time(read: Read) -> None:
    """The bound is generous, for busy machines; without a deadline each of these would go on for minutes."""
    started = time.monotonic()
    with pytest.raises(FetchTooLarge, match="too slow") as caught:
        read(total=0.4)
    assert caught.value.code == "timeout"
    assert time.monotonic() - started < 4


def test_a_slow_drip_of_body_is_cut(server: Server, read: Read) -> None:
    server.routes["/feed"] = endless(server, OK + b"Content-Length: 1000\r\n\r\n", b"x", 0.05)
    assert_cut_in_time(read)


def test_a_slow_drip_of_headers_is_cut(server: Server, read: Read) -> None:
    server.routes["/feed"] = endless(server, OK, b"X: y\r\n", 0.05)
    assert_cut_in_time(read)


def test_endless_informational_answers_are_cut(server: Server, read: Read) -> None:
    server.routes["/feed"] = endless(server, b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.01)
    assert_cut_in_time(read)


def test_silence_is_cut(server: Server, read: Read) -> None:
    server.routes["/feed"] = endless(server, b"", b"", 1)
    assert_cut_in_time(read)


def test_silence_for_longer_than_the_read_limit_is_cut_before_the_total(server: Server, read: Read) -> None:
    server.routes["/feed"] = endless(server, b"", b"", 1)
    started = time.monotonic()
    with pytest.raises(FetchTooLarge):
        read(read=0.2, total=30)
    assert time.monotonic() - started < 4


def test_a_resolver_that_hangs_is_cut(server: Server, net: Net, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(net, "resolve", lambda *_, **__: server.closing.wait())
    assert_cut_in_time(read)


def test_slow_redirects_share_one_deadline(server: Server, read: Read) -> None:
    def slow_redirect(connection: socket.socket) -> None:
        server.closing.wait(0.2)
        connection.sendall(OK.replace(b"200 OK", b"302 Found") + b"Location: /feed\r\nContent-Length: 0\r\n\r\n")

    server.routes["/feed"] = slow_redirect
    assert_cut_in_time(read)
    assert len(server.asked) <= 3


def test_a_body_of_50_megabytes_is_given_up_early(server: Server, read: Read) -> None:
    sent = 0

    def send(connection: socket.socket) -> None:
        nonlocal sent
        connection.sendall(OK + b"Content-Length: 50000000\r\n\r\n")
        for _ in range(50):
            connection.sendall(b"x" * MEGABYTE)
            sent += MEGABYTE

    server.routes["/feed"] = send
    with pytest.raises(FetchTooLarge) as caught:
        read()
    assert caught.value.code == "too_large"
    assert sent < 20 * MEGABYTE  # 2 MB read; the rest sat in the kernel's buffers


def test_endless_chunks_are_given_up(server: Server, read: Read) -> None:
    chunk = b"%x\r\n%s\r\n" % (10_000, b"x" * 10_000)
    server.routes["/feed"] = endless(server, OK + b"Transfer-Encoding: chunked\r\n\r\n", chunk)
    with pytest.raises(FetchTooLarge) as caught:
        read()
    assert caught.value.code == "too_large"


def test_a_gzip_bomb_is_stopped_by_its_ratio(server: Server, read: Read) -> None:
    bomb = gzip.compress(bytes(4 * MEGABYTE), mtime=0)
    assert len(bomb) < 4 * MEGABYTE / 200
    server.routes["/feed"] = response(bomb, "Content-Encoding: gzip")
    with pytest.raises(FetchTooLarge) as caught:
        read()
    assert caught.value.code == "ratio"


def test_a_large_gzip_bomb_is_never_unpacked(server: Server, read: Read) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(60)) + packer.flush()
    server.routes["/feed"] = response(bomb, "Content-Encoding: gzip")
    with pytest.raises(FetchTooLarge) as caught:
        read()
    assert caught.value.code == "too_large"


def test_a_bomb_never_unfolds_in_memory() -> None:
    packed = gzip.compress(bytes(60 * MEGABYTE), mtime=0)
    body = Body("http://news.test/", "gzip", max_raw=MEGABYTE, max_decoded=5 * MEGABYTE, max_ratio=10**9)
    tracemalloc.start()
    try:
        with pytest.raises(FetchTooLarge):
            body.add(packed)
        assert tracemalloc.get_traced_memory()[1] < 2 * 2 * 5 * MEGABYTE  # two copies, and growing takes as much again
    finally:
        tracemalloc.stop()


def test_what_unpacks_to_more_than_the_cap_is_given_up(server: Server, read: Read) -> None:
    body = bytes(range(256)) * 40
    server.routes["/feed"] = response(gzip.compress(body, mtime=0), "Content-Encoding: gzip")
    assert read(max_decoded=len(body)).body == body
    with pytest.raises(FetchTooLarge) as caught:
        read(max_decoded=len(body) - 1)
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    "header",
    [
        "Content-Encoding: br",
        "Content-Encoding: deflate",
        "Content-Encoding: zstd",
        "Content-Encoding: gzip, gzip",
        "Content-Encoding: gzip\r\nContent-Encoding: gzip",
        "Content-Encoding: " + ", ".join(["gzip"] * 50),
        "Content-Encoding: aws-chunked",
    ],
)
def test_a_coding_that_was_not_asked_for_is_an_error(header: str, server: Server, read: Read) -> None:
    server.routes["/feed"] = response(gzip.compress(gzip.compress(FEED, mtime=0), mtime=0), header)
    with pytest.raises(FetchFailed) as caught:
        read()
    assert caught.value.code == "encoding"


@pytest.mark.parametrize(
    "body", [FEED, zlib.compress(FEED), gzip.compress(FEED, mtime=0) + b"garbage", b"\x1f\x8b\x08\xff" + FEED]
)
def test_a_body_that_is_not_the_gzip_it_says_is_an_error(body: bytes, server: Server, read: Read) -> None:
    server.routes["/feed"] = response(body, "Content-Encoding: gzip")
    with pytest.raises(FetchFailed) as caught:
        read()
    assert caught.value.code in ("encoding", "truncated")


@pytest.mark.parametrize("kept", [1, 5, 12, -9, -1])
def test_truncated_gzip_is_an_error(kept: int, server: Server, read: Read) -> None:
    server.routes["/feed"] = response(gzip.compress(FEED, mtime=0)[:kept], "Content-Encoding: gzip")
    with pytest.raises(FetchFailed) as caught:
        read()
    assert caught.value.code == "truncated"


def test_a_body_not_coded_may_say_identity(server: Server, read: Read) -> None:
    server.routes["/feed"] = response(FEED, "Content-Encoding: identity, Identity")
    assert read().body == FEED


def test_an_empty_body_may_call_itself_gzip(server: Server, read: Read) -> None:
    server.routes["/feed"] = response(b"", "Content-Encoding: gzip")
    assert read().body == b""


BROKEN = {
    "nothing": b"",
    "not HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "no status": b"HTTP/1.1\r\n\r\n",
    "HTTP/0.9": FEED,
    "length too long": OK + b"Content-Length: 1000\r\n\r\n" + FEED,
    "length not a number": OK + b"Content-Length: many\r\n\r\n" + FEED,
    "negative length": OK + b"Content-Length: -1\r\n\r\n" + FEED,
    "two lengths": OK + b"Content-Length: 3\r\nContent-Length: 30\r\n\r\n" + FEED,
    "chunks cut off": OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabc",
    "chunk size not hex": OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n",
    "a huge chunk size": OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 100 + b"\r\n",
    "one huge header": OK + b"X: " + b"y" * 200_000 + b"\r\n\r\n",
    "10,000 headers": OK + b"X-Long-Enough-Name: y\r\n" * 10_000 + b"\r\n",
    "a NUL in a header": OK + b"X: \0\r\n\r\n",
    "an upgrade": b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN.keys())
def test_broken_http_is_an_error(answer: bytes, server: Server, read: Read) -> None:
    server.routes["/feed"] = answer
    with pytest.raises(FetchFailed) as caught:
        read()
    assert caught.value.code == "protocol"


def test_a_length_shorter_than_the_body_ends_the_body(server: Server, read: Read) -> None:
    server.routes["/feed"] = OK + b"Content-Length: 4\r\n\r\n" + FEED
    assert read().body == FEED[:4]


def test_a_thousand_headers_are_no_problem(server: Server, read: Read) -> None:
    server.routes["/feed"] = OK + b"X: y\r\n" * 1000 + b"Content-Length: 0\r\n\r\n"
    assert len(read().headers) == 1000 + 1


def test_a_connection_that_is_reset_is_an_error(server: Server, read: Read) -> None:
    def reset(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.sendall(OK + b"Content-Length: 100\r\n\r\n")

    server.routes["/feed"] = reset
    with pytest.raises(FetchFailed) as caught:
        read()
    assert caught.value.code in ("connect", "protocol")
