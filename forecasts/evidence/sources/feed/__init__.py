"""The kind `feed`: RSS, Atom, RDF and JSON Feed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from forecasts.evidence.sources.feed.parse import parse
from forecasts.evidence.sources.feed.spec import FeedSpec
from forecasts.evidence.sources.kind import Reading

__all__ = ["KIND", "FeedSpec", "parse"]


class Feed:
    name = "feed"
    extractor = "feed-1"

    def spec(self, data: Mapping[str, Any]) -> FeedSpec:
        return FeedSpec.from_dict(data)

    def read(
        self,
        body: bytes,
        media_type: str,
        spec: FeedSpec,
        *,
        charset: str = "",
        url: str = "",
        now: datetime | None = None,
        before: str = "",
    ) -> Reading:
        return Reading.of(parse(body, media_type, spec, charset=charset, url=url, now=now))


KIND = Feed()
