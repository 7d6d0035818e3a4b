"""What arrives when an article is pasted or uploaded: text or HTML, sound or damaged, as one text of plain lines."""

import datetime as dt
import re
from dataclasses import dataclass
from html.parser import HTMLParser

from forecasts.errors import Refused
from forecasts.language.repair import decode, refuse_nul, repair

LONGEST_ARTICLE = 500_000
PUBLISHER_LINE = "Read original on"
LINK = re.compile(r"https?://[^\s<>\"]+")

_MARKUP = re.compile(r"<(?:!doctype|html|body|main|article|section|div|p|h[1-6]|ul|li|br)\b", re.IGNORECASE)
_BLOCK = re.compile(
    r"address|article|aside|blockquote|body|br|d[dlt]|div|fig\w+|footer|form|h[1-6r]|header|html|li|main|nav|[ou]l|p|pre|"
    r"section|t(?:able|[dhr])"
)
# html.parser needs quadratic time and more for tags and comments that never close: they are taken out before it.
_DECLARATION = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^>]*(?:>|\Z)", re.DOTALL)
_UNCLOSED = re.compile(r"<(?![^<>]*>)")
_UNSEEN = frozenset(("script", "style", "title", "template", "noscript"))
_TOLD = {
    "og:title": "title",
    "og:site_name": "publisher",
    "og:url": "url",
    "article:published_time": "published",
    "date": "published",
}


@dataclass(frozen=True)
class Page:
    """`text` after repair, lines ending in \\n; what HTML says of itself, "" or None where it says nothing.

    `original` is the address behind "Read original on"; `markup` says that it came as HTML.
    """

    text: str
    repaired_runs: int
    markup: bool
    original: str = ""
    title: str = ""
    publisher: str = ""
    url: str = ""
    published_at: dt.datetime | None = None


class _Reader(HTMLParser):
    """The visible text of HTML, one line for each block, and what the page tells of itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.original = ""
        self.told: dict[str, str] = {}
        self._href = ""
        self._unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen = tag
        elif _BLOCK.fullmatch(tag):
            self.pieces.append("\n")
        elif tag == "a":
            self._href = dict(attrs).get("href") or ""
        elif tag in ("meta", "link"):
            self._note({name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""
        elif _BLOCK.fullmatch(tag):
            self.pieces.append("\n")
        elif tag == "a":
            self._href = ""

    def handle_data(self, data: str) -> None:
        if self._unseen:
            if self._unseen == "title":
                self.told.setdefault("title", data)
            return
        self.pieces.append(re.sub(r"[ \t\r\n\f]+", " ", data))
        if PUBLISHER_LINE in data and LINK.fullmatch(self._href):
            self.original = self._href

    def _note(self, given: dict[str, str]) -> None:
        name = _TOLD.get((given.get("property") or given.get("name") or "").lower(), "")
        if name and given.get("content"):
            self.told[name] = given["content"]
        elif given.get("rel", "").lower() == "canonical":
            self.told.setdefault("url", given.get("href", ""))


def read_page(data: bytes | str) -> Page:
    """Bytes of UTF-8 or text as a page. Raises Refused for other encodings, NUL and what is too long."""
    raw = decode(data) if isinstance(data, bytes) else refuse_nul(data)
    raw = plain_lines(raw)
    if len(raw) > LONGEST_ARTICLE:
        raise Refused("article", f"{len(raw)} characters", f"an article has at most {LONGEST_ARTICLE}")
    if _MARKUP.search(raw) is None:
        repaired = repair(raw)
        return Page(repaired.text, repaired.runs, markup=False)
    reader = _Reader()
    reader.feed(_UNCLOSED.sub("&lt;", _DECLARATION.sub(" ", raw)))
    reader.close()
    repaired = repair(refuse_nul("".join(reader.pieces)).strip())
    told = {name: " ".join(repair(value).text.split()) for name, value in reader.told.items()}
    return Page(
        repaired.text,
        repaired.runs,
        markup=True,
        original=reader.original,
        title=told.get("title", ""),
        publisher=told.get("publisher", ""),
        url=told.get("url", "") if LINK.fullmatch(told.get("url", "")) else "",
        published_at=_moment(told.get("published", "")),
    )


def plain_lines(text: str) -> str:
    """The same whether a form or a file brought it: lines end in \\n, and no margin stands around them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _moment(text: str) -> dt.datetime | None:
    """An ISO date or time; without a zone it is taken as UTC."""
    try:
        found = dt.datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC).replace(microsecond=0)
    except (ValueError, OverflowError):  # a zone may reach beyond the first and the last year
        return None
