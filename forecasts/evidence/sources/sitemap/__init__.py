"""The kind `sitemap`: news sitemaps and plain ones."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from forecasts.evidence.sources.kind import Reading
from forecasts.evidence.sources.sitemap.read import read
from forecasts.evidence.sources.sitemap.spec import SitemapSpec

__all__ = ["KIND", "SitemapSpec", "read"]


class Sitemap:
    name = "sitemap"
    extractor = "sitemap-1"

    def spec(self, data: Mapping[str, Any]) -> SitemapSpec:
        return SitemapSpec.from_dict(data)

    def read(
        self,
        body: bytes,
        media_type: str,
        spec: SitemapSpec,
        *,
        charset: str = "",
        url: str = "",
        now: datetime | None = None,
        before: str = "",
    ) -> Reading:
        return read(body, media_type, spec, charset=charset, url=url, now=now, before=before)


KIND = Sitemap()
