"""Reading the body of a request: JSON as the standard has it, or a JSON object a line, no larger than is said."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from django.http import HttpRequest
from rest_framework.exceptions import UnsupportedMediaType

from forecasts.errors import Refused, TooLarge

JSON, NDJSON = "application/json", "application/x-ndjson"
FIELD = "body"
DEEPEST = 8
SURROGATES = ("\ud800", "\udfff")


@dataclass(frozen=True)
class Body:
    """`raw` as it came, of type `media_type`."""

    raw: bytes
    media_type: str

    def value(self) -> Any:
        """The one JSON value that it holds."""
        return _clean(_loaded(self._text(), FIELD))

    def rows(self) -> list[Any]:
        """The elements of its JSON array, or its lines."""
        if self.media_type == NDJSON:
            lines = self._text().split("\n")
            return [_clean(_loaded(line, f"line {number}")) for number, line in enumerate(lines, 1) if line.strip()]
        rows = self.value()
        if not isinstance(rows, list):
            raise Refused(FIELD, type(rows).__name__, f"give a JSON array, or {NDJSON} with an object a line")
        return rows

    def _text(self) -> str:
        try:
            return self.raw.decode()
        except UnicodeDecodeError as error:
            raise Refused(FIELD, self.raw[error.start : error.start + 8], "give UTF-8") from None


def read_body(request: HttpRequest, accepted: Iterable[str], most: int) -> Body:
    """The body of `request`, of an accepted type and at most `most` bytes; what is larger is not read."""
    media_type = (request.content_type or "").lower()
    charset = (request.content_params or {}).get("charset", "utf-8")
    encoding = request.headers.get("Content-Encoding", "identity")
    if media_type not in accepted or charset.lower() not in ("utf-8", "utf8") or encoding.lower() != "identity":
        raise UnsupportedMediaType(request.META.get("CONTENT_TYPE", ""))
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > most:
        raise TooLarge(FIELD, f"{length} bytes", f"send at most {most} bytes")
    raw = request.read(most + 1)
    if len(raw) > most:
        raise TooLarge(FIELD, f"more than {most} bytes", f"send at most {most} bytes")
    return Body(raw, media_type)


def _loaded(text: str, where: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except Refused:
        raise
    except RecursionError:
        raise Refused(where, text[:80], f"nest at most {DEEPEST} deep") from None
    except ValueError as error:
        raise Refused(where, text[:80], f"give JSON: {error}") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(twice, "given twice", "give each field once")
    return found


def _constant(name: str) -> NoReturn:
    raise Refused(FIELD, name, "give JSON, which knows no such number")


def _clean(value: Any, depth: int = 0) -> Any:
    """`value`, refused where it nests too deep or holds text that no database takes."""
    if isinstance(value, str):
        if "\0" in value or (not value.isprintable() and _has_half(value)):
            raise Refused(FIELD, ascii(value[:40]), "give text without NUL and without halves of characters")
    elif isinstance(value, dict | list):
        if depth == DEEPEST:
            raise Refused(FIELD, "…", f"nest at most {DEEPEST} deep")
        for item in value.items() if isinstance(value, dict) else value:
            if isinstance(item, tuple):
                _clean(item[0], depth)
                item = item[1]
            _clean(item, depth + 1)
    return value


def _has_half(text: str) -> bool:
    first, last = SURROGATES
    return any(first <= letter <= last for letter in text)
