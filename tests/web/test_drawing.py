"""Shapes and table rows as markup: what a filter writes, whatever the text."""

import datetime as dt

import pytest
from django.template import Context
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from forecasts.charts.shapes import Bar, Dot, Label, Line
from forecasts.queries.rows import PredictionRow
from forecasts.templatetags.drawing import cells, drawn, lines

HOSTILE = "</text><script>alert('1')</script>"
ESCAPED = "&lt;/text&gt;&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;"


@pytest.mark.parametrize(
    ("shape", "svg"),
    [
        (Line("1", "2", "3", "4"), '<line x1="1" y1="2" x2="3" y2="4"/>'),
        (Dot("1", "2", "3"), '<circle cx="1" cy="2" r="3"/>'),
        (Bar("1", "2", "3", "4"), '<rect x="1" y="2" width="3" height="4"/>'),
        (Label("1", "2", "70 %"), '<text x="1" y="2" text-anchor="middle" dy="0.34em">70 %</text>'),
        (
            Label("1", "2", "over", "end", "under"),
            (
                '<text x="1" y="2" text-anchor="end" dy="0.34em"><tspan class="chart-over">over</tspan>'
                '<tspan class="chart-under" x="1" dy="1.15em">under</tspan></text>'
            ),
        ),
    ],
)
def test_a_shape_is_drawn(shape: Line | Dot | Bar | Label, svg: str) -> None:
    assert drawn(shape) == svg
    assert drawn([shape, shape]) == svg * 2


def test_nothing_is_drawn_of_nothing() -> None:
    assert drawn(None) == drawn(()) == ""


def test_hostile_text_stays_text() -> None:
    assert ESCAPED in drawn(Label("1", "2", HOSTILE))
    assert drawn(Label("1", "2", "x", "middle", HOSTILE)).count(ESCAPED) == 1
    assert drawn(Line('1"', "2", "3", "4")).startswith('<line x1="1&quot;"')
    assert cells([HOSTILE, HOSTILE]) == f'<th scope="row">{ESCAPED}</th><td>{ESCAPED}</td>'


def test_a_cell_may_be_markup_a_number_or_a_lazy_word() -> None:
    with override("de"):
        row = cells([mark_safe("<time>then</time>"), 1234, gettext_lazy("None.")])
    assert row == '<th scope="row"><time>then</time></th><td>1234</td><td>None.</td>'


@pytest.mark.parametrize("is_about_one", [False, True])
def test_a_line_of_a_list_holds_hostile_text_as_text(is_about_one: bool) -> None:
    at = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
    row = PredictionRow(
        "slug", HOSTILE, "multiple_choice", HOSTILE, HOSTILE, at, at, at, None, HOSTILE, HOSTILE, corrected=True
    )
    written = lines(Context({"hide_forecaster": is_about_one}), [row, row])
    assert "<script" not in written
    assert written.count(ESCAPED) == 8  # statement, forecast, state and its words, twice; the name is cut
    assert written.count("<small") == (0 if is_about_one else 2)
    assert (
        '<span>resolved early, counts from <time datetime="2026-03-09T00:00:00Z">9 March 2026</time></span>' in written
    )
    assert written.count("<span>corrected</span>") == 2


def test_a_line_without_a_forecast_has_a_dash() -> None:
    row = PredictionRow(
        "slug", "It will.", "binary", "open", "Still open", None, None, None, None, "", "", corrected=False
    )
    assert '<span class="value"><bdi>–</bdi></span>' in lines(Context(), [row])
