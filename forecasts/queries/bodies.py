"""The bytes behind a snapshot, held against what the row says of them."""

import gzip
import hashlib
import zlib

from django.core.files.storage import storages

from forecasts.errors import ReckonerError
from forecasts.models import Snapshot


class SnapshotLost(ReckonerError):
    """What was seen is not in the store any more, or not as it was. `fault` says what is wrong."""

    code = "snapshot_lost"

    def __init__(self, snapshot: Snapshot, fault: str) -> None:
        self.fault = fault
        where = snapshot.final_url or snapshot.url
        super().__init__(f"snapshot {snapshot.sha256}{f' of {where}' if where else ''}: {fault}; restore a backup")


def body_of(snapshot: Snapshot) -> bytes:
    """The bytes that were seen; of what an editor copied, its text, which lies in the row. Raises SnapshotLost."""
    body = snapshot.text.encode() if snapshot.sha256 == snapshot.text_sha256 else _stored(snapshot)
    if len(body) != snapshot.size:
        raise SnapshotLost(snapshot, "the bytes have another length")
    if hashlib.sha256(body).hexdigest() != snapshot.sha256:
        raise SnapshotLost(snapshot, "the bytes have another hash")
    return body


def fault_of(snapshot: Snapshot) -> str:
    """What is wrong with the bytes or the text of a snapshot, as a few words; "" when both are as they were."""
    if hashlib.sha256(snapshot.text.encode()).hexdigest() != snapshot.text_sha256:
        return "the text has another hash"
    try:
        body_of(snapshot)
    except SnapshotLost as lost:
        return lost.fault
    return ""


def _stored(snapshot: Snapshot) -> bytes:
    """Never more than one byte over what it should be, whatever the file unpacks to."""
    try:
        with storages["snapshots"].open(snapshot.storage_name) as file, gzip.open(file) as unpacked:
            return unpacked.read(snapshot.size + 1)
    except FileNotFoundError:
        raise SnapshotLost(snapshot, "the file is missing") from None
    except (OSError, EOFError, zlib.error) as error:
        raise SnapshotLost(snapshot, f"the file cannot be read: {error}") from error
