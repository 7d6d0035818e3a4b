"""The kind `data_series`: dated figures in JSON or CSV, and the rule that reads an outcome from them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from forecasts.evidence.sources.data_series.decide import Decision, Print, Used, decide
from forecasts.evidence.sources.data_series.read import read
from forecasts.evidence.sources.data_series.rule import Rule, When
from forecasts.evidence.sources.data_series.spec import DataSeriesSpec
from forecasts.evidence.sources.kind import Reading, SourceKind

__all__ = ["KIND", "DataSeriesSpec", "Decision", "Print", "Rule", "Used", "When", "decide", "read"]


class DataSeries:
    name = "data_series"
    extractor = "data_series-1"

    def spec(self, data: Mapping[str, Any]) -> DataSeriesSpec:
        return DataSeriesSpec.from_dict(data)

    def read(
        self,
        body: bytes,
        media_type: str,
        spec: DataSeriesSpec,
        *,
        charset: str = "",
        url: str = "",
        now: datetime | None = None,
        before: str = "",
    ) -> Reading:
        return read(body, spec, charset=charset)


KIND: SourceKind = DataSeries()
