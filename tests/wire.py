"""A feed on loopback whose news the test writes as it goes."""

import datetime as dt
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.utils import timezone


class Wire:
    """Items appear on the next fetch; `body` replaces the whole answer, `seconds` passes in the middle of it.

    They link to `site`. What is in `pages`, by path, is served there as HTML.
    """

    def __init__(self) -> None:
        self.items: list[str] = []
        self.pages: dict[str, bytes] = {}
        self.site = "http://wire.test"
        self.body: bytes | None = None
        self.content_type = "application/rss+xml; charset=utf-8"
        self.status = 200
        self.location = ""
        self.etag = ""  # who sends it back is told that nothing changed
        self.seconds = 0.0
        self.fetches = 0
        self.port = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/feed.xml"

    def publish(self, title: str, text: str, *, at: dt.datetime | None = None) -> None:
        """Stamp the item with the next whole second: a feed's dates have no fractions, and rounded down a report that
        follows an opening within the same second would be older than it, which no rule may propose from."""
        number, stamp = len(self.items) + 1, format_datetime(at or timezone.now() + dt.timedelta(seconds=1))
        self.items.append(
            f"<item><guid>{number}</guid><title>{title}</title><description>{text}</description>"
            f"<link>{self.site}/{number}</link><pubDate>{stamp}</pubDate></item>"
        )

    def answer(self) -> bytes:
        if self.body is not None:
            return self.body
        return f"<rss version='2.0'><channel><title>Wire</title>{''.join(self.items)}</channel></rss>".encode()


@contextmanager
def serving() -> Iterator[Wire]:
    wire = Wire()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wire.fetches += 1
            page = wire.pages.get(self.path)
            is_held = bool(wire.etag) and self.headers.get("If-None-Match") == wire.etag
            body = b"" if is_held else wire.answer() if page is None else page
            self.send_response(304 if is_held else wire.status)
            if wire.etag:
                self.send_header("ETag", wire.etag)
            if wire.location:
                self.send_header("Location", wire.location)
            self.send_header("Content-Type", wire.content_type if page is None else "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):  # whoever asked has heard enough
                time.sleep(wire.seconds)
                self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    wire.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        server.shutdown()
        server.server_close()
