"""A sitemap into items: its newest locations."""

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote, urlsplit

from forecasts.errors import UnreadableSource
from forecasts.evidence.plaintext import clean
from forecasts.evidence.sources.dates import instant
from forecasts.evidence.sources.feed.decode import decode
from forecasts.evidence.sources.feed.items import believable, make_item, web_link
from forecasts.evidence.sources.kind import Item, Reading
from forecasts.evidence.sources.sitemap.spec import SitemapSpec
from forecasts.evidence.sources.sitemap.unpack import unpack
from forecasts.evidence.sources.sitemap.xml import entries_of

MAX_ITEMS = 2_000
NAMED_CHILDREN = 5

_XML_START = re.compile(r"\A\s*<\?xml[^>]{0,300}\?>")
_HTML_START = re.compile(r"\A\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp|pdf)\Z", re.I)

_Entry = tuple[Mapping[str, str], str, datetime | None]  # the fields, the location as a safe link, the date


def read(
    body: bytes,
    media_type: str,
    spec: SitemapSpec,
    *,
    charset: str = "",
    url: str = "",
    now: datetime | None = None,
    before: str = "",
) -> Reading:
    """The newest 2,000 locations on the sitemap's own host, newest first. `before` makes no difference.

    Raises UnreadableSource with code `empty`, `html`, `not_a_sitemap`, `index`, `broken`, `entities`, `too_large`,
    `too_many_items`, `too_deep` or `too_complex`.
    """
    found = entries_of(_xml(unpack(body), media_type, charset))
    if found.is_index:
        raise _is_index([_location(entry, url) for entry in found.entries])
    return Reading.of([_item(entry, url, now) for entry in _newest(_own(found.entries, spec, url, now))])


def _xml(body: bytes, media_type: str, charset: str) -> bytes:
    """`body` as UTF-8 XML without a declaration, which may be a lie."""
    text = decode(body, charset).strip().lstrip("\ufeff")
    if not text:
        raise UnreadableSource("expected a sitemap; got an empty answer", "empty")
    if _HTML_START.match(text):
        raise UnreadableSource("expected a sitemap; got HTML", "html")
    if not text.startswith("<"):
        raise UnreadableSource(f"expected a sitemap; got {media_type or 'something'} that is no XML", "not_a_sitemap")
    return _XML_START.sub("", text).lstrip().encode()


def _is_index(children: list[str]) -> UnreadableSource:
    named = ", ".join([child for child in children if child][:NAMED_CHILDREN]) or "(it names none)"
    return UnreadableSource(f"this is an index of sitemaps; use one of those it names: {named}", "index")


def _own(entries: list[dict[str, str]], spec: SitemapSpec, url: str, now: datetime | None) -> list[_Entry]:
    host = urlsplit(url).hostname
    own: list[_Entry] = []
    for entry in entries:
        link = _location(entry, url)
        parts = urlsplit(link)
        if link and host in (None, parts.hostname) and (parts.path or "/").startswith(spec.path):
            own.append((entry, link, _date(entry, now)))
    return own


def _location(entry: Mapping[str, str], url: str) -> str:
    """An entry's location as a safe link; "" for none, which as a relative link would be the sitemap itself."""
    location = entry.get("loc", "").strip()
    return web_link(location, url) if location else ""


def _newest(entries: list[_Entry]) -> list[_Entry]:
    """At most 2,000, newest first; those without a date follow.

    Raises UnreadableSource when some without a date would be left out: one of them could be the newest.
    """
    dated = sorted((entry for entry in entries if entry[2]), key=lambda entry: str(entry[2]), reverse=True)
    if len(dated) < MAX_ITEMS < len(entries):
        raise UnreadableSource(
            f"the sitemap has {len(entries):,} locations and does not date them all, so that the newest"
            f" {MAX_ITEMS:,} cannot be told; give a path that fewer of them have",
            "too_many_items",
        )
    return [*dated, *(entry for entry in entries if not entry[2])][:MAX_ITEMS]


def _item(entry: _Entry, url: str, now: datetime | None) -> Item:
    fields, link, published_at = entry
    return make_item(
        guid=link,
        link=link,
        title=_line(fields.get("title", "")) or _readable(link),
        text=_line(fields.get("keywords", "")),
        published_at=published_at,
        url=url,
        now=now,
    )


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _readable(link: str) -> str:
    """The last segment of a path as words: /2026/ai-act-in-force.html is "ai act in force"."""
    parts = urlsplit(link)
    segment = parts.path.rstrip("/").rpartition("/")[2]
    return _line(re.sub(r"[-_+]+", " ", _ENDING.sub("", unquote(segment)))) or str(parts.hostname)


def _date(entry: Mapping[str, str], now: datetime | None) -> datetime | None:
    """In UTC. News say when they were published, other pages when they last changed. A day means its end, or now."""
    for text in (entry.get("publication_date", ""), entry.get("lastmod", "")):
        if found := believable(instant(text, now), now):
            return found
    return None
