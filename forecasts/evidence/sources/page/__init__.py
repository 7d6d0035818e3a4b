"""The kind `page`: any web page, watched for what changes on it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from forecasts.evidence.sources.kind import Reading
from forecasts.evidence.sources.page.read import read
from forecasts.evidence.sources.page.spec import PageSpec

__all__ = ["KIND", "PageSpec", "read"]


class Page:
    name = "page"
    extractor = "page-1"

    def spec(self, data: Mapping[str, Any]) -> PageSpec:
        return PageSpec.from_dict(data)

    def read(
        self,
        body: bytes,
        media_type: str,
        spec: PageSpec,
        *,
        charset: str = "",
        url: str = "",
        now: datetime | None = None,
        before: str = "",
    ) -> Reading:
        return read(body, media_type, spec, charset=charset, url=url, now=now, before=before)


KIND = Page()
