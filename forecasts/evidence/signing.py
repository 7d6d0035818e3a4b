"""Signatures of webhooks: HMAC-SHA256 over id, time and body, in base64, one for each secret.

Source: Standard Webhooks, https://www.standardwebhooks.com/.
"""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """32 random bytes in base64, behind `whsec_`."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the signature. `timestamp` is in seconds since 1970. Raises ValueError for what is no secret."""
    signed = hmac.new(_key(secret), f"{event_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(signed.digest()).decode()}"


def signed_headers(given: Sequence[str], event_id: str, at: dt.datetime, body: bytes) -> tuple[tuple[str, str], ...]:
    """The three headers of a webhook that is sent at `at`, signed with each of the secrets `given`."""
    timestamp = int(at.timestamp())
    signatures = " ".join(signature(secret, event_id, timestamp, body) for secret in given)
    return (
        ("webhook-id", event_id),
        ("webhook-timestamp", str(timestamp)),
        ("webhook-signature", signatures),
    )


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError(f"a secret is {PREFIX} and base64") from None  # nothing of it may be logged
