"""Files inside a zip archive that a stranger made: named ones only, read in memory, each up to a size."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable

from forecasts.errors import Refused
from forecasts.imports.reading import MOST_BYTES, check_size

MOST_MEMBERS = 100
MOST_RATIO = 200
SMALL = 2**20
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError, RuntimeError)


def members_of(name: str, data: bytes, wanted: Iterable[str]) -> dict[str, bytes]:
    """Those of the `wanted` files that the archive has, at its top; all others are left alone.

    Nothing is written to disk, so what path a member claims does not matter. What a member unpacks to is counted, not
    believed.
    """
    check_size(name, data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = archive.infolist()
            if len(found) > MOST_MEMBERS:
                raise Refused("file", name, f"give an archive of at most {MOST_MEMBERS} files")
            return {each: _unpacked(archive, each, name) for each in wanted if _has(found, each, name)}
    except DAMAGED as error:
        raise Refused("file", name, f"give a whole zip archive; {error or type(error).__name__}") from None


def _has(found: list[zipfile.ZipInfo], wanted: str, name: str) -> bool:
    count = sum(member.filename == wanted for member in found)
    if count > 1:
        raise Refused("file", name, f"give an archive with one {wanted}; it has {count}")
    return count == 1


def _unpacked(archive: zipfile.ZipFile, wanted: str, name: str) -> bytes:
    member = archive.getinfo(wanted)
    if member.compress_type not in METHODS or member.flag_bits & 1:
        raise Refused("file", f"{name}: {wanted}", "give files that are stored or deflated, and not encrypted")
    most = min(MOST_BYTES, max(SMALL, member.compress_size * MOST_RATIO))
    with archive.open(member) as file:
        data = file.read(most + 1)
    if len(data) > most:
        accepted = (
            f"give files of at most {MOST_BYTES // 2**20} MiB that unpack to at most {MOST_RATIO} times their size"
        )
        raise Refused("file", f"{name}: {wanted}", accepted)
    return data
