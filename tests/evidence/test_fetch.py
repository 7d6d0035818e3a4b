"""Fetching: what a good answer gives, and what every other answer is refused with."""

import gzip
import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from forecasts.errors import FetchFailed, FetchRefused, FetchTooLarge
from forecasts.evidence.fetch import BadStatus
from tests.evidence.conftest import Read
from tests.evidence.server import PUBLIC_IP, Net, Server, redirect, response

FEED = b"<rss version='2.0'><channel/></rss>"


def test_it_reads_a_feed(server: Server, read: Read) -> None:
    server.routes["/feed"] = response(
        FEED, 'ETag: W/"7"', "Last-Modified: Mon, 05 Jan 2026 10:00:00 GMT", "Content-Type: Text/XML; charset=UTF-8"
    )
    fetched = read("http://NEWS.test./feed#top")
    assert fetched.status == "ok"
    assert (fetched.http_status, fetched.body, fetched.raw_length) == (200, FEED, len(FEED))
    assert (fetched.media_type, fetched.charset) == ("text/xml", "utf-8")
    assert (fetched.etag, fetched.last_modified) == ('W/"7"', "Mon, 05 Jan 2026 10:00:00 GMT")
    assert fetched.final_url == "http://news.test/feed"
    assert [(hop.url, hop.status) for hop in fetched.hops] == [("http://news.test/feed", 200)]
    assert ("etag", 'W/"7"') in fetched.headers
    assert not fetched.truncated
    assert not fetched.permanent_redirect


def test_it_introduces_itself_and_asks_for_gzip_only(server: Server, read: Read) -> None:
    server.routes["/feed"] = response(FEED)
    read()
    (asked,) = server.asked
    assert "Host: news.test\r\n" in asked
    assert "User-Agent: Test/1 (desk@news.test)\r\n" in asked
    assert "Accept-Encoding: gzip, identity\r\n" in asked
    assert "cookie" not in asked.lower()
    assert "authorization" not in asked.lower()


def test_gzip_is_unpacked(server: Server, read: Read) -> None:
    packed = gzip.compress(FEED, mtime=0)
    server.routes["/feed"] = response(packed, "Content-Encoding: gzip")
    fetched = read()
    assert (fetched.body, fetched.raw_length) == (FEED, len(packed))


def test_gzip_in_several_members_is_unpacked(server: Server, read: Read) -> None:
    server.routes["/feed"] = response(
        gzip.compress(FEED[:9], mtime=0) + gzip.compress(FEED[9:], mtime=0), "Content-Encoding: x-gzip"
    )
    assert read().body == FEED


def test_what_does_not_change_is_not_read_again(server: Server, read: Read) -> None:
    server.routes["/feed"] = response(b"", status="304 Not Modified", length=False)
    fetched = read(etag='"é,odd"', last_modified="yesterday")
    assert 'If-None-Match: "é,odd"\r\n' in server.asked[0]
    assert "If-Modified-Since: yesterday\r\n" in server.asked[0]
    assert (fetched.status, fetched.body) == ("unchanged", b"")
    assert (fetched.etag, fetched.last_modified) == ('"é,odd"', "yesterday")


def test_not_modified_without_being_asked_is_an_error(server: Server, read: Read) -> None:
    server.routes["/feed"] = response(b"", status="304 Not Modified", length=False)
    with pytest.raises(BadStatus) as caught:
        read()
    assert caught.value.code == "unasked_304"


def test_an_etag_too_long_to_keep_is_dropped(server: Server, read: Read) -> None:
    server.routes["/feed"] = response(FEED, f'ETag: "{"x" * 1000}"')
    assert read().etag == ""


@pytest.mark.parametrize("etag", ['"a\r\nCookie: b=c"', "snow ☃", '"a\0"'])
def test_a_validator_that_cannot_be_a_header_is_refused(etag: str, server: Server, read: Read) -> None:
    with pytest.raises(FetchRefused) as caught:
        read(etag=etag)
    assert caught.value.code == "header"
    assert server.asked == []


@pytest.mark.parametrize(
    "status", ["204 No Content", "206 Partial Content", "202 Accepted", "403 No", "404 No", "500 No"]
)
def test_other_statuses_are_errors_that_may_pass(status: str, server: Server, read: Read) -> None:
    server.routes["/feed"] = response(b"", status=status, length=False)
    with pytest.raises(BadStatus, match=r"http://news\.test/feed answered") as caught:
        read()
    assert caught.value.code == "http_status"
    assert caught.value.http_status == int(status[:3])
    assert not caught.value.permanent


def test_gone_is_for_good(server: Server, read: Read) -> None:
    server.routes["/feed"] = response(b"", status="410 Gone")
    with pytest.raises(BadStatus) as caught:
        read()
    assert (caught.value.code, caught.value.permanent) == ("gone", True)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("9" * 5000, 7 * 24 * 3600),
        ("8640000", 7 * 24 * 3600),
        ("Mon, 05 Jan 2026 10:01:30 GMT", 90),
        ("Sun, 04 Jan 2026 10:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 7 * 24 * 3600),
        ("-5", None),
        ("soon", None),
        ("٣", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str, seconds: int | None, server: Server, read: Read) -> None:
    answer = response(b"", "Retry-After: RETRY", "Date: Mon, 05 Jan 2026 10:00:00 GMT", status="503 Busy")
    server.routes["/feed"] = answer.replace(b"RETRY", value.encode())
    with pytest.raises(BadStatus) as caught:
        read()
    assert caught.value.retry_after == seconds


def test_retry_after_without_a_date_counts_from_now(server: Server, read: Read) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    server.routes["/feed"] = response(b"", f"Retry-After: {until}", status="429 Slow down")
    with pytest.raises(BadStatus) as caught:
        read()
    assert caught.value.retry_after is not None
    assert 3600 - 60 <= caught.value.retry_after <= 3600


def test_redirects_are_followed_and_remembered(server: Server, net: Net, read: Read) -> None:
    net.names["other.test"] = [["1.1.1.1"]]
    server.routes["/feed"] = redirect("../new?a=1", "301 Moved")
    server.routes["/new?a=1"] = redirect("http://other.test/é", "308 Moved")
    server.routes["/%C3%A9"] = response(FEED)
    fetched = read()
    assert [(hop.url, hop.status) for hop in fetched.hops] == [
        ("http://news.test/feed", 301),
        ("http://news.test/new?a=1", 308),
        ("http://other.test/%C3%A9", 200),
    ]
    assert fetched.permanent_redirect
    assert fetched.final_url == "http://other.test/%C3%A9"
    assert net.dialled == [(PUBLIC_IP, 80), (PUBLIC_IP, 80), ("1.1.1.1", 80)]


def test_one_temporary_redirect_makes_the_way_temporary(server: Server, read: Read) -> None:
    server.routes |= {"/feed": redirect("/a", "301 Moved"), "/a": redirect("/b"), "/b": response(FEED)}
    assert not read().permanent_redirect


def test_five_redirects_are_followed_and_six_are_not(server: Server, read: Read) -> None:
    server.routes |= {f"/{step}": redirect(f"/{step + 1}") for step in range(6)}
    server.routes["/6"] = response(FEED)
    assert len(read("http://news.test/1").hops) == 5 + 1
    with pytest.raises(FetchRefused) as caught:
        read("http://news.test/0")
    assert caught.value.code == "redirects"


def test_a_redirect_to_itself_ends(server: Server, read: Read) -> None:
    server.routes["/feed"] = redirect("/feed")
    with pytest.raises(FetchRefused) as caught:
        read()
    assert caught.value.code == "redirects"
    assert len(server.asked) == 1 + 5


def test_a_redirect_without_a_location_is_an_error(server: Server, read: Read) -> None:
    server.routes["/feed"] = response(b"", status="302 Found")
    with pytest.raises(FetchFailed) as caught:
        read()
    assert caught.value.code == "protocol"


def test_cookies_are_not_carried(server: Server, read: Read) -> None:
    server.routes["/feed"] = redirect("/next").replace(b"Location", b"Set-Cookie: session=1\r\nLocation")
    server.routes["/next"] = response(FEED)
    read()
    assert "cookie" not in server.asked[1].lower()


def test_proxies_in_the_environment_are_ignored(
    server: Server, net: Net, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.routes["/feed"] = response(FEED)
    assert read().body == FEED
    assert net.dialled == [(PUBLIC_IP, 80)]


def test_a_name_without_an_address_is_an_error(read: Read) -> None:
    with pytest.raises(FetchFailed, match=r"nowhere\.test has no address") as caught:
        read("http://nowhere.test/")
    assert caught.value.code == "dns"


def test_the_body_is_what_was_sent_to_the_byte(server: Server, read: Read) -> None:
    body = bytes(range(256)) * 100
    server.routes["/feed"] = response(body)
    assert hashlib.sha256(read().body).digest() == hashlib.sha256(body).digest()


def test_an_answer_without_any_mark_of_its_end_is_flagged(server: Server, read: Read) -> None:
    server.routes["/feed"] = response(FEED, length=False)
    fetched = read()
    assert (fetched.body, fetched.truncated) == (FEED, True)
    server.routes["/feed"] = response(gzip.compress(FEED, mtime=0), "Content-Encoding: gzip", length=False)
    assert not read().truncated


def test_bytes_over_the_cap_stop_the_reading(server: Server, read: Read) -> None:
    server.routes["/feed"] = response(b"x" * 1001)
    with pytest.raises(FetchTooLarge) as caught:
        read(max_raw=1000)
    assert caught.value.code == "too_large"
    server.routes["/feed"] = response(b"x" * 1000)
    assert len(read(max_raw=1000).body) == 1000
