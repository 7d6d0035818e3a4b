"""The bytes that are hashed: RFC 8785 JSON in which every number is a string and every text is NFC.

Floats are refused, since two programs may print one float in two ways.
"""

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import rfc8785

_ALLOWED = "a ledger content holds text, integers, decimals, times, truth values, lists and mappings"


def instant(at: dt.datetime) -> str:
    """An aware time as UTC with microseconds: 2026-01-31T08:00:00.000000Z."""
    if at.tzinfo is None:
        raise ValueError(f"at: {at!r} has no time zone")
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: object) -> Any:
    """`value` with numbers and times as strings, text in NFC; raises TypeError on anything that has no one spelling."""
    match value:
        case None | bool():
            return value
        case str():
            return unicodedata.normalize("NFC", value)
        case int() | Decimal():
            return str(value)
        case dt.datetime():
            return instant(value)
        case dt.date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case Sequence() if not isinstance(value, bytes):
            return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__}: {_ALLOWED}")


def canonical(value: object) -> bytes:
    """The one spelling of `value` in bytes (RFC 8785)."""
    return rfc8785.dumps(plain(value))


def content_digest(salt: str, content: bytes) -> str:
    """SHA-256 over the salt (hex, decoded) and the canonical content, in hex."""
    return hashlib.sha256(bytes.fromhex(salt) + content).hexdigest()


def entry_digest(
    *, seq: int, kind: str, at: dt.datetime, actor: str, subject: str, content_sha256: str, prev: str
) -> str:
    """SHA-256 over the canonical header of an entry, in hex; `prev` chains it to the entry before."""
    header = {
        "v": "1",
        "seq": seq,
        "kind": kind,
        "at": at,
        "actor": actor,
        "subject": subject,
        "content_sha256": content_sha256,
        "prev": prev,
    }
    return hashlib.sha256(canonical(header)).hexdigest()
