"""A receiver of webhooks on loopback that verifies every signature, and misbehaves as the test says."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """Remembers what it was told, in order. `status` and `headers` are its answer, `after` what it does behind it."""

    def __init__(self) -> None:
        self.port = 0
        self.secrets: list[str] = []
        self.status = 204
        self.headers: dict[str, str] = {}
        self.seconds = 0.0
        self.body: Callable[[], Iterator[bytes]] = lambda: iter(())
        self.events: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.heads: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.unsigned = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/hook?key=hush"

    def takes(self, head: dict[str, str], body: bytes) -> None:
        if not any(is_signed(secret, head, body) for secret in self.secrets):
            self.unsigned += 1
        self.heads.append(head)
        self.bodies.append(body)
        self.ids.append(head["webhook-id"])
        self.events.append(json.loads(body))


def is_signed(secret: str, head: dict[str, str], body: bytes) -> bool:
    """By hand, as a receiver does it: no line of ours."""
    signed = b".".join((head["webhook-id"].encode(), head["webhook-timestamp"].encode(), body))
    mac = hmac.new(base64.b64decode(secret.split("_")[1]), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(mac).decode()}" in head["webhook-signature"].split(" ")


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.takes({name.lower(): value for name, value in self.headers.items()}, body)
            time.sleep(receiver.seconds)
            with suppress(ConnectionError):  # whoever called has heard enough
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for chunk in receiver.body():
                    self.wfile.write(chunk)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
