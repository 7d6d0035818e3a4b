"""A web server on loopback that misbehaves on request, and a network in which only it exists."""

import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any, Self

PUBLIC_IP = "93.184.216.34"

Handler = Callable[[socket.socket], None]


def response(body: bytes = b"", *headers: str, status: str = "200 OK", length: bool = True) -> bytes:
    """A whole HTTP/1.1 answer. `headers` are lines such as "ETag: x"."""
    lines = [f"HTTP/1.1 {status}", *headers, *([f"Content-Length: {len(body)}"] if length else []), "Connection: close"]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    return response(b"", f"Location: {location}", status=status)


class Server:
    """Answers each path with fixed bytes, or with what a handler does to the socket. Remembers what it was asked."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, bytes | Handler] = {}
        self.asked: list[str] = []
        self.closing = threading.Event()
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept)]
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        with socket.create_connection(("127.0.0.1", self.port)):  # wakes the accepting thread
            pass
        for thread in self._threads:
            thread.join(timeout=5)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self.closing.is_set():
                connection.close()
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            connection.settimeout(5)
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            self._answer(connection)
        except OSError:  # the client hung up, which is what many tests want of it
            pass
        finally:
            connection.close()

    def _answer(self, connection: socket.socket) -> None:
        asked = b""
        while b"\r\n\r\n" not in asked:
            chunk = connection.recv(65_536)
            if not chunk:
                return
            asked += chunk
        self.asked.append(asked.decode("latin-1"))
        route = self.routes[asked.split(b" ")[1].decode("latin-1")]
        if callable(route):
            route(connection)
        else:
            connection.sendall(route)


class Net:
    """A resolver and a dialler for one server. Names are answered in turn from `names`; every number dialled is kept.

    A connection always goes to the server on loopback, so that no packet can leave the machine whatever is dialled.
    """

    def __init__(self, server: Server) -> None:
        self.port = server.port
        self.names: dict[str, list[list[str]]] = {}
        self.looked_up: list[str] = []
        self.dialled: list[tuple[str, int]] = []
        self.dead: set[str] = set()

    def resolve(self, host: str, port: int, **_: object) -> list[Any]:
        self.looked_up.append(host)
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        answers = self.names[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    def dial(self, address: tuple[str, int], timeout: float) -> socket.socket:
        self.dialled.append(address)
        if address[0] in self.dead:
            raise ConnectionRefusedError("nobody there")
        return socket.create_connection(("127.0.0.1", self.port), timeout)
