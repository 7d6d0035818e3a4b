"""Is this text a feed at all, and is it safe to hand to a feed parser?"""

import html
import re
from xml.parsers import expat

from forecasts.errors import UnreadableSource

MAX_ITEMS = 2_000
MAX_DEPTH = 200
SHOWN_TITLE = 80

_ITEM_NAMES = frozenset({"item", "entry"})
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,300}>\s*)?(?:<!--(?:(?!-->).){0,5000}-->\s*){0,5}<(!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)
_XML_START = re.compile(r"\A\s*<\?xml[^>]{0,300}\?>")
_TAG = re.compile(r"<(/?)([A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})")
_VOID = frozenset({"br", "hr", "img", "link", "meta", "input"})


def check_is_not_html(text: str) -> None:
    """Raises UnreadableSource with code `html`, naming the page's title."""
    if _HTML_START.match(text):
        raise UnreadableSource(f"expected RSS, Atom or JSON Feed; got HTML titled '{_title(text)}'", "html")


def safe_xml(text: str) -> bytes:
    """`text` as UTF-8 XML with a true declaration, after a first reading that keeps the caps.

    Raises UnreadableSource with code `entities`, `too_many_items` or `too_deep`.
    """
    xml = b'<?xml version="1.0" encoding="utf-8"?>' + _XML_START.sub("", text).lstrip().encode()
    try:
        _FirstReading().read(xml)
    except expat.ExpatError:
        # Feeds are often not well-formed, and the loose parser reads them. Count what it would see, more coarsely.
        _check_loosely(text)
    return xml


class _FirstReading:
    def __init__(self) -> None:
        self._items = self._depth = 0

    def read(self, xml: bytes) -> None:
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.EntityDeclHandler = self._entity
        parser.Parse(xml, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._items += name.rpartition(":")[2] in _ITEM_NAMES
        _check_caps(self._items, self._depth)

    def _end(self, name: str) -> None:
        self._depth -= 1

    def _entity(self, *declaration: object) -> None:
        raise _entities()


def _check_loosely(text: str) -> None:
    if "<!entity" in text.lower():
        raise _entities()
    items = depth = 0
    for match in _TAG.finditer(text):
        closing, name = match[1], match[3].lower()
        depth = max(depth - 1, 0) if closing else depth + (name not in _VOID)
        items += not closing and name in _ITEM_NAMES
        _check_caps(items, depth)


def _check_caps(items: int, depth: int) -> None:
    if items > MAX_ITEMS:
        raise UnreadableSource(
            f"the feed has more than {MAX_ITEMS:,} items; at most that many are read", "too_many_items"
        )
    if depth > MAX_DEPTH:
        raise UnreadableSource(f"the feed is nested more than {MAX_DEPTH} deep; at most that is read", "too_deep")


def _entities() -> UnreadableSource:
    return UnreadableSource("the feed declares entities of its own; feeds without them are read", "entities")


def _title(text: str) -> str:
    lower = text[:65_536].lower()
    start = lower.find("<title")
    end = lower.find("</title", start)
    title = text[start:end].partition(">")[2] if 0 <= start < end else ""
    return " ".join(html.unescape(title[:500]).split())[:SHOWN_TITLE] or "(no title)"
