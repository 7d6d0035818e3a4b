"""What is kept of what was seen."""

import gzip
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785

from forecasts.evidence.fetch import Fetched, Hop
from forecasts.evidence.snapshot import capture

BODY = "<rss>é</rss>".encode()
AT = datetime(2026, 1, 5, 10, tzinfo=UTC)
FETCHED = Fetched(
    status="ok",
    url="http://news.test/",
    final_url="https://news.test/feed",
    hops=(Hop("http://news.test/", 301, "1.1.1.1"), Hop("https://news.test/feed", 200, "1.1.1.1", "ab" * 32)),
    http_status=200,
    headers=(("x-odd", 'a"\\\t\x7fé\x80'), ("set-cookie", "session=1"), ("etag", "x"), ("etag", "y")),
    media_type="text/xml",
    charset="",
    body=BODY,
    raw_length=7,
    truncated=False,
    etag="x",
    last_modified="",
    permanent_redirect=True,
    retry_after=None,
)


def test_it_keeps_bytes_text_and_how_they_came() -> None:
    kept = capture(BODY, "é", fetched=FETCHED, fetched_at=AT, extractor="feed 1")
    assert (kept.sha256, kept.size) == (hashlib.sha256(BODY).hexdigest(), len(BODY))
    assert (kept.text, kept.text_sha256) == ("é", hashlib.sha256("é".encode()).hexdigest())
    assert gzip.decompress(kept.packed) == BODY
    assert kept.packed[4:8] == bytes(4)  # RFC 1952: no time in it, so the same bytes pack the same
    record = json.loads(kept.record)
    assert [(hop["status"], hop["certificate"]) for hop in record["hops"]] == [(301, ""), (200, "ab" * 32)]
    assert record["fetched_at"] == "2026-01-05T10:00:00+00:00"
    assert (record["sha256"], record["text_sha256"]) == (kept.sha256, kept.text_sha256)
    assert (record["raw_length"], record["size"], record["truncated"]) == (7, len(BODY), False)
    assert record["extractor"] == "feed 1"


def test_the_record_is_canonical_json() -> None:
    record = capture(BODY, "", fetched=FETCHED, fetched_at=AT, extractor="feed 1").record
    assert rfc8785.dumps(json.loads(record)) == record.encode()


def test_a_session_is_no_evidence() -> None:
    assert "session" not in capture(BODY, "", fetched=FETCHED, fetched_at=AT, extractor="x").record


def test_the_same_answer_at_the_same_time_gives_the_same_capture() -> None:
    local = AT.astimezone(timezone(timedelta(hours=9)))
    one, two = (capture(BODY, "t", fetched=FETCHED, fetched_at=at, extractor="x") for at in (AT, local))
    assert one == two
    other = capture(BODY, "t", fetched=replace(FETCHED, truncated=True), fetched_at=AT, extractor="x")
    assert (one.packed, one.sha256) == (other.packed, other.sha256)
    assert one.record != other.record


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="fetched_at"):
        capture(BODY, "", fetched=FETCHED, fetched_at=AT.replace(tzinfo=None), extractor="x")
