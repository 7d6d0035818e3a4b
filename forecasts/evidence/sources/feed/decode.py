"""Bytes to text when the declared charset may be a lie."""

import codecs
import re

_MARKS = (  # longest first: the UTF-32 mark begins like the UTF-16 one
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})")
# Families of real charsets. Python also registers UTF-7 and escapes under "encodings": they could smuggle markup.
_TRUSTED = (
    "utf-8",
    "utf-16",
    "utf-32",
    "iso8859",
    "cp",
    "gb",
    "big5",
    "euc",
    "shift_jis",
    "koi8",
    "mac",
    "iso2022",
    "tis",
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def decode(body: bytes, charset: str) -> str:
    """`body` as text without characters that XML forbids; `charset` is what the transport said ("" when nothing).

    A byte order mark wins. Then UTF-8, whatever was declared: other charsets hardly ever form valid UTF-8 by chance.
    Then what the document and the transport declare. Windows-1252 last, with unreadable bytes replaced.
    """
    return _NOT_XML.sub("", _decode(body, charset))


def _decode(body: bytes, charset: str) -> str:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    declared = _DECLARED.match(body)
    candidates = [name for name in (declared[1].decode("ascii") if declared else "", charset) if _is_trusted(name)]
    # ISO-2022 text is all 7-bit and would pass for UTF-8; its escape byte gives it away.
    order = [*candidates, "utf-8"] if b"\x1b" in body else ["utf-8", *candidates]
    for encoding in order:
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("cp1252", "replace")


def _is_trusted(name: str) -> bool:
    try:
        return codecs.lookup(name).name.startswith(_TRUSTED)
    except LookupError:
        return False
