"""Sitemaps are often files of their own compression: sitemap.xml.gz."""

import zlib

from forecasts.errors import UnreadableSource
from forecasts.evidence.inflate import GZIP

MAX_BYTES = 20_000_000


def unpack(body: bytes) -> bytes:
    """`body`, unpacked once where it is gzip. Raises UnreadableSource with code `too_large` or `broken`."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(GZIP)
    try:
        unpacked = unpacker.decompress(body, MAX_BYTES + 1)
    except zlib.error:
        raise UnreadableSource("the sitemap looks like gzip and cannot be unpacked", "broken") from None
    if len(unpacked) > MAX_BYTES:
        raise UnreadableSource(f"the sitemap unpacks to more than {MAX_BYTES:,} bytes", "too_large")
    if not unpacker.eof:
        raise UnreadableSource("the sitemap breaks off inside gzip data; a whole file is needed", "broken")
    return unpacked
