"""Give damaged text its symbols back: UTF-8 bytes once read as a Thai page and saved again.

The damage maps byte 0x80-0x9F to its windows-1252 character and byte 0xA0-0xFF to its ISO-8859-11 one, so that
"•" (E2 80 A2) becomes "โ€ข". The five bytes that windows-1252 leaves undefined (81, 8D, 8F, 90, 9D) arrive as C1
controls or not at all; a symbol that lost a byte cannot be given back and stays as it is.

Only what cannot be sound text is touched: "โ" is a Thai vowel that a consonant must follow, and here a windows-1252
character follows it; "๐" is the digit zero, and here "Ÿ" follows it. All-Thai runs are left alone, since they may be
Thai.
"""

import re
from dataclasses import dataclass

from forecasts.errors import Refused

ACCEPTED = "save the text as UTF-8, with or without a byte order mark"

# Symbols that articles use. Enclosed letters, box drawing and blocks (U+2460-259F) are left out: a quoted Thai "โ"
# before a consonant would encode to one of them.
PLAUSIBLE = (
    (0x200D, 0x200D),
    (0x2010, 0x2027),
    (0x2030, 0x205E),
    (0x20A0, 0x245F),
    (0x25A0, 0x27BF),
    (0x1F000, 0x1FAFF),
)

BYTE_ORDER_MARKS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


def _character(byte: int) -> str:
    """What the damage made of one byte; "" where the code pages define nothing."""
    page = "cp1252" if byte < 0xA0 else "iso8859_11"
    fallback = chr(byte) if byte < 0xA0 else ""
    return bytes([byte]).decode(page, errors="ignore") or fallback


BYTE_OF = {_character(byte): byte for byte in range(0x80, 0x100) if _character(byte)}


def _class(first: int, last: int) -> str:
    return "[" + "".join(re.escape(_character(byte)) for byte in range(first, last + 1)) + "]"


_DAMAGED_RUN = re.compile(
    f"(?:{_character(0xE2)}{_class(0x80, 0x9F)}{_class(0x80, 0xBF)}"
    f"|{_character(0xF0)}{_character(0x9F)}{_class(0x80, 0xBF)}{{2}})+"
)


@dataclass(frozen=True)
class Repaired:
    """The text with its symbols back, and how many damaged runs were replaced."""

    text: str
    runs: int


def decode(data: bytes) -> str:
    """Bytes of UTF-8, with or without a byte order mark, as text. Raises Refused naming what was found instead."""
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            raise Refused("article", f"{name} text", ACCEPTED)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("article", f"byte 0x{data[error.start]:02X} at position {error.start}", ACCEPTED) from error
    return refuse_nul(text)


def refuse_nul(text: str) -> str:
    """The text itself. Raises Refused when a NUL shows that it is no text (and no database would keep it)."""
    if "\0" in text:
        raise Refused("article", f"a NUL character at position {text.index(chr(0))}", ACCEPTED)
    return text


def repair(text: str) -> Repaired:
    """Replace every damaged run that re-encodes to plausible symbols; everything else is unchanged."""
    runs = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal runs
        symbols = bytes(BYTE_OF[character] for character in match.group()).decode()
        if not all(any(first <= ord(symbol) <= last for first, last in PLAUSIBLE) for symbol in symbols):
            return match.group()
        runs += 1
        return symbols

    return Repaired(_DAMAGED_RUN.sub(replace, text), runs)
