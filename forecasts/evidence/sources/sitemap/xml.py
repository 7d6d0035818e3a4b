"""The entries of a sitemap in one pass, without building a tree."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from forecasts.errors import UnreadableSource

MAX_URLS = 50_000
MAX_DEPTH = 20
MAX_ELEMENTS = 1_000_000
MAX_FIELD = 5_000

ROOTS = {"urlset": "url", "sitemapindex": "sitemap"}
FIELDS = frozenset({"loc", "lastmod", "title", "publication_date", "keywords"})
_NEWS = "news"


@dataclass(frozen=True)
class Sitemap:
    """`entries` hold the fields loc, lastmod, title, publication_date and keywords, those that are there."""

    is_index: bool
    entries: list[dict[str, str]] = field(default_factory=list)


def entries_of(xml: bytes) -> Sitemap:
    """What UTF-8 `xml` lists.

    Raises UnreadableSource with code `not_a_sitemap`, `broken`, `entities`, `too_many_items`, `too_deep` or
    `too_complex`.
    """
    target = _Target()
    parser = DefusedXMLParser(target=target, encoding="utf-8", forbid_entities=True, forbid_external=True)
    try:
        parser.feed(xml)
        parser.close()
    except DefusedXmlException:
        raise UnreadableSource(
            "the sitemap declares entities of its own; sitemaps without them are read", "entities"
        ) from None
    except ParseError as error:
        raise UnreadableSource(f"the sitemap is too broken to be read: {error}", "broken") from None
    return Sitemap(target.root == "sitemapindex", target.entries)


class _Target:
    """What the parser tells of elements; keeps the fields and stops where a cap is passed."""

    def __init__(self) -> None:
        self.root = ""
        self.entries: list[dict[str, str]] = []
        self._path: list[str] = []
        self._elements = self._length = 0
        self._text: list[str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2]
        self._elements += 1
        self._path.append(name)
        depth = len(self._path)
        if depth == 1:
            self._begin(name)
        if depth > MAX_DEPTH:
            raise UnreadableSource(f"the sitemap is nested over {MAX_DEPTH} deep; at most that is read", "too_deep")
        if self._elements > MAX_ELEMENTS:
            raise UnreadableSource(f"the sitemap has over {MAX_ELEMENTS:,} elements", "too_complex")
        if depth == 2 and name == ROOTS[self.root]:
            self._add()
        self._text = [] if name in FIELDS and self._is_in_entry() else None
        self._length = 0

    def data(self, text: str) -> None:
        if self._text is not None and self._length < MAX_FIELD:
            self._text.append(text)
            self._length += len(text)

    def end(self, tag: str) -> None:
        if self._text is not None:
            self.entries[-1].setdefault(self._path[-1], "".join(self._text)[:MAX_FIELD])
        self._text = None
        self._path.pop()

    def close(self) -> None:
        """Part of what a parser expects of its target."""

    def _begin(self, name: str) -> None:
        if name not in ROOTS:
            raise UnreadableSource(f"expected a sitemap; got XML that begins with <{name[:80]}>", "not_a_sitemap")
        self.root = name

    def _add(self) -> None:
        if len(self.entries) == MAX_URLS:
            raise UnreadableSource(f"the sitemap has over {MAX_URLS:,} entries, against its rules", "too_many_items")
        self.entries.append({})

    def _is_in_entry(self) -> bool:
        """Whether the newest element is a field of an entry or of its news; images and videos have titles too."""
        above = self._path[1:-1]
        return above in ([ROOTS[self.root]], [ROOTS[self.root], _NEWS])
