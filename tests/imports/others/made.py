"""Small files of our own, and short words for what a parser made of them."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import pytest

from forecasts.actions.imported import Import, ImportedForecast, ImportedPrediction
from forecasts.errors import Refused


def table(rows: Iterable[Mapping[str, object]]) -> bytes:
    """A table in CSV; the columns are those of the first row."""
    given = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(given[0]))
    writer.writeheader()
    writer.writerows(given)
    return out.getvalue().encode()


def document(content: object) -> bytes:
    return json.dumps(content).encode()


def said(found: Import) -> list[ImportedForecast]:
    return [forecast for question in found.predictions for forecast in question.forecasts]


def only(found: Import) -> ImportedPrediction:
    (question,) = found.predictions
    return question


def reasons(found: Import) -> list[tuple[int, str, str]]:
    """Row, field and value of each refusal."""
    return [(row.row, row.field, row.value) for row in found.refused]


def refuses(field: str, accepted: str) -> AbstractContextManager[Any]:
    """The whole file is refused in one sentence that names `field` and says `accepted`."""
    return pytest.raises(Refused, match=rf"(?s)^{field}: .* is not accepted; .*{accepted}")
