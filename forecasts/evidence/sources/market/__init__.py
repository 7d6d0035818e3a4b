"""The kind `market`: the public JSON of a prediction market, its probability and what it says of the outcome."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from forecasts.evidence.sources.kind import Reading, SourceKind
from forecasts.evidence.sources.market.read import read
from forecasts.evidence.sources.market.spec import MarketSpec

__all__ = ["KIND", "MarketSpec", "read"]


class Market:
    name = "market"
    extractor = "market-1"

    def spec(self, data: Mapping[str, Any]) -> MarketSpec:
        return MarketSpec.from_dict(data)

    def read(
        self,
        body: bytes,
        media_type: str,
        spec: MarketSpec,
        *,
        charset: str = "",
        url: str = "",
        now: datetime | None = None,
        before: str = "",
    ) -> Reading:
        return read(body, spec, charset=charset, url=url, now=now, before=before)


KIND: SourceKind = Market()
