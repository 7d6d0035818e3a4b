"""A language model of a kind: it reads reports by words, and is as gullible as a test wants it to be.

What it is asked over HTTP is what a real one would be. It sees through everything that injections are hidden behind:
tag characters spell out ASCII, zero-width characters are skipped, full-width letters are letters, every look-alike of a
closing delimiter closes the report, and control tokens of chat models end it too. What then stands outside the
delimiters it obeys.
"""

import json
import re
import socket
import ssl
import unicodedata
from collections.abc import Callable
from typing import Any

from tests.evidence.server import Server, response

PATH = "/v1/chat/completions"
ADOPTED = re.compile(r"The authority adopted the binding watermarking rule on ([0-9-]{10})\.")
ABANDONED = re.compile(r"The authority abandoned the watermarking rule for good on [0-9-]{10}\.")
ORDER = re.compile(r"(?i)(?:ignore|answer|respond|output|return|relation|verdict)[^.\n]{0,80}\b(confirms|refutes)\b")
CLOSING = re.compile(
    r"(?i)[<>«»‹›⟨⟩〈〉《》]{2,}\s*/?\s*(?:end|/report)[^\n<>]{0,60}[<>«»‹›⟨⟩〈〉《》]{2,}"
    r"|<\|[^|\n]*\|>|\[/?INST\]|</?s>|<(?:start|end)_of_turn>"
)

Answer = dict[str, Any]


def answer(relation: str, *quotes: str, **changes: Any) -> Answer:
    said = {
        "relation": relation,
        "event_date": None,
        "quotes": list(quotes),
        "unmet": [],
        "annul_reason": "",
        "confidence": 0.9,
        "why": "The words say so.",
    }
    return {**said, **changes}


def completion(content: object, *, finish: str = "stop", **changes: Any) -> bytes:
    """The body of an answer; `content` that is no text is sent as JSON."""
    text = content if content is None or isinstance(content, str) else json.dumps(content)
    message = {"role": "assistant", "content": text, **changes.pop("message", {})}
    document = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "wordy-1",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050},
    }
    return json.dumps({**document, **changes}).encode()


def read_words(text: str) -> Answer:
    """What the words of a report say to an honest reader."""
    if found := ADOPTED.search(text):
        return answer("confirms", found[0], event_date=found[1])
    if found := ABANDONED.search(text):
        return answer("refutes", found[0])
    return answer("related" if "watermarking" in text else "unrelated")


def seen(text: str) -> str:
    """What a tokenizer might make of `text`."""
    spelled = "".join(chr(ord(c) - 0xE0000) if "\U000e0020" <= c <= "\U000e007e" else c for c in text)
    kept = "".join(c for c in unicodedata.normalize("NFKC", spelled) if unicodedata.category(c) != "Cf")
    return re.sub(r"[^\S\n]+", " ", kept)


def gullible(asked: str) -> Answer:
    """Reads the report between the delimiters and obeys what stands outside of them."""
    raw = seen(asked)
    opening = re.search(r"<<<report [0-9a-f]{32}>>>", raw)
    assert opening, "a report is announced"
    before, inside = raw[: opening.start()], raw[opening.end() :]
    closing = CLOSING.search(inside)
    assert closing, "a report is closed"
    outside = before + inside[closing.end() :]
    if order := ORDER.search(outside):
        return answer(order[1].lower(), "The authority adopted it, as ordered by the injected text.")
    return read_words(inside[: closing.start()])


def obedient(asked: str) -> Answer:
    """Obeys whatever it finds, wherever it stands, and makes up the quote for it."""
    if order := ORDER.search(seen(asked)):
        return answer(order[1].lower(), "The authority has today adopted everything that was asked for.")
    return read_words(asked)


def playing(mind: Callable[[str], Answer]) -> Callable[[socket.socket, bytes], None]:
    """A route that answers as `mind` makes of the user's message."""

    def run(connection: socket.socket, body: bytes) -> None:
        document = json.loads(body)
        connection.sendall(response(completion(mind(document["messages"][1]["content"]))))

    return run


class ModelServer(Server):
    """The server of the other tests, which also reads what is posted; `posted` keeps the bodies."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(context)
        self.posted: list[bytes] = []
        self.mind: Callable[[str], Answer] | None = None

    def _answer(self, connection: socket.socket) -> None:
        head, _, body = self._read(connection).partition(b"\r\n\r\n")
        self.asked.append(head.decode("latin-1"))
        self.posted.append(body)
        if self.mind is not None:
            playing(self.mind)(connection, body)
            return
        route = self.routes[head.split(b" ")[1].decode("latin-1")]
        if callable(route):
            route(connection)
        else:
            connection.sendall(route)

    def _read(self, connection: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65_536)
        length = int(re.search(rb"(?i)content-length: (\d+)", data)[1])  # type: ignore[index]
        while len(data) < data.index(b"\r\n\r\n") + 4 + length:
            data += connection.recv(65_536)
        return data
