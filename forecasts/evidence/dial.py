"""The one place that opens sockets: resolve once, check every answer, connect to the number that was checked.

Checking a name and then letting the client resolve it again is the classic hole (the answer may differ the second
time). Here the client never resolves: it hands us the host, we hand back a connection to a checked address. TLS still
uses the host's name, so SNI and certificate verification are unchanged.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore2

from forecasts.errors import FetchFailed, FetchRefused, FetchTooLarge
from forecasts.evidence.addresses import check_address

Resolve = Callable[..., list[Any]]
Dial = Callable[[tuple[str, int], float], socket.socket]

MAX_TRIED = 4


class Deadline:
    """What is left of the time for one fetch."""

    def __init__(self, url: str, seconds: float) -> None:
        self._url, self._seconds = url, seconds
        self._end = time.monotonic() + seconds

    def within(self, seconds: float | None) -> float:
        """The shorter of `seconds` and what is left. Raises FetchTooLarge with code `timeout` when nothing is."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left if seconds is None else min(left, seconds)

    def passed(self) -> FetchTooLarge:
        return FetchTooLarge(
            f"{self._url} was too slow; an answer is awaited for {self._seconds:g} s in all", "timeout"
        )


class GuardedBackend(httpcore2.NetworkBackend):
    """Connects to checked addresses only. `may_be_private` is true for hosts that an operator named."""

    def __init__(
        self, url: str, deadline: Deadline, resolve: Resolve, dial: Dial, *, is_literal: bool, may_be_private: bool
    ) -> None:
        self._url, self._deadline, self._resolve, self._dial = url, deadline, resolve, dial
        self._is_literal, self._may_be_private = is_literal, may_be_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = [host] if self._is_literal else self._look_up(host, port, timeout)
        self._check(addresses)
        for address in addresses[:MAX_TRIED]:
            try:
                sock = self._dial((address, port), self._deadline.within(timeout))
                return GuardedStream(self._url, address, sock, self._deadline)
            except OSError as error:
                failure = error
        if isinstance(failure, TimeoutError):
            raise self._deadline.passed() from failure
        raise FetchFailed(f"{self._url} cannot be connected to: {failure}", "connect") from failure

    def _check(self, addresses: list[str]) -> None:
        try:
            for address in addresses:
                check_address(address, private=self._may_be_private)
        except FetchRefused as error:
            raise FetchRefused(f"{self._url} is not read: {error.detail}", error.code) from None

    def _look_up(self, host: str, port: int, timeout: float | None) -> list[str]:
        """Every address of `host`, each once. Runs beside us, because getaddrinfo knows no time limit."""
        answers: list[Any] = []

        def ask() -> None:
            try:
                answers.append(self._resolve(host, port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                answers.append(error)

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(self._deadline.within(timeout))
        if not answers:
            raise self._deadline.passed()
        if isinstance(answers[0], Exception) or not answers[0]:
            raise FetchFailed(f"{self._url}: the name {host} has no address", "dns")
        return list(dict.fromkeys(str(answer[4][0]) for answer in answers[0]))


class GuardedStream(httpcore2.NetworkStream):
    """A socket whose every wait also ends with the deadline, so that a slow drip cannot hold us."""

    def __init__(self, url: str, ip: str, sock: socket.socket, deadline: Deadline) -> None:
        self._url, self._ip, self._sock, self._deadline = url, ip, sock, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            self._sock.settimeout(self._deadline.within(timeout))
            return self._sock.recv(max_bytes)
        except TimeoutError as error:
            raise self._deadline.passed() from error
        except OSError as error:
            raise FetchFailed(f"{self._url} broke the connection: {error}", "connect") from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._sock.settimeout(self._deadline.within(timeout))
            self._sock.sendall(buffer)
        except OSError as error:  # the client then reads what the server may have said before it hung up
            raise httpcore2.WriteError(error) from error

    def close(self) -> None:
        self._sock.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        try:
            self._sock.settimeout(self._deadline.within(timeout))
            secured = ssl_context.wrap_socket(self._sock, server_hostname=server_hostname)
            return GuardedStream(self._url, self._ip, secured, self._deadline)
        except TimeoutError as error:
            self.close()
            raise self._deadline.passed() from error
        except OSError as error:
            self.close()
            raise FetchFailed(f"{self._url} offers no trustworthy TLS connection: {error}", "tls") from error

    def get_extra_info(self, info: str) -> Any:
        if info == "ip":  # the number that was checked; asking the socket fails once the server has hung up
            return self._ip
        return self._sock if info == "ssl_object" and isinstance(self._sock, ssl.SSLSocket) else None
