"""What all fetches of evidence share: how far they may go, and where the bytes are kept."""

import datetime as dt
import json

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from forecasts.errors import FetchFailed
from forecasts.evidence.fetch import Fetched, FetchPolicy
from forecasts.evidence.snapshot import Capture
from forecasts.evidence.sources import Reading, source_kind
from forecasts.jobs.hosts import named_hosts
from forecasts.models import EvidenceSource, Snapshot

USER_AGENT = "Reckoner/0.1 (forecast evidence; {contact})"


def user_agent() -> str:
    """Who asks, and whom to write to."""
    return USER_AGENT.format(contact=settings.EVIDENCE_CONTACT or settings.SITE_NAME)


def fetch_policy() -> FetchPolicy:
    """The limits of a fetch, with what the operator allows."""
    return FetchPolicy(allow_private=named_hosts("EVIDENCE_ALLOW_PRIVATE_HOSTS"), user_agent=user_agent())


def read_answer(source: EvidenceSource, fetched: Fetched, now: dt.datetime, before: str) -> Reading:
    """What the source says, new against the text `before`. Raises UnreadableSource, or Refused for a wrong spec."""
    kind = source_kind(source.kind)
    return kind.read(
        fetched.body,
        fetched.media_type,
        kind.spec(source.spec),
        charset=fetched.charset,
        url=fetched.final_url,
        now=now,
        before=before,
    )


def store(kept: Capture, fetched: Fetched, fetched_at: dt.datetime) -> Snapshot:
    """Write the bytes before any row speaks of them; the same content twice is one file. Returns the unsaved row.

    Raises FetchFailed (`snapshot_store`) when they cannot be kept: what was seen but not kept proves nothing.
    """
    snapshot = Snapshot(
        sha256=kept.sha256,
        media_type=fetched.media_type,
        size=kept.size,
        url=fetched.url,
        final_url=fetched.final_url,
        fetched_at=fetched_at,
        text=kept.text,
        text_sha256=kept.text_sha256,
        record=json.loads(kept.record),
    )
    try:
        _write(snapshot.storage_name, kept.packed)
    except OSError as error:
        detail = f"{fetched.url} was read, but the snapshot store must be writable to keep it: {error.strerror}"
        raise FetchFailed(detail, "snapshot_store") from error
    return snapshot


def _write(name: str, packed: bytes) -> None:
    """Equal content is packed equally, so a file of another length is one whose writer was killed or out of space."""
    storage = storages["snapshots"]
    _delete_part(name, len(packed))
    if storage.exists(name):
        return
    try:
        storage.save(name, ContentFile(packed))
    except OSError:
        _delete_part(name, len(packed))  # it would take the room that there is not
        raise


def _delete_part(name: str, whole: int) -> None:
    storage = storages["snapshots"]
    if storage.exists(name) and storage.size(name) != whole:
        storage.delete(name)
