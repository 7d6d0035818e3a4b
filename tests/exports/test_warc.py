"""The evidence of a prediction as a WARC file, read back by an archive tool."""

import gzip
import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from warcio.archiveiterator import ArchiveIterator

from forecasts.actions import action
from forecasts.evidence.fetch import Fetched, Hop
from forecasts.evidence.snapshot import capture
from forecasts.exports.warc import Exported, export_evidence, write_warc
from forecasts.models import Finding, Prediction, Snapshot
from forecasts.queries.bodies import SnapshotLost
from tests.story import DAY, START, Story

BODY = b"<rss><item>The gazette carries the rule \xe2\x80\x93 at last.</item></rss>"
TEXT = "The gazette carries the rule – at last."
HEADERS = (("content-type", "text/xml"), ("set-cookie", "id=1"), ("etag", '"7"'))


@dataclass(frozen=True)
class Record:
    kind: str
    headers: dict[str, str]
    payload: bytes


def read(file: Path) -> list[Record]:
    """Every record of a file; a digest that does not hold raises."""
    with file.open("rb") as stream:
        records = ArchiveIterator(stream, check_digests="raise")
        return [Record(one.rec_type, dict(one.rec_headers.headers), one.raw_stream.read()) for one in records]


@action
def _keep(*, prediction: Prediction, snapshot: Snapshot) -> None:
    snapshot.save(force_insert=True)
    row = Finding(prediction=prediction, snapshot=snapshot, title="Gazette", found_at=snapshot.fetched_at)
    row.quote, row.quote_start, row.quote_end, row.relevance = TEXT, 0, len(TEXT), 500
    row.digest = snapshot.sha256
    row.save()


def fetched_for(prediction: Prediction, body: bytes = BODY, **changes: Any) -> Snapshot:
    """A snapshot as a check keeps it, with its bytes in the store, cited by a finding."""
    hops = (Hop("http://news.test/", 301, "93.184.216.34"), Hop("http://www.news.test/", 200, "93.184.216.34"))
    fetched = Fetched(
        status="ok", url="http://news.test/", final_url="http://www.news.test/", hops=hops, http_status=200,
        headers=HEADERS, media_type="text/xml", charset="utf-8", body=body, raw_length=len(body), truncated=False,
        etag='"7"', last_modified="", permanent_redirect=True, retry_after=None,
    )  # fmt: skip
    kept = capture(body, TEXT, fetched=fetched, fetched_at=START, extractor="feed-1")
    snapshot = Snapshot(
        sha256=kept.sha256, media_type="text/xml", size=kept.size, url=fetched.url, final_url=fetched.final_url,
        fetched_at=START, text=kept.text, text_sha256=kept.text_sha256, record=json.loads(kept.record),
    )  # fmt: skip
    for name, value in changes.items():
        setattr(snapshot, name, value)
    storages["snapshots"].save(snapshot.storage_name, ContentFile(kept.packed))
    _keep(prediction=prediction, snapshot=snapshot)
    return snapshot


def test_it_works(story: Story, tmp_path: Path) -> None:
    prediction = story.opened()
    snapshot = fetched_for(prediction)
    file = tmp_path / "evidence.warc.gz"
    assert export_evidence(prediction, file, at=START + DAY) == Exported(snapshots=1, size=len(BODY))
    info, resource, metadata, conversion = read(file)
    assert [one.kind for one in (info, resource, metadata, conversion)] == [
        "warcinfo", "resource", "metadata", "conversion",
    ]  # fmt: skip
    assert prediction.slug.encode() in info.payload
    assert info.headers["WARC-Date"] == "2026-01-02T12:00:00Z"

    assert resource.payload == BODY
    assert hashlib.sha256(resource.payload).hexdigest() == snapshot.sha256
    for digest in ("WARC-Block-Digest", "WARC-Payload-Digest"):
        assert resource.headers[digest].startswith("sha256:")
    assert resource.headers["WARC-Target-URI"] == "http://www.news.test/"
    assert resource.headers["WARC-Date"] == "2026-01-01T12:00:00Z"
    assert resource.headers["Content-Type"] == "text/xml"

    record = json.loads(metadata.payload)
    assert record == snapshot.record
    assert [hop["status"] for hop in record["hops"]] == [301, 200]
    assert "set-cookie" not in metadata.payload.decode()

    assert conversion.payload.decode() == TEXT
    assert hashlib.sha256(conversion.payload).hexdigest() == snapshot.text_sha256
    assert {one.headers["WARC-Refers-To"] for one in (metadata, conversion)} == {resource.headers["WARC-Record-ID"]}


def test_it_says_that_it_is_warc_1_1_and_packs_each_record_by_itself(story: Story, tmp_path: Path) -> None:
    prediction = story.opened()
    fetched_for(prediction)
    file = tmp_path / "evidence.warc.gz"
    export_evidence(prediction, file, at=START)
    assert gzip.decompress(file.read_bytes()).startswith(b"WARC/1.1\r\n")
    with file.open("rb") as stream:
        records = ArchiveIterator(stream)
        starts = [records.get_record_offset() for _ in records]
    assert [file.read_bytes()[start : start + 2] for start in starts] == [b"\x1f\x8b"] * 4


def test_what_an_editor_copied_is_exported_from_its_row(story: Story, tmp_path: Path) -> None:
    prediction = story.opened()
    finding = story.sees(prediction, at=START)
    file = tmp_path / "evidence.warc.gz"
    export_evidence(prediction, file, at=START)
    resource = read(file)[1]
    assert resource.payload.decode() == finding.snapshot.text
    assert resource.headers["WARC-Target-URI"] == "http://gazette.test/1"


def test_only_what_belongs_to_the_prediction_is_exported_the_earliest_first(story: Story, tmp_path: Path) -> None:
    prediction, other = story.opened(), story.opened()
    late, early = story.sees(prediction, at=START + DAY), story.sees(prediction, at=START)
    story.sees(other, at=START)
    file = tmp_path / "evidence.warc.gz"
    export_evidence(prediction, file, at=START)
    bodies = [one.payload.decode() for one in read(file) if one.kind == "resource"]
    assert bodies == [early.snapshot.text, late.snapshot.text]


def test_a_prediction_without_evidence_gives_an_empty_archive(story: Story, tmp_path: Path) -> None:
    file = tmp_path / "evidence.warc.gz"
    assert export_evidence(story.opened(), file, at=START) == Exported(0, 0)
    assert [one.kind for one in read(file)] == ["warcinfo"]


def test_a_snapshot_without_an_address_is_named_by_its_digest(story: Story, tmp_path: Path) -> None:
    prediction = story.opened()
    snapshot = fetched_for(prediction, url="", final_url="")
    file = tmp_path / "evidence.warc.gz"
    export_evidence(prediction, file, at=START)
    assert read(file)[1].headers["WARC-Target-URI"] == f"urn:sha256:{snapshot.sha256}"


def test_the_same_evidence_gives_the_same_bytes(story: Story) -> None:
    prediction = story.opened()
    fetched_for(prediction)
    story.sees(prediction, at=START)
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        write_warc(prediction, file, at=START)
    assert files[0].getvalue() == files[1].getvalue()


def test_an_export_costs_one_query(story: Story, queries: Any) -> None:
    prediction = story.opened()
    for day in range(5):
        story.sees(prediction, at=START + day * DAY)
    before = len(queries)
    write_warc(prediction, io.BytesIO(), at=START)
    assert len(queries) - before == 1


def lose(snapshot: Snapshot) -> None:
    storages["snapshots"].delete(snapshot.storage_name)


def put(snapshot: Snapshot, data: bytes) -> None:
    lose(snapshot)
    storages["snapshots"].save(snapshot.storage_name, ContentFile(data))


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lose, "the file is missing"),
        (lambda row: put(row, gzip.compress(BODY + b"!", mtime=0)), "another length"),
        (lambda row: put(row, gzip.compress(BODY[:-1], mtime=0)), "another length"),
        (lambda row: put(row, gzip.compress(b"\0" * 50_000_000, mtime=0)), "another length"),
        (lambda row: put(row, gzip.compress(BODY, mtime=0)[:-9]), "cannot be read"),
        (lambda row: put(row, BODY), "cannot be read"),
        (lambda row: put(row, gzip.compress(BODY, mtime=0)[:12] + b"\xff" * 20), "cannot be read"),
        (lambda row: put(row, b""), "another length"),
    ],
    ids=["lost", "longer", "shorter", "bomb", "cut", "not packed", "damaged", "empty"],
)
def test_lost_or_altered_bytes_stop_it_and_leave_nothing_behind(
    harm: Any, told: str, story: Story, tmp_path: Path
) -> None:
    prediction = story.opened()
    story.sees(prediction, at=START - DAY)
    snapshot = fetched_for(prediction)
    harm(snapshot)
    folder = tmp_path / "out"
    folder.mkdir()
    file = folder / "evidence.warc.gz"
    file.write_bytes(b"earlier")
    with pytest.raises(SnapshotLost) as caught:
        export_evidence(prediction, file, at=START)
    assert snapshot.sha256 in str(caught.value)
    assert "http://www.news.test/" in str(caught.value)
    assert told in str(caught.value)
    assert [(each.name, each.read_bytes()) for each in folder.iterdir()] == [("evidence.warc.gz", b"earlier")]
