"""The evidence of a prediction as WARC/1.1 (ISO 28500:2017), which any web archive tool reads.

The body is a `resource` and not a `response`: we keep it unpacked and without cookies, so it is not what went over the
wire. What did is told by the capture record beside it.
"""

import base64
import datetime as dt
import hashlib
import io
import json
import secrets
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from warcio.warcwriter import WARCWriter

from forecasts.models import Prediction, Snapshot
from forecasts.queries.bodies import body_of
from forecasts.queries.evidence import snapshots_of

VERSION = "1.1"


@dataclass(frozen=True)
class Exported:
    """What an export holds: snapshots, and bytes of their bodies."""

    snapshots: int
    size: int


def export_evidence(prediction: Prediction, path: Path, *, at: dt.datetime) -> Exported:
    """Write all snapshots of `prediction` to `path`; an earlier file there is replaced only when all went well.

    Raises SnapshotLost, naming the snapshot, and OSError.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with part.open("xb") as out:
            exported = write_warc(prediction, out, at=at)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return exported


def write_warc(prediction: Prediction, out: BinaryIO, *, at: dt.datetime) -> Exported:
    """Stream the snapshots of `prediction` to `out`, one at a time; the same ones and `at` give the same bytes."""
    writer = WARCWriter(out, gzip=True, warc_version=VERSION)
    about = f"software: Reckoner\r\nformat: WARC/{VERSION}\r\ndescription: evidence for {prediction.slug}\r\n"
    _write(writer, "warcinfo", about.encode(), "application/warc-fields", {"WARC-Date": _date(at)})
    count = size = 0
    for snapshot in snapshots_of(prediction).iterator():
        count, size = count + 1, size + snapshot.size
        _write_snapshot(writer, snapshot)
    return Exported(count, size)


def _write_snapshot(writer: WARCWriter, snapshot: Snapshot) -> None:
    headers = {
        "WARC-Target-URI": snapshot.final_url or snapshot.url or f"urn:sha256:{snapshot.sha256}",
        "WARC-Date": _date(snapshot.fetched_at),
    }
    body = body_of(snapshot)
    resource = _write(writer, "resource", body, snapshot.media_type or "application/octet-stream", headers)
    headers["WARC-Refers-To"] = resource
    record = json.dumps(snapshot.record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    _write(writer, "metadata", record.encode(), "application/json", headers)
    _write(writer, "conversion", snapshot.text.encode(), "text/plain; charset=utf-8", headers)


def _write(writer: WARCWriter, kind: str, payload: bytes, media_type: str, headers: dict[str, str]) -> str:
    """Write one record and return its id, which follows from what it holds."""
    digest = hashlib.sha256(payload).digest()
    named = "\0".join((kind, digest.hex(), *headers.values()))
    record_id = f"<{uuid.uuid5(uuid.NAMESPACE_URL, named).urn}>"
    digests = f"sha256:{base64.b32encode(digest).decode()}"  # the spelling that archive tools verify
    both = {"WARC-Block-Digest": digests, "WARC-Payload-Digest": digests}
    record = writer.create_warc_record(
        headers.get("WARC-Target-URI", ""),
        kind,
        payload=io.BytesIO(payload),
        length=len(payload),
        warc_content_type=media_type,
        warc_headers_dict={**headers, "WARC-Record-ID": record_id, **both},
    )
    writer.write_record(record)
    return record_id


def _date(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
