"""Is this text a feed at all, and is it safe to hand to a feed parser?"""

import html
import re
from typing import NoReturn
from xml.parsers import expat

from forecasts.errors import UnreadableSource

MAX_ITEMS = 2_000
MAX_DEPTH = 200
# The parsers take about 40 µs for an element and, when the XML is broken, 10 µs for a stray mark.
MAX_ELEMENTS = 100_000
MAX_MARKS = 500_000
MAX_ATTRIBUTES = 100  # feedparser takes quadratic time over the attributes of one element
MAX_TAG = 20_000
SHOWN_TITLE = 80

_ITEM_NAMES = frozenset({"item", "entry"})
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,300}>\s*)?(?:<!--(?:(?!-->).){0,5000}-->\s*){0,5}<(!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)
_XML_START = re.compile(r"\A\s*<\?xml[^>]{0,300}\?>")
_TAG = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|<(?P<end>/?)(?:[A-Za-z_][\w.-]{0,60}:)?(?P<name>[A-Za-z_][\w.-]{0,60})[^<>]*?(?P<alone>/?)(?:>|(?=<)|\Z)",
    re.DOTALL,
)
_VOID = frozenset({"br", "hr", "img", "link", "meta", "input"})


def check_is_not_html(text: str) -> None:
    """Raises UnreadableSource with code `html`, naming the page's title."""
    if _HTML_START.match(text):
        raise UnreadableSource(f"expected RSS, Atom or JSON Feed; got HTML titled '{_title(text)}'", "html")


def safe_xml(text: str) -> bytes:
    """`text` as UTF-8 XML with a true declaration, after a first reading that keeps the caps.

    Raises UnreadableSource with code `entities`, `too_many_items`, `too_deep` or `too_complex`.
    """
    xml = b'<?xml version="1.0" encoding="utf-8"?>' + _XML_START.sub("", text).lstrip().encode()
    try:
        _read_strictly(xml)
    except expat.ExpatError:
        # Feeds are often not well-formed, and the loose parser reads them. Count what it would see, more coarsely.
        _read_loosely(text)
    return xml


def _read_strictly(xml: bytes) -> None:
    caps = _Caps()
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = lambda name, attributes: caps.open(name, len(attributes) > MAX_ATTRIBUTES)
    parser.EndElementHandler = lambda _: caps.close()
    parser.EntityDeclHandler = _refuse_entity
    parser.Parse(xml, True)


def _read_loosely(text: str) -> None:
    if "<!entity" in text.lower():
        _refuse_entity()
    if text.count("<") + text.count("&") > MAX_MARKS:
        raise _too_complex()
    caps = _Caps()
    for match in _TAG.finditer(text):
        end, name, alone = match["end"], match["name"], match["alone"]
        if name and not end:
            caps.open(name.lower(), len(match[0]) > MAX_TAG)
        if name and (end or alone or name.lower() in _VOID):
            caps.close()


class _Caps:
    """Counts what a parser will see and stops where a cap is passed."""

    def __init__(self) -> None:
        self._items = self._depth = self._elements = 0

    def open(self, name: str, is_heavy: bool) -> None:
        self._depth += 1
        self._elements += 1
        self._items += name.rpartition(":")[2] in _ITEM_NAMES
        if self._items > MAX_ITEMS:
            raise UnreadableSource(f"the feed has over {MAX_ITEMS:,} items; at most that is read", "too_many_items")
        if self._depth > MAX_DEPTH:
            raise UnreadableSource(f"the feed is nested over {MAX_DEPTH} deep; at most that is read", "too_deep")
        if is_heavy or self._elements > MAX_ELEMENTS:
            raise _too_complex()

    def close(self) -> None:
        self._depth = max(self._depth - 1, 0)


def _too_complex() -> UnreadableSource:
    return UnreadableSource(
        f"the feed has too much markup; at most {MAX_ELEMENTS:,} elements with {MAX_ATTRIBUTES} attributes are read",
        "too_complex",
    )


def _refuse_entity(*declaration: object) -> NoReturn:
    raise UnreadableSource("the feed declares entities of its own; feeds without them are read", "entities")


def _title(text: str) -> str:
    lower = text[:65_536].lower()
    start = lower.find("<title")
    end = lower.find("</title", start)
    title = text[start:end].partition(">")[2] if 0 <= start < end else ""
    return " ".join(html.unescape(title[:500]).split())[:SHOWN_TITLE] or "(no title)"
