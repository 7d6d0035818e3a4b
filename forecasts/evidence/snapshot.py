"""What was seen, kept so that it can be shown again: bytes, text and a record of how they came."""

import gzip
import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from forecasts.evidence.fetch import Fetched

UNRECORDED_HEADERS = frozenset({"set-cookie"})  # a session is no evidence


@dataclass(frozen=True)
class Capture:
    """One snapshot. `sha256` and `size` (bytes) are of the unpacked body; `packed` is gzip with mtime 0.

    `record` is RFC 8785 JSON (ASCII keys; strings, integers, booleans and lists only).
    """

    sha256: str
    size: int
    packed: bytes
    text: str
    text_sha256: str
    record: str


def capture(body: bytes, text: str, *, fetched: Fetched, fetched_at: datetime, extractor: str) -> Capture:
    """Keep `body` and the `text` that `extractor` (name and version) read from it, with how both were come by.

    Raises ValueError when `fetched_at` has no time zone.
    """
    if fetched_at.tzinfo is None:
        raise ValueError("fetched_at: give a time with its zone")
    text_sha256 = _sha256(text.encode())
    record = {
        "url": fetched.url,
        "final_url": fetched.final_url,
        "hops": [asdict(hop) for hop in fetched.hops],
        "headers": [list(pair) for pair in fetched.headers if pair[0] not in UNRECORDED_HEADERS],
        "http_status": fetched.http_status,
        "media_type": fetched.media_type,
        "charset": fetched.charset,
        "fetched_at": fetched_at.astimezone(UTC).isoformat(timespec="seconds"),
        "raw_length": fetched.raw_length,
        "size": len(body),
        "sha256": _sha256(body),
        "truncated": fetched.truncated,
        "extractor": extractor,
        "text_sha256": text_sha256,
    }
    return Capture(
        sha256=_sha256(body),
        size=len(body),
        packed=gzip.compress(body, mtime=0),
        text=text,
        text_sha256=text_sha256,
        record=json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
