"""A mail server on loopback that keeps what it takes, and refuses whom a test says."""

import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


@dataclass
class Mailbox:
    port: int
    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refused: Mapping[str, bytes] = field(default_factory=dict)

    def recipients(self) -> list[str]:
        return [recipient for recipient, _ in self.mails]


@contextmanager
def mailbox(**refused: bytes) -> Iterator[Mailbox]:
    """SMTP as far as a client needs it. `refused` are answers to recipients, by the part before their @."""
    box = Mailbox(0, refused=refused)

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 mail.test\r\n")
            recipient = ""
            for line in self.rfile:
                word = line[:4].upper().strip()
                answer = b"250 fine"
                if word == b"RCPT":
                    recipient = line.partition(b"<")[2].partition(b">")[0].decode()
                    answer = box.refused.get(recipient.partition("@")[0], answer)
                elif word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    raw = b"".join(iter(self.rfile.readline, b".\r\n"))
                    mail: Any = message_from_bytes(raw, policy=policy.default)
                    box.mails.append((recipient, mail))
                self.wfile.write(answer + b"\r\n")
                if word == b"QUIT":
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield box
        server.shutdown()
        thread.join()
