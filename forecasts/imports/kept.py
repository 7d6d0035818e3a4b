"""Files that were kept for an import, held against the digests under which they were shown."""

import hashlib
import zlib
from collections.abc import Sequence

from forecasts.errors import Refused
from forecasts.models import ImportFile

from .formats import Files


def kept_files(digests: Sequence[str]) -> Files:
    """The bytes by file name, in the order of `digests`. Raises Refused where one is not here any more."""
    rows = {row.sha256: row for row in ImportFile.objects.filter(sha256__in=filter(str.isalnum, digests))}
    files: dict[str, bytes] = {}
    for digest in digests:
        if digest not in rows:
            raise Refused("file", digest[:12], "it is not here any more; upload it again")
        row = rows[digest]
        data = zlib.decompress(row.packed)
        if hashlib.sha256(data).hexdigest() != digest:
            raise Refused("file", row.name, "it is not what was uploaded; upload it again")
        if row.name in files:
            raise Refused("file", row.name, "give files that belong together different names")
        files[row.name] = data
    if not files:
        raise Refused("file", "", "upload a file")
    return files
