"""Decompress a response while it arrives, never producing more than the caps allow."""

import zlib

from forecasts.errors import FetchFailed, FetchTooLarge

GZIP = 16 + zlib.MAX_WBITS


class Body:
    """Collects the chunks of one response body and keeps the caps on raw bytes, decoded bytes and their ratio."""

    def __init__(self, url: str, coding: str, *, max_raw: int, max_decoded: int, max_ratio: int) -> None:
        self._url, self._max_raw, self._max_decoded, self._max_ratio = url, max_raw, max_decoded, max_ratio
        self._gzip = zlib.decompressobj(GZIP) if _is_gzip(url, coding) else None
        self._decoded = bytearray()
        self.raw_length = 0

    def add(self, chunk: bytes) -> None:
        """Raises FetchTooLarge (`too_large`, `ratio`) or FetchFailed (`encoding`)."""
        self.raw_length += len(chunk)
        if self.raw_length > self._max_raw:
            raise FetchTooLarge(f"{self._url} sent more than {self._max_raw:,} bytes", "too_large")
        if self._gzip is None:
            self._keep(chunk)
        else:
            self._inflate(chunk)

    def finish(self) -> bytes:
        """The whole body. Raises FetchFailed with code `truncated` when gzip data stop before their end."""
        if self._gzip is not None and not self._gzip.eof and self.raw_length:
            raise FetchFailed(f"{self._url} broke off inside gzip data; a whole answer is needed", "truncated")
        return bytes(self._decoded)

    @property
    def proves_its_end(self) -> bool:
        """True when the coding itself marks where the body ends."""
        return self._gzip is not None and self._gzip.eof

    def _inflate(self, chunk: bytes) -> None:
        while chunk:
            if self._gzip is None or self._gzip.eof:
                self._gzip = zlib.decompressobj(GZIP)  # RFC 1952 allows several members, one after the other
            try:
                # One byte over the cap is enough to see that it was passed; the rest is never inflated.
                self._keep(self._gzip.decompress(chunk, self._max_decoded - len(self._decoded) + 1))
            except zlib.error:
                raise FetchFailed(f"{self._url} said gzip and sent something else", "encoding") from None
            chunk = self._gzip.unused_data

    def _keep(self, data: bytes) -> None:
        self._decoded += data
        if len(self._decoded) > self._max_decoded:
            raise FetchTooLarge(f"{self._url} unpacks to more than {self._max_decoded:,} bytes", "too_large")
        if len(self._decoded) > self._max_ratio * self.raw_length:
            raise FetchTooLarge(f"{self._url} unpacks to over {self._max_ratio} times its size", "ratio")


def _is_gzip(url: str, coding: str) -> bool:
    codings = [name for part in coding.lower().split(",") if (name := part.strip()) not in ("", "identity")]
    if codings in (["gzip"], ["x-gzip"]):
        return True
    if codings:
        raise FetchFailed(f"{url} answered in {', '.join(codings)[:80]!r}; gzip once or nothing was asked", "encoding")
    return False
