"""The demo's news wire: a real feed over HTTP on this machine, on which news appears as time passes."""

import datetime as dt
import threading
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

SECONDS = dt.timedelta(seconds=1)
# (seconds after the start, title, text): invented for the demo, and marked as such in every item.
NEWS = (
    (-5400, "Consultation opens on AI Act guidance", "The Commission opened a consultation on draft guidance."),
    (-3600, "Standards bodies meet on AI quality management", "CEN and CENELEC reviewed comments in a public session."),
    (-600, "Data centre operators report on energy use", "Three operators published their yearly energy figures."),
    (
        15,
        "Commission publishes new guideline on the AI Act",
        "The European Commission published a further guideline on the Artificial Intelligence Act.",
    ),
    (90, "Lawyers read the new guideline", "Commentary on what providers must now document."),
)
DEMO = "This report is part of a demonstration and describes no real event."


def feed(started: dt.datetime, now: dt.datetime) -> bytes:
    """The wire as RSS 2.0 as of `now`."""
    items = "".join(
        f"<item><guid isPermaLink='false'>demo-{number}</guid><title>{escape(title)}</title>"
        f"<description>{escape(f'{text} {DEMO}')}</description>"
        f"<pubDate>{format_datetime(started + seconds * SECONDS)}</pubDate></item>"
        for number, (seconds, title, text) in enumerate(NEWS, start=1)
        if started + seconds * SECONDS <= now
    )
    head = "<title>Demo news wire</title><link>http://localhost/</link><description>Invented news</description>"
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


def serve_wire(address: str, started: dt.datetime) -> ThreadingHTTPServer:
    """Serve the wire at `address` (host:port) from a thread of its own until the process ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = feed(started, dt.datetime.now(dt.UTC))
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """The wire says nothing on the console."""

    host, _, port = address.rpartition(":")
    server = ThreadingHTTPServer((host, int(port)), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="demo-wire", daemon=True).start()
    return server
