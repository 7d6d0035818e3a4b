"""What the spec of a source may say, beside its field: the keys of each kind, and an example."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from forecasts.models import SourceKind

Keys = Mapping[str, str]

SPECS: Mapping[str, tuple[Keys, Mapping[str, Any]]] = {
    "feed": (
        {"text": "what is read below each title: content, summary, or title for nothing"},
        {"text": "summary"},
    ),
    "page": (
        {
            "select": "a CSS selector of what is watched; without it the main text",
            "drop": "CSS selectors of what is left out",
            "ignore": "a line that contains one of these is left out",
        },
        {"select": "#main", "drop": [".comments"], "ignore": ["visitors today"]},
    ),
    "sitemap": ({"path": "only locations whose path starts so"}, {"path": "/news/"}),
    "data_series": (
        {
            "format": "json or csv; needed",
            "freq": "how long a period is: day, week, month, quarter or year; needed",
            "select": "a JMESPath expression to the list of values",
            "date": "the key or column of the period",
            "value": "the key or column of the value",
            "delimiter": "what parts the columns of CSV",
            "date_label": "the day of its period that a date names: period_start, period_end or as_of",
            "tz": "the zone in which an instant becomes a day",
            "unit": "what may stand beside the numbers",
            "decimal": "the decimal mark of numbers given as text",
            "thousands": "the mark between thousands",
            "decimals": "values are kept with so many",
        },
        {"format": "csv", "freq": "month", "date": "Month", "value": "Rate", "unit": "%"},
    ),
    "market": (
        {
            "probability": "a JMESPath expression to the price; needed",
            "scale": "what stands for certainty: 1 or 100",
            "outcome": "a JMESPath expression to the outcome, once there is one",
            "yes": "what it gives for yes",
            "no": "what it gives for no",
            "closed": "an expression: true, or a word such as closed, once the outcome may be believed",
        },
        {"probability": "probability", "outcome": "resolution", "yes": ["YES"], "no": ["NO"], "closed": "isResolved"},
    ),
}


def spec_help() -> SafeString:
    """One fold for each kind."""
    return format_html_join("", "{}", ((_fold(SourceKind(kind)),) for kind in SPECS))


def _fold(kind: SourceKind) -> SafeString:
    keys, example = SPECS[kind]
    return format_html(
        '<details class="spec-help"><summary>{}</summary><dl>{}</dl><p>Such as <code>{}</code></p></details>',
        kind.label.capitalize(),
        format_html_join("", "<dt><code>{}</code></dt><dd>{}</dd>", keys.items()),
        json.dumps(example),
    )
