"""Read a feed into items."""

from datetime import datetime

from forecasts.errors import UnreadableSource
from forecasts.evidence.sources.feed import json_feed, xml_feed
from forecasts.evidence.sources.feed.decode import decode
from forecasts.evidence.sources.feed.guard import check_is_not_html, safe_xml
from forecasts.evidence.sources.feed.spec import FeedSpec
from forecasts.evidence.sources.kind import Item


def parse(
    body: bytes, media_type: str, spec: FeedSpec, *, charset: str = "", url: str = "", now: datetime | None = None
) -> tuple[Item, ...]:
    """The items of an RSS, Atom, RDF or JSON feed, in its order. A feed without items is fine and gives ().

    What the bytes are decides; `media_type` is only a hint, because servers often get it wrong.

    Raises UnreadableSource with code `empty`, `html`, `not_a_feed`, `broken`, `entities`, `too_many_items`, `too_deep`
    or `too_complex`.
    """
    text = decode(body, charset).strip().lstrip("\ufeff")
    if not text:
        raise UnreadableSource("expected RSS, Atom or JSON Feed; got an empty answer", "empty")
    check_is_not_html(text)
    if text.startswith(("{", "[")):
        return json_feed.read(text, spec, url, now)
    if not text.startswith("<"):
        kind = media_type or "something else"
        raise UnreadableSource(
            f"expected RSS, Atom or JSON Feed; got {kind} that is neither XML nor JSON", "not_a_feed"
        )
    return xml_feed.read(safe_xml(text), spec, url, now)
